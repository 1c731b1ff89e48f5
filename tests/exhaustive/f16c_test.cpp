// Claim: every binary32 code becomes the binary16 code that F16C delivers, bits and flags, in its four roundings.
// Oracle: VCVTPS2PH (lib/truth/cpu.hpp). Shared: nothing.
#include <algorithm>
#include <thread>

#include "support/f16c.hpp"

namespace halfulp::test {
namespace {

/// Every code that leaves `slice` when divided by `slices`.
void expect_slice_narrowed(unsigned slice, unsigned slices) {
    Comparison comparison{"binary32 to binary16, slice " + std::to_string(slice) + " of " + std::to_string(slices)};
    const std::vector<Rounding> roundings_of_f16c = f16c_roundings();
    for (std::uint64_t code = slice; code <= binary32.code_mask(); code += slices)
        for (const Rounding rounding : roundings_of_f16c) expect_narrowed(code, rounding, comparison);
}

TEST(ExhaustiveF16c, EveryBinary32ToBinary16InFourRoundings) {
    if (const std::string_view lack = truth::cpu_lacks_binary16(); !lack.empty()) GTEST_SKIP() << lack;
    const unsigned slices = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> threads;
    for (unsigned slice = 0; slice < slices; ++slice) threads.emplace_back(expect_slice_narrowed, slice, slices);
    for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace halfulp::test
