// Claim: e8m0, whose numbers are the powers of two from 2^-127 to 2^127, takes the nearest one, the even code on a tie,
// the least one for whatever is smaller, and NaN for what is larger or negative.
// Oracle: that sentence, by exact rationals, here: without zero and subnormals, truth::round does not cover it. Shared:
// nothing.
#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/dyadic.hpp"

namespace halfulp::test {
namespace {

Rounded nearest_power(const Rational& x) {
    if (x < 0) return {0xFF, {.invalid = true}};
    if (x < pow2(-127)) return {0, {.underflow = true, .inexact = true}};
    const int below = truth::floor_log2(x);
    const Rational to_below = x - pow2(below), to_above = pow2(below + 1) - x;
    const bool even = (below + 127) % 2 == 0;
    const int nearest = to_below < to_above || (to_below == to_above && even) ? below : below + 1;
    if (nearest > 127) return {0xFF, {.overflow = true, .inexact = true}};
    return {static_cast<std::uint64_t>(nearest + 127), {.inexact = to_below != 0}};
}

TEST(DefinitionE8m0, NearestPowerOfTwo) {
    const Rational trifle = pow2(-70), half{3, 2};
    for (int exponent = -140; exponent <= 140; ++exponent) {
        for (const Rational& part : {Rational{1}, Rational{1 + trifle}, Rational{5, 4}, Rational{half - trifle}, half,
                                     Rational{half + trifle}, Rational{2 - trifle}}) {
            for (const Rational& x : {Rational{part * pow2(exponent)}, Rational{-part * pow2(exponent)}}) {
                ASSERT_EQ(round_pack(e8m0, to_exact(x)), nearest_power(x)) << x;
                ASSERT_EQ(round_pack(e8m0, to_sticky(x)), nearest_power(x)) << x;
            }
        }
    }
}

TEST(DefinitionE8m0, DirectedRoundings) {
    const Rational trifle = pow2(-70);
    for (int exponent = -127; exponent <= 127; ++exponent) {
        const auto code = static_cast<std::uint64_t>(exponent + 127);
        const Exact above = to_exact((1 + trifle) * pow2(exponent));
        const Rounded kept{code, {.inexact = true}};
        const Rounded stepped =
            exponent < 127 ? Rounded{code + 1, {.inexact = true}} : Rounded{0xFF, {.overflow = true, .inexact = true}};
        const Rounded odd = code % 2 == 1 ? kept : exponent < 127 ? stepped : Rounded{0xFE, stepped.status};
        ASSERT_EQ(round_pack(e8m0, above, {.rounding = Rounding::TowardZero}), kept) << exponent;
        ASSERT_EQ(round_pack(e8m0, above, {.rounding = Rounding::Down}), kept) << exponent;
        ASSERT_EQ(round_pack(e8m0, above, {.rounding = Rounding::Up}), stepped) << exponent;
        ASSERT_EQ(round_pack(e8m0, above, {.rounding = Rounding::AwayFromZero}), stepped) << exponent;
        ASSERT_EQ(round_pack(e8m0, above, {.rounding = Rounding::ToOdd}), odd) << exponent;
    }
}

TEST(DefinitionE8m0, EveryCodeUpTo16BitsConverted) {
    for (const auto& [name, from, aliases, source] : formats) {
        if (from.width > 16) continue;
        for (std::uint64_t code = 0; code <= from.code_mask(); ++code) {
            const truth::Real x = truth::operand(from, code);
            const bool nan = x.is(truth::Real::Kind::NaN), inf = x.is(truth::Real::Kind::Infinity);
            Rounded wanted{0xFF, x.raised};
            if (inf) wanted.status = {.invalid = x.negative, .overflow = !x.negative, .inexact = !x.negative};
            if (x.is_zero()) wanted = {0, {.underflow = true, .inexact = true}};
            if (!nan && !inf && !x.is_zero()) wanted = nearest_power(signed_value(x));
            ASSERT_EQ(convert(e8m0, from, code), wanted) << name << ' ' << code;
        }
    }
}

}  // namespace
}  // namespace halfulp::test
