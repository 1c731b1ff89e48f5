// Claim: for_each_part calls its work once for each part, whatever the number of threads, and hands on what it throws.
// Oracle: counters. Shared: nothing.

#include <gtest/gtest.h>

#include <atomic>
#include <halfulp/lib/kernel/parallel.hpp>
#include <stdexcept>
#include <vector>

namespace halfulp::test {
namespace {

TEST(ForEachPart, CallsOnceForEach) {
    for (const unsigned threads : {0U, 1U, 2U, 3U, 64U})
        for (const std::size_t count : {0U, 1U, 2U, 65U}) {
            std::vector<std::atomic<int>> calls(count);
            kernel::for_each_part(count, threads, [&](std::size_t part) { ++calls.at(part); });
            for (const auto& x : calls) EXPECT_EQ(x, 1) << threads << " threads, " << count << " parts";
        }
}

TEST(ForEachPart, ThrowsWhatItsWorkThrows) {
    for (const unsigned threads : {1U, 2U, 3U})
        EXPECT_THROW(kernel::for_each_part(20, threads,
                                           [](std::size_t part) {
                                               if (part % 5 == 3) throw std::length_error("part");
                                           }),
                     std::length_error);
}

}  // namespace
}  // namespace halfulp::test
