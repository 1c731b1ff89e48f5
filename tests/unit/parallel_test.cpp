// Claim: for_each_part calls its work once for each part, whatever the number of threads, and hands on what it throws.
// Oracle: counters. Shared: nothing.

#include <gtest/gtest.h>

#include <atomic>
#include <cfenv>
#include <chrono>
#include <halfulp/lib/kernel/parallel.hpp>
#include <new>
#include <stdexcept>
#include <thread>
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

/// In the calling thread or in another: it ends, with that exception, whatever the other threads do.
TEST(ForEachPart, ThrowsWhatItsWorkThrows) {
    for (const unsigned threads : {1U, 2U, 8U}) {
        std::atomic<std::size_t> done = 0;
        const auto fails_at = [&](std::size_t bad) {
            return [&done, bad](std::size_t i) {
                if (i == bad) throw std::bad_alloc();
                ++done;
            };
        };
        for (const std::size_t bad : {0U, 5U, 99U})
            EXPECT_THROW(kernel::for_each_part(100, threads, fails_at(bad)), std::bad_alloc);
        done = 0;
        EXPECT_NO_THROW(kernel::for_each_part(100, threads, fails_at(100)));
        EXPECT_EQ(done, 100U);
        EXPECT_THROW(kernel::for_each_part(100, threads, [](std::size_t) { throw std::length_error("all"); }),
                     std::length_error);
    }
    std::atomic<std::size_t> begun = 0;
    const auto fails_first = [&](std::size_t i) {
        if (i == 0) throw std::bad_alloc();
        ++begun;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    };
    EXPECT_THROW(kernel::for_each_part(2000, 2, fails_first), std::bad_alloc);
    EXPECT_LT(begun, 1999U) << "little is begun after a failure";
}

/// Whatever work and OpenMP itself compute in this thread.
TEST(ForEachPart, LeavesTheCallersFlagsAndRounding) {
    std::fenv_t saved;
    std::fegetenv(&saved);
    std::feclearexcept(FE_ALL_EXCEPT);
    std::fesetround(FE_UPWARD);
    const std::thread::id caller = std::this_thread::get_id();
    std::atomic<int> done_by_caller = 0;
    kernel::for_each_part(64, 2, [&](std::size_t) {
        if (std::this_thread::get_id() == caller) ++done_by_caller;
        std::feraiseexcept(FE_INEXACT);
        std::fesetround(FE_DOWNWARD);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // which leaves something for the other thread
    });
    const int rounding = std::fegetround(), raised = std::fetestexcept(FE_ALL_EXCEPT);
    std::fesetenv(&saved);
    EXPECT_GT(done_by_caller, 0);
    EXPECT_EQ(rounding, FE_UPWARD);
    EXPECT_EQ(raised, 0);
}

}  // namespace
}  // namespace halfulp::test
