// Claim: remainder, rounding to integers, comparison, the twelve minima and maxima, total order, neighbours, scalb, logb,
// classes and signs are what IEEE 754 says, for every code of the formats of at most 8 bits and for pairs of them.
// Oracle: the standard's words on exact rationals (support/further_rules.hpp) and searches among all codes. Shared: the
// rows of formats.hpp.
#include <gtest/gtest.h>

#include <vector>

#include "support/further_sweeps.hpp"

namespace halfulp::test {
namespace {

/// Of the 8-bit formats every 13th pair; exhaustive/definition_test.cpp takes them all.
TEST(DefinitionOperations, OfTwoOperands) {
    for (const Format& f : formats_up_to(8)) expect_further_operations_on_pairs(f, f.width < 8 ? 1 : 13);
}

void expect_integral(const Format& f, std::uint64_t a, Rounding rounding) {
    const Real x = operand(f, a);
    const Env env{.rounding = rounding};
    const Rational rounded = truth::round_to_integer(signed_value(x), rounding);
    ASSERT_EQ(compute(RoundToIntegral, f, {a, 0, 0}, env), delivered(f, integral_real(x, rounded, false), env));
    ASSERT_EQ(compute(RoundToIntegralExact, f, {a, 0, 0}, env), delivered(f, integral_real(x, rounded, true), env));
}

TEST(DefinitionOperations, RoundedToIntegers) {
    for (const Format& f : formats_up_to(16))
        for (const auto& row : deterministic_roundings)
            for (std::uint64_t a = 0; a <= f.code_mask(); a += f.width == 16 ? 97 : 1)
                expect_integral(f, a, row.rounding);
}

/// The code of the least number, infinities included, above that of `code` (or, mirrored, the greatest below); -0 for the
/// zero above a negative number. The code itself where there is none.
std::uint64_t neighbour_by_search(const Format& f, const std::vector<Real>& values, std::uint64_t code, bool up) {
    const auto beyond = [&](const Real& x, const Real& y) { return (up ? ordered(x, y) : ordered(y, x)) < 0; };
    std::optional<std::uint64_t> best;
    for (std::uint64_t other = 0; other < values.size(); ++other) {
        const Real& y = values[other];
        const bool wrong_zero = y.is_zero() && f.has_negative_zero && y.negative != up;
        if (beyond(values[code], y) && !wrong_zero && (!best || beyond(y, values[*best]))) best = other;
    }
    return best.value_or(code);
}

TEST(DefinitionOperations, Neighbours) {
    std::vector<Format> all = formats_up_to(8);
    all.push_back(e8m0);
    for (const Format& f : all) {
        std::vector<Real> values;
        for (std::uint64_t code = 0; code <= f.code_mask(); ++code) values.push_back(operand(f, code));
        for (std::uint64_t code = 0; code <= f.code_mask(); code += f.width == 8 ? 3 : 1) {
            const Rounded nan{f.nan_code(), {.invalid = f.is_signaling(code)}};
            const bool is_nan = f.is_nan(code);
            const Rounded up{neighbour_by_search(f, values, code, true), {}};
            const Rounded down{neighbour_by_search(f, values, code, false), {}};
            ASSERT_EQ(compute(NextUp, f, {code, 0, 0}), is_nan ? nan : up) << name_of(f) << ' ' << code;
            ASSERT_EQ(compute(NextDown, f, {code, 0, 0}), is_nan ? nan : down) << name_of(f) << ' ' << code;
        }
    }
}

TEST(DefinitionOperations, ScalbAndLogb) {
    constexpr auto least = std::numeric_limits<std::int64_t>::min(),
                   greatest = std::numeric_limits<std::int64_t>::max();
    for (const Format& f : formats_up_to(8))
        for (std::uint64_t code = 0; code <= f.code_mask(); code += f.width == 8 ? 3 : 1) {
            const Real x = operand(f, code);
            ASSERT_EQ(compute(Logb, f, {code, 0, 0}), delivered(f, logb_real(x), {})) << name_of(f) << ' ' << code;
            for (const std::int64_t n : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{5},
                                         std::int64_t{-7}, std::int64_t{40}, std::int64_t{-40}, least, greatest})
                for (const Env& env : {Env{}, Env{.rounding = Rounding::Up, .tininess = Tininess::BeforeRounding}}) {
                    const int effective = static_cast<int>(std::clamp<std::int64_t>(n, -5000, 5000));
                    const auto bits = static_cast<std::uint64_t>(n);
                    ASSERT_EQ(compute(Scalb, f, {code, bits, 0}, env), delivered(f, scaled_real(x, effective), env))
                        << name_of(f) << ' ' << code << ' ' << n;
                }
        }
}

TEST(DefinitionOperations, LogbAsAnInteger) {
    constexpr std::uint64_t zero = 0xFFFFFFFF80000000, beyond = 0x7FFFFFFF;
    for (const Format& f : formats_up_to(8))
        for (std::uint64_t code = 0; code <= f.code_mask(); ++code) {
            const Real x = operand(f, code);
            const bool number = x.is(Real::Kind::Number) && !x.is_zero();
            const std::int64_t exponent = number ? truth::floor_log2(x.magnitude) : 0;
            const Rounded wanted = number ? Rounded{static_cast<std::uint64_t>(exponent), {}}
                                          : Rounded{x.is_zero() ? zero : beyond, {.invalid = true}};
            ASSERT_EQ(compute(LogbInteger, f, {code, 0, 0}), wanted) << name_of(f) << ' ' << code;
        }
}

Class class_by_value(const Format& f, std::uint64_t code) {
    const Real x = operand(f, code);
    if (x.is(Real::Kind::NaN)) return x.raised.invalid ? Class::SignalingNaN : Class::QuietNaN;
    const auto of = [&](Class negative, Class positive) { return x.negative ? negative : positive; };
    if (x.is(Real::Kind::Infinity)) return of(Class::NegativeInfinity, Class::PositiveInfinity);
    if (x.is_zero()) return of(Class::NegativeZero, Class::PositiveZero);
    if (f.has_subnormals && x.magnitude < pow2(1 - f.bias))
        return of(Class::NegativeSubnormal, Class::PositiveSubnormal);
    return of(Class::NegativeNormal, Class::PositiveNormal);
}

TEST(DefinitionOperations, ClassesAndSigns) {
    for (const auto& row : formats) {
        const Format& f = row.format;
        if (f.width > 16) continue;
        for (std::uint64_t code = 0; code <= f.code_mask(); code += f.width == 16 ? 7 : 1) {
            ASSERT_EQ(classify(f, code), class_by_value(f, code)) << row.name << ' ' << code;
            const auto value = truth::value(f, code);
            if (!value || !f.is_signed) continue;
            ASSERT_EQ(*truth::value(f, negate(f, code)), -*value) << row.name << ' ' << code;
            ASSERT_EQ(*truth::value(f, abs(f, code)), abs(*value)) << row.name << ' ' << code;
            ASSERT_EQ(negate(f, negate(f, code)), code);
        }
    }
}

// Signs are bits: of zeros and NaNs too, signaling ones unquieted; the fnuz formats have one zero and one NaN.
static_assert(compute(Negate, binary16, {0x7C01, 0, 0}) == Rounded{0xFC01, {}});
static_assert(compute(Abs, binary16, {0xFC01, 0, 0}) == Rounded{0x7C01, {}});
static_assert(compute(CopySign, binary16, {0x3C00, 0x8000, 0}) == Rounded{0xBC00, {}});
static_assert(compute(CopySign, binary16, {0xBC00, 0xFE00, 0}) == Rounded{0xBC00, {}});
static_assert(compute(CopySign, binary16, {0xBC00, 0x7E00, 0}) == Rounded{0x3C00, {}});
static_assert(negate(e4m3fnuz, 0x00) == 0x00 && negate(e4m3fnuz, 0x80) == 0x80 && negate(e4m3fnuz, 0x81) == 0x01);
static_assert(negate(e8m0, 0x7F) == 0x7F && abs(e8m0, 0xFE) == 0xFE);

// Neighbours of the ends.
static_assert(next_up(binary64, 0x7FEFFFFFFFFFFFFF) == 0x7FF0000000000000);
static_assert(next_up(binary64, 0x7FF0000000000000) == 0x7FF0000000000000);
static_assert(next_down(binary16, 0x0000) == 0x8001 && next_up(binary16, 0x8001) == 0x8000);
static_assert(next_up(e4m3fn, 0x7E) == 0x7E && next_up(e2m1, 0x7) == 0x7);

}  // namespace
}  // namespace halfulp::test
