// Claim: add, sub, mul, div, sqrt and fma of binary32 and binary64 deliver what this CPU delivers, bits and flags, in
// MXCSR's four roundings.
// Oracle: SSE2 and FMA instructions (lib/truth/cpu.hpp). Shared: nothing; the seed is fixed. A NaN equals any
// other NaN: x86's payloads are not softfloat's policy. One difference is named, counted and expected:
// fma(0, infinity, quiet NaN) raises invalid in softfloat and not on x86 (IEEE 754-2019, 7.2 c, leaves it open).
#include <halfulp/lib/truth/cpu.hpp>
#include <string>

#include "support/comparison.hpp"
#include "support/operands.hpp"
#include "support/operation.hpp"

namespace halfulp::test {
namespace {

constexpr std::uint64_t sample_size = 2'000'000;

bool is_zero_times_infinity_plus_quiet_nan(const Format& f, const Operands& x) {
    const auto is = [&](std::size_t i, std::uint64_t magnitude) { return (x[i] & f.magnitude_mask()) == magnitude; };
    const bool zero_times_infinity = (is(0, 0) && is(1, f.inf_code())) || (is(0, f.inf_code()) && is(1, 0));
    return zero_times_infinity && f.is_nan(x[2]) && !f.is_signaling(x[2]);
}

class CpuArithmetic : public testing::TestWithParam<FormatAndOperation> {};

TEST_P(CpuArithmetic, BitsAndFlagsInFourRoundings) {
    const auto& [format, op] = GetParam();
    const Format f = format.format;
    if (const std::string_view lack = truth::cpu_lacks(op.operation); !lack.empty()) GTEST_SKIP() << lack;

    Comparison comparison{std::string{format.name} + ' ' + std::string{op.name}};
    std::uint64_t invalid_on_one_side = 0;
    SplitMix bits{0};
    for (std::uint64_t i = 0; i < sample_size; ++i) {
        const Operands operands = edge_operands(f, bits);
        for (const auto& row : roundings) {
            if (!truth::cpu_has(row.rounding)) continue;
            const Env env{.rounding = row.rounding};
            Rounded expected = truth::cpu_result(op.operation, f, operands, row.rounding);
            if (f.is_nan(expected.code)) expected.code = f.nan_code();
            if (op.operation == Operation::Fma && is_zero_times_infinity_plus_quiet_nan(f, operands)) {
                EXPECT_FALSE(expected.status.invalid);
                expected.status.invalid = true;
                ++invalid_on_one_side;
            }
            comparison.expect(expected, compute(op.operation, f, operands, env), f, f, {operands.data(), op.operands},
                              env);
        }
    }
    if (op.operation == Operation::Fma) std::cout << invalid_on_one_side << " of them fma(0, infinity, quiet NaN)\n";
}

INSTANTIATE_TEST_SUITE_P(Sse, CpuArithmetic,
                         testing::Combine(testing::Values(*find_format("binary32"), *find_format("binary64")),
                                          testing::ValuesIn(arithmetic_operations)),
                         case_name);

}  // namespace
}  // namespace halfulp::test
