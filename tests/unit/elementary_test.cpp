// Claim: the elementary functions deliver IEEE 754-2019's special cases in every format of at most 16 bits, rise and fall
// where they must, have their symmetries and obey their functional equations to the last bit that they keep; what is
// hardest to round is rounded right; and the continued fraction of the normal tail is cut off late enough.
// Oracle: the standard's words and the equations, by exact rationals. The hardest operands were found by a search through
// all of binary16 and bfloat16; their results are those of MPFR (tests/oracle/elementary_test.cpp). Shared: decode and
// compare, by which the laws read codes, and for the convergents their number, tail_steps.
#include <halfulp/lib/property/laws.hpp>

#include "support/elementary_rules.hpp"

namespace halfulp::test {
namespace {

constexpr std::array both_formats{binary16, bfloat16};

std::uint64_t rounded_code(Elementary function, const Format& f, std::uint64_t code, const Env& env) {
    return round_pack(f, result_of(function, decode(f, code)), env).code;
}

auto converter(Elementary function, const Format& f, Rounding rounding) {
    return [=](std::uint64_t code) { return rounded_code(function, f, code, {.rounding = rounding}); };
}

// The compiler can evaluate them all.
constexpr Float<binary16> one{0x3C00}, minus_one{0xBC00}, four{0x4400};
static_assert(exp<binary16>(one).value.code == 0x4170);              // 2.718
static_assert(log<binary16>(four).value.code == 0x3D8C);             // 1.386
static_assert(tanh<binary16>(one).value.code == 0x3A18);             // 0.7616
static_assert(sigmoid<binary16>(minus_one).value.code == 0x344E);    // 0.2689
static_assert(erf<binary16>(minus_one).value.code == 0xBABE);        // -0.8427
static_assert(gelu<binary16>(minus_one).value.code == 0xB114);       // -0.1587
static_assert(rsqrt<binary16>(four).value.code == 0x3800);           // 0.5
static_assert(recip<binary16>(four).value.code == 0x3400);           // 0.25
static_assert(exp<binary64>(one).value.code == 0x4005BF0A8B145769);  // 2.718281828459045

TEST(Elementary, TableIsInTheOrderOfItsEnumerators) {
    for (std::size_t i = 0; i < elementary_functions.size(); ++i)
        EXPECT_EQ(static_cast<std::size_t>(elementary_functions[i].function), i) << elementary_functions[i].name;
    EXPECT_EQ(find_elementary("logistic")->function, Elementary::Sigmoid);
    EXPECT_FALSE(find_elementary("cosh"));
}

class ElementarySpecials : public testing::TestWithParam<FormatAndFunction> {};

TEST_P(ElementarySpecials, AsTheStandardSays) {
    const Format f = std::get<0>(GetParam()).format;
    const Elementary function = std::get<1>(GetParam()).function;
    const std::uint64_t code_of_one = static_cast<std::uint64_t>(f.bias) << f.fraction_bits();
    for (std::uint64_t code = 0; code <= f.code_mask(); ++code) {
        const std::uint64_t magnitude = code & f.magnitude_mask();
        if (magnitude != 0 && magnitude != code_of_one && magnitude <= f.max_code() && magnitude % 61 != 1) continue;
        const auto special = special_result(function, operand(f, code));
        if (!special) continue;
        const Sticky computed = result_of(function, decode(f, code));
        for (const auto& row : deterministic_roundings) {
            const Env env{.rounding = row.rounding};
            ASSERT_EQ(round_pack(f, computed, env), delivered_special(f, *special, env)) << code << ' ' << row.name;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, ElementarySpecials,
                         testing::Combine(testing::ValuesIn(narrow_formats()), testing::ValuesIn(elementary_functions)),
                         case_name);

/// Codes of the format in the order of their numbers, every stride-th.
std::vector<std::uint64_t> ascending_codes(const Format& f, std::uint64_t stride) {
    std::vector<std::uint64_t> codes;
    for (std::uint64_t m = f.max_code(); m > stride; m -= stride) codes.push_back(m | f.sign_bit());
    for (std::uint64_t m = 0; m <= f.max_code(); m += stride) codes.push_back(m);
    return codes;
}

/// Between neighbours of the list, `function` never falls, or, if `falling`, never rises.
void expect_monotone(Elementary function, const Format& f, const std::vector<std::uint64_t>& codes, bool falling) {
    for (const auto& row : deterministic_roundings) {
        const auto result = converter(function, f, row.rounding);
        const auto turned = [&](std::uint64_t code) { return falling ? negate(f, result(code)) : result(code); };
        for (std::size_t i = 1; i < codes.size(); ++i)
            ASSERT_FALSE(property::monotone(f, f, turned, codes[i - 1], codes[i]))
                << name_of(f) << ' ' << row.name << " 0x" << std::hex << codes[i];
    }
}

TEST(ElementaryLaws, RiseAndFall) {
    for (const Format& f : both_formats) {
        const std::vector<std::uint64_t> all = ascending_codes(f, 97);
        std::vector<std::uint64_t> negative, positive;
        for (const std::uint64_t code : all) (code < f.sign_bit() ? positive : negative).push_back(code);
        for (const Elementary rising : {Elementary::Exp, Elementary::Tanh, Elementary::Sigmoid, Elementary::Erf})
            expect_monotone(rising, f, all, false);
        expect_monotone(Elementary::Log, f, positive, false);
        expect_monotone(Elementary::Gelu, f, positive, false);
        expect_monotone(Elementary::Rsqrt, f, positive, true);
        expect_monotone(Elementary::Recip, f, positive, true);
        expect_monotone(Elementary::Recip, f, negative, true);
    }
}

TEST(ElementaryLaws, GeluFallsToItsMinimumAndRises) {
    const std::uint64_t lowest = 0xBA04;  // -0.752, next to the minimum at -0.75179...
    std::vector<std::uint64_t> falling, rising;
    for (std::uint64_t code = binary16.sign_bit() | binary16.max_code(); code > binary16.sign_bit(); code -= 7)
        (code > lowest ? falling : rising).push_back(code);
    expect_monotone(Elementary::Gelu, binary16, falling, true);
    expect_monotone(Elementary::Gelu, binary16, rising, false);
    EXPECT_EQ(rounded_code(Elementary::Gelu, binary16, lowest, {}), 0xB170U);  // -0.16997 between -0.16992 and -0.17004
    EXPECT_EQ(rounded_code(Elementary::Gelu, binary16, lowest, {.rounding = Rounding::Down}), 0xB171U);
}

TEST(ElementaryLaws, TanhAndErfAreOdd) {
    for (const Format& f : both_formats)
        for (const Elementary function : {Elementary::Tanh, Elementary::Erf})
            for (const auto& row : deterministic_roundings) {
                const Rounding mirror = row.rounding == Rounding::Down ? Rounding::Up
                                        : row.rounding == Rounding::Up ? Rounding::Down
                                                                       : row.rounding;
                const auto result = converter(function, f, row.rounding), mirrored = converter(function, f, mirror);
                for (std::uint64_t code = 0; code <= f.code_mask(); code += 151)
                    ASSERT_FALSE(property::sign_symmetric(f, f, result, mirrored, code)) << name_of(f) << ' ' << code;
            }
}

/// [low, high] holds the value of a result.
struct Interval {
    Rational low, high;

    explicit Interval(const Rational& x) : low(x), high(x) {}
    Interval(const Rational& a, const Rational& b) : low(std::min(a, b)), high(std::max(a, b)) {}
    explicit Interval(const Sticky& x) : Interval(to_rational(x.value)) {
        const Rational theta = x.inexact ? pow2(x.value.exp) : Rational{0};
        (x.value.negative ? low : high) += x.value.negative ? Rational{-theta} : theta;
    }
    friend Interval operator+(const Interval& a, const Interval& b) { return {a.low + b.low, a.high + b.high}; }
    friend Interval operator-(const Interval& a, const Interval& b) { return {a.low - b.high, a.high - b.low}; }
    friend Interval operator*(const Interval& a, const Interval& b) {
        const auto [least, greatest] = std::minmax({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
        return {least, greatest};
    }
    bool meets(const Interval& other) const { return low <= other.high && other.low <= high; }
};

Interval value_of(Elementary function, const Exact& x) { return Interval{result_of(function, x)}; }

/// Between the bounds beyond which operands count as those, on both sides of zero.
bool is_within_bounds(const Exact& x) { return x.kind == Kind::Finite && x.top() < 7; }

TEST(ElementaryLaws, FunctionalEquations) {
    using enum Elementary;
    const Interval one_exactly{Rational{1}};
    for (const Format& f : both_formats)
        for (std::uint64_t code = 1; code < f.sign_bit(); code += 101) {
            const Exact x = decode(f, code), opposite = negated(x);
            if (!is_within_bounds(x)) continue;
            const Exact twice = Exact::finite(false, x.exp + 1, x.sig);
            const Interval number{to_rational(x)}, square = value_of(Exp, twice);
            ASSERT_TRUE((value_of(Exp, x) * value_of(Exp, opposite)).meets(one_exactly)) << code;
            ASSERT_TRUE((value_of(Exp, x) * value_of(Exp, x)).meets(square)) << code;
            ASSERT_TRUE((value_of(Sigmoid, x) + value_of(Sigmoid, opposite)).meets(one_exactly)) << code;
            ASSERT_TRUE((value_of(Sigmoid, x) * (value_of(Exp, opposite) + one_exactly)).meets(one_exactly)) << code;
            ASSERT_TRUE((value_of(Tanh, x) * (square + one_exactly)).meets(square - one_exactly)) << code;
            ASSERT_TRUE((value_of(Gelu, x) - value_of(Gelu, opposite)).meets(number)) << code;
            ASSERT_TRUE((value_of(Recip, x) * number).meets(one_exactly)) << code;
            ASSERT_TRUE((value_of(Rsqrt, x) * value_of(Rsqrt, x) * number).meets(one_exactly)) << code;
            ASSERT_TRUE((value_of(Log, x) + value_of(Log, x)).meets(value_of(Log, mul(x, x)))) << code;
        }
}

/// An operand whose result lies next to a number of the format or to the middle between two.
struct Hard {
    Elementary function;
    Format format;
    std::uint64_t operand, nearest, up, down;
};

constexpr std::array hardest = {
    Hard{Elementary::Exp, binary16, 0x3F0D, 0x45D4, 0x45D4, 0x45D3},      // 2^-14 half ulps
    Hard{Elementary::Exp, bfloat16, 0x40DB, 0x446B, 0x446B, 0x446A},      // 2^-15
    Hard{Elementary::Log, binary16, 0x6354, 0x46D8, 0x46D8, 0x46D7},      // 2^-15
    Hard{Elementary::Log, bfloat16, 0x26F7, 0xC208, 0xC208, 0xC209},      // 2^-17
    Hard{Elementary::Tanh, binary16, 0x3FD5, 0x3BB0, 0x3BB1, 0x3BB0},     // 2^-13
    Hard{Elementary::Tanh, bfloat16, 0x3F3F, 0x3F22, 0x3F23, 0x3F22},     // 2^-13
    Hard{Elementary::Sigmoid, binary16, 0xB13F, 0x3758, 0x3759, 0x3758},  // 2^-15
    Hard{Elementary::Sigmoid, bfloat16, 0x3E69, 0x3F0E, 0x3F0F, 0x3F0E},  // 2^-16
    Hard{Elementary::Erf, binary16, 0x3661, 0x36D6, 0x36D6, 0x36D5},      // 2^-14
    Hard{Elementary::Erf, bfloat16, 0x407F, 0x3F80, 0x3F80, 0x3F7F},      // 2^-17, just below 1
    Hard{Elementary::Gelu, binary16, 0x4036, 0x4023, 0x4023, 0x4022},     // 2^-14
    Hard{Elementary::Gelu, bfloat16, 0xBEAC, 0xBDFD, 0xBDFD, 0xBDFE},     // 2^-11
    Hard{Elementary::Rsqrt, binary16, 0x051F, 0x5712, 0x5713, 0x5712},    // 2^-14
    Hard{Elementary::Rsqrt, bfloat16, 0x011B, 0x5EA4, 0x5EA5, 0x5EA4},    // 2^-10
    // Just off 1 in the smallest numbers, where one rounding moves and the other does not.
    Hard{Elementary::Exp, bfloat16, 0x0001, 0x3F80, 0x3F81, 0x3F80},
    Hard{Elementary::Exp, bfloat16, 0x8001, 0x3F80, 0x3F80, 0x3F7F},
    Hard{Elementary::Sigmoid, bfloat16, 0x0001, 0x3F00, 0x3F01, 0x3F00},
    // Less than the operand by a trifle: the neighbour below is the operand's.
    Hard{Elementary::Tanh, bfloat16, 0x0080, 0x0080, 0x0080, 0x007F},
    Hard{Elementary::Tanh, binary16, 0x7BFF, 0x3C00, 0x3C00, 0x3BFF},
    // Far tails: the least number and zero.
    Hard{Elementary::Gelu, bfloat16, 0xC160, 0x8000, 0x8000, 0x8001},
    Hard{Elementary::Sigmoid, binary16, 0xCC00, 0x0002, 0x0002, 0x0001},
};

TEST(Elementary, HardestToRound) {
    for (const Hard& hard : hardest) {
        const auto code = [&](Rounding rounding) {
            return rounded_code(hard.function, hard.format, hard.operand, {.rounding = rounding});
        };
        const auto name = elementary_functions[static_cast<std::size_t>(hard.function)].name;
        EXPECT_EQ(code(Rounding::NearestEven), hard.nearest) << name << ' ' << hard.operand;
        EXPECT_EQ(code(Rounding::Up), hard.up) << name << ' ' << hard.operand;
        EXPECT_EQ(code(Rounding::Down), hard.down) << name << ' ' << hard.operand;
    }
}

/// The n-th convergent of 1/(1 + q/(1 + 2q/(1 + ...))), q = 1/t, from the inside out.
Rational convergent(std::uint64_t n, std::uint64_t t) {
    Rational tail = 1;
    for (; n > 0; --n) tail = 1 + Rational{n, t} / tail;
    return 1 / tail;
}

TEST(Elementary, ContinuedFractionIsLongEnough) {
    for (std::uint64_t t = 25; t <= 1 << 14; t += 1 + t / 8) {
        const std::uint64_t depth = 2 * elementary::tail_steps(t) - 1;
        const Rational gap = convergent(depth, t) - convergent(depth + 1, t);
        EXPECT_LT(abs(gap), pow2(-150)) << t;
    }
}

// NaN rules and flushing are those of every other operation, for typed values too.
TEST(Elementary, FollowsTheRulesForNaNsAndSubnormalNumbers) {
    const Float<binary16> loud{0x7C01}, least{0x0001};
    const auto nan = tanh<binary16>(loud, {.nan = NanPolicy::X86Sse});
    EXPECT_EQ(nan.value.code, 0x7E01);  // quieted, its payload kept
    EXPECT_EQ(nan.status, (Status{.invalid = true}));
    EXPECT_EQ(exp<binary16>(loud, {.nan = NanPolicy::Cuda}).value.code, 0x7FFF);
    EXPECT_EQ(log<binary16>(Float<binary16>{0xBC00}, {.nan = NanPolicy::X86Sse}).value.code, 0xFE00);  // log(-1)
    const auto flushed = recip<binary16>(least, {.flush_inputs = true});
    EXPECT_EQ(flushed.value.code, 0x7C00);
    EXPECT_EQ(flushed.status, (Status{.divide_by_zero = true, .input_denormal = true}));
    EXPECT_FALSE(recip<binary16>(least).status.divide_by_zero);
}

}  // namespace
}  // namespace halfulp::test
