// Claim: binary32 -> binary16 and back deliver what F16C delivers, bits and flags, in its four roundings.
// Oracle: VCVTPS2PH and VCVTPH2PS (lib/truth/cpu.hpp). Shared: nothing. Every binary16 code; a sample of the binary32
// codes with a fixed seed: exhaustive/f16c_test.cpp takes them all.
#include "support/f16c.hpp"
#include "support/operands.hpp"

namespace halfulp::test {
namespace {

constexpr std::uint64_t sample_size = 1'000'000;

TEST(CpuF16c, Binary32ToBinary16InFourRoundings) {
    if (const std::string_view lack = truth::cpu_lacks_binary16(); !lack.empty()) GTEST_SKIP() << lack;
    Comparison comparison{"binary32 to binary16"};
    const std::vector<Rounding> roundings_of_f16c = f16c_roundings();
    SplitMix bits{0};
    for (std::uint64_t i = 0; i < sample_size; ++i) {
        const std::uint64_t code = edge_to_convert(binary16, binary32, bits);
        for (const Rounding rounding : roundings_of_f16c) expect_narrowed(code, rounding, comparison);
    }
}

TEST(CpuF16c, EveryBinary16ToBinary32) {
    if (const std::string_view lack = truth::cpu_lacks_binary16(); !lack.empty()) GTEST_SKIP() << lack;
    Comparison comparison{"binary16 to binary32"};
    for (std::uint64_t code = 0; code <= binary16.code_mask(); ++code) expect_widened(code, comparison);
}

}  // namespace
}  // namespace halfulp::test
