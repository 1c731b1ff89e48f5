// Claim: the published traps, on which emulators of low precision have gone wrong, are answered right.
// Oracle: the literature and the audits that each row names; values by exact rationals where the source gives none.
// Shared: nothing. mpfr_arithmetic_test.cpp asks MPFR about the same operations at large.
#include <gtest/gtest.h>

#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include <halfulp/lib/truth/ieee_rules.hpp>
#include "support/dyadic.hpp"

namespace halfulp::test {
namespace {

using truth::delivered;
using truth::operand;
using truth::product;
using truth::Real;

using enum Operation;
constexpr Status none, inexact{.inexact = true}, overflowed{.overflow = true, .inexact = true};
constexpr Status underflowed{.underflow = true, .inexact = true}, nothing_valid{.invalid = true};
constexpr Env nearest, rz{.rounding = Rounding::TowardZero}, up{.rounding = Rounding::Up},
    down{.rounding = Rounding::Down}, odd{.rounding = Rounding::ToOdd}, before{.tininess = Tininess::BeforeRounding},
    saturating{.overflow = Overflow::Saturate};

struct Trap {
    std::string_view name;
    Operation operation;
    Format f;
    Operands operands;
    Env env;
    Rounded wanted;
};

const Trap arithmetic_traps[] = {
    {"fma through binary32 double rounds", Fma, binary16, {0xD51E, 0x9F22, 0x4F77}, nearest, {0x4F9B, inexact}},
    {"Eigen's fma(half)", Fma, binary16, {0x5CB8, 0x92C8, 0x625D}, nearest, {0x625D, inexact}},
    {"llvm#98389", Fma, binary16, {0x520B, 0x00E9, 0x2FF6}, nearest, {0x3001, inexact}},
    {"fma through binary64, truncating", Fma, binary16, {0x0017, 0x800C, 0x7733}, rz, {0x7732, inexact}},
    {"fma through binary64, upwards", Fma, binary16, {0x8010, 0x8001, 0xE31F}, up, {0xE31E, inexact}},
    {"bfloat16 fma through binary64", Fma, bfloat16, {0xBABA, 0xCBC0, 0x83CE}, nearest, {0x470B, inexact}},
    {"CPFloat's bfloat16 fma, (1 + 2^-4)^2 + 2^-100",
     Fma,
     bfloat16,
     {0x3F88, 0x3F88, 0x0D80},
     nearest,
     {0x3F91, inexact}},
    {"CPFloat's bfloat16 sum upwards, 1 + 2^-100", Add, bfloat16, {0x3F80, 0x0D80, 0}, up, {0x3F81, inexact}},
    {"the same to odd", Add, bfloat16, {0x3F80, 0x0D80, 0}, odd, {0x3F81, inexact}},
    {"x - x", Sub, binary16, {0x3C00, 0x3C00, 0}, nearest, {0x0000, none}},
    {"x - x downwards", Sub, binary16, {0x3C00, 0x3C00, 0}, down, {0x8000, none}},
    {"fma's exact zero has the product's sign", Fma, binary16, {0x8000, 0x3C00, 0x8000}, nearest, {0x8000, none}},
    {"fma that cancels downwards", Fma, binary16, {0x3C00, 0x3C00, 0xBC00}, down, {0x8000, none}},
    {"0 * inf + quiet NaN", Fma, binary16, {0x0000, 0x7C00, 0x7E00}, nearest, {0x7E00, nothing_valid}},
    {"sqrt(-0)", Sqrt, binary16, {0x8000, 0, 0}, up, {0x8000, none}},
    {"remainder by the least number", Remainder, binary64, {0x7FEFFFFFFFFFFFFF, 1, 0}, nearest, {0, none}},
};

TEST(Regression, Arithmetic) {
    for (const Trap& t : arithmetic_traps) EXPECT_EQ(compute(t.operation, t.f, t.operands, t.env), t.wanted) << t.name;
}

/// Products and sums whose value is recomputed by the definition: the source gives operands only.
TEST(Regression, Tf32ProductsThroughBinary32LoseSubnormals) {
    // tf32 codes are the upper 19 bits of binary32's: 0x210DE000 * 0x1BC2E000.
    const std::uint64_t a = 0x210DE000 >> 13, b = 0x1BC2E000 >> 13;
    for (const auto& row : deterministic_roundings) {
        const Env env{.rounding = row.rounding};
        const Real defined = product(operand(tf32, a), operand(tf32, b));
        EXPECT_EQ(compute(Mul, tf32, {a, b, 0}, env), delivered(tf32, defined, env)) << row.name;
    }
    const std::uint64_t by_binary32 = compute(Mul, binary32, {a << 13, b << 13, 0}).code;
    EXPECT_NE(convert(tf32, binary32, by_binary32).code, compute(Mul, tf32, {a, b, 0}).code) << "not a trap";
}

struct Conversion {
    std::string_view name;
    Format to, from;
    std::uint64_t operand;
    Env env;
    Rounded wanted;
};

const Conversion conversion_traps[] = {
    {"Eigen's bfloat16(double), 1 + 2^-8 + 2^-40", bfloat16, binary64, 0x3FF0100000001000, nearest, {0x3F81, inexact}},
    {"Eigen's half(double), 1 + 2^-11 + 2^-40", binary16, binary64, 0x3FF0020000001000, nearest, {0x3C01, inexact}},
    {"CPFloat's 2 + 2^-23 upwards", binary16, binary64, 0x4000000010000000, up, {0x4001, inexact}},
    {"FloatX's 65520", binary16, binary32, 0x477FF000, nearest, {0x7C00, overflowed}},
    {"FloatX's 65520 truncated", binary16, binary32, 0x477FF000, rz, {0x7BFF, inexact}},
    {"tiny after rounding, just below the border", binary16, binary32, 0x387FEFFF, nearest, {0x0400, underflowed}},
    {"tiny after rounding, the border", binary16, binary32, 0x387FF000, nearest, {0x0400, inexact}},
    {"tiny after rounding, the last below normal", binary16, binary32, 0x387FFFFF, nearest, {0x0400, inexact}},
    {"tiny before rounding, the border", binary16, binary32, 0x387FF000, before, {0x0400, underflowed}},
    {"tiny before rounding, the last below normal", binary16, binary32, 0x387FFFFF, before, {0x0400, underflowed}},
    {"normal", binary16, binary32, 0x38800000, before, {0x0400, none}},
    {"exact subnormal numbers do not underflow", binary16, binary32, 0x33800000, before, {0x0001, none}},
    {"e4m3fn: 464 is a tie and even is 448", e4m3fn, binary32, 0x43E80000, nearest, {0x7E, inexact}},
    {"e4m3fn: 465 is NaN", e4m3fn, binary32, 0x43E88000, nearest, {0x7F, overflowed}},
    {"e4m3fn: 465 saturated", e4m3fn, binary32, 0x43E88000, saturating, {0x7E, overflowed}},
    {"e4m3fn: infinity saturated", e4m3fn, binary32, 0x7F800000, saturating, {0x7E, overflowed}},
    {"QPyTorch's subnormal 3.0", binary16, binary32, 0x40400000, nearest, {0x4200, none}},
};

TEST(Regression, Conversions) {
    for (const Conversion& c : conversion_traps) EXPECT_EQ(convert(c.to, c.from, c.operand, c.env), c.wanted) << c.name;
}

/// The flags of a fused operation come from its one rounding: here an intermediate in binary32 would underflow, the
/// result does not (Spike's bf16_mulAdd, riscv-isa-sim#1825).
TEST(Regression, Bfloat16FmaRaisesNoFalseUnderflow) {
    // 2^-133 * 2^-10 + 1 is inexact; 2^-100 * 2^-33 + 2^-126 is exact above the least normal number or inexact only.
    EXPECT_EQ(compute(Fma, bfloat16, {0x0001, 0x3A80, 0x3F80}).status, inexact);
    EXPECT_EQ(compute(Fma, bfloat16, {0x0D80, 0x2F00, 0x0080}), (Rounded{0x0081, none}));
    EXPECT_EQ(compute(Fma, bfloat16, {0x0D80, 0x2E80, 0x0080}), (Rounded{0x0080, inexact}));
}

/// Every subnormal tie of 0x387FF000 to 0x387FFFFF: the 4096 numbers of binary32 that only tininess tells apart.
TEST(Regression, The4096NumbersThatDecideTininess) {
    unsigned decided = 0;
    for (std::uint64_t code = 0x387FE000; code <= 0x38800FFF; ++code)
        if (convert(binary16, binary32, code).status != convert(binary16, binary32, code, before).status) ++decided;
    EXPECT_EQ(decided, 4096U);
}

}  // namespace
}  // namespace halfulp::test
