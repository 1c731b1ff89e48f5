// Claim: binary32 to a 32-bit integer delivers what CVTSS2SI delivers, value and flags, in its four roundings.
// Oracle: the CPU (lib/truth/cpu.hpp). Shared: nothing. Out of range, and for NaN, the CPU has one answer for all and
// softfloat clamps: there the flags alone are compared. A sample of the codes with a fixed seed.
#include <gtest/gtest.h>

#include <halfulp/lib/truth/cpu.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/operands.hpp"

namespace halfulp::test {
namespace {

TEST(CpuInteger, Binary32ToInt32InFourRoundings) {
    if (const std::string_view lack = truth::cpu_lacks(Operation::Add); !lack.empty()) GTEST_SKIP() << lack;
    SplitMix bits{0};
    int in_range = 0;
    for (int i = 0; i < 2'000'000; ++i) {
        // Half of them between 2^-3 and 2^33, where there is something to round.
        const std::uint64_t any = bits() % (binary32.code_mask() + 1);
        const std::uint64_t code = i % 2 == 0 ? any : at_exponent(binary32, any, 15, 18, bits);
        for (const auto& row : roundings) {
            if (!truth::cpu_has(row.rounding)) continue;
            const auto expected = truth::cpu_binary32_to_int32(code, row.rounding);
            const auto got = to_integer<std::int32_t>(decode(binary32, code), row.rounding);
            ASSERT_EQ(got.status, expected.status) << row.name << ' ' << std::hex << code;
            if (expected.status.invalid) continue;
            ASSERT_EQ(got.value, expected.value) << row.name << ' ' << std::hex << code;
            ++in_range;
        }
    }
    EXPECT_GT(in_range, 1'000'000);
}

}  // namespace
}  // namespace halfulp::test
