#include <halfulp/lib/truth/definition.hpp>

#include <algorithm>

namespace halfulp::truth {
namespace {

/// The value of a magnitude by its fields. Magnitudes beyond the largest number continue the sequence: what the
/// number would be if the exponent were unbounded.
Rational magnitude_value(const Format& f, const Integer& magnitude) {
    const auto fraction_bits = static_cast<unsigned>(f.precision - 1);
    const int field = static_cast<int>(Integer{magnitude >> fraction_bits});
    const Integer fraction = magnitude - (Integer{field} << fraction_bits);
    const bool subnormal = field == 0 && f.has_subnormals;
    const Integer significand =
        fraction + (subnormal ? Integer{0} : Integer{1} << fraction_bits);  // in units of its last bit
    return Rational{significand} * pow2((subnormal ? 1 : field) - f.bias - (f.precision - 1));
}

/// The largest magnitude, of the sequence continued, whose value is <= x. Pre: x >= 0. By bisection: values increase
/// with magnitudes, which a test checks over every code.
Integer magnitude_below(const Format& f, const Rational& x) {
    Integer below = 0, above = f.max_code() + Integer{1};
    while (magnitude_value(f, above) <= x) above *= 2;
    while (above - below > 1) {
        const Integer middle = (below + above) / 2;
        (magnitude_value(f, middle) <= x ? below : above) = middle;
    }
    return below;
}

/// Of the neighbours a < |x| < b: is b the result? `a_is_even`: the last bit of a is 0.
bool takes_larger(const Env& env, bool negative, bool a_is_even, const Rational& to_a, const Rational& to_b) {
    switch (env.rounding) {
        case Rounding::NearestEven: return to_b < to_a || (to_b == to_a && !a_is_even);
        case Rounding::NearestAway: return to_b <= to_a;
        case Rounding::TowardZero: return false;
        case Rounding::AwayFromZero: return true;
        case Rounding::Down: return negative;
        case Rounding::Up: return !negative;
        case Rounding::ToOdd: return a_is_even;
        case Rounding::Stochastic: {
            const Rational fraction = to_a / (to_a + to_b);
            return floor(fraction * pow2(64)) + env.random >= pow2(64);
        }
    }
    return false;
}

/// |x| rounded to `precision` bits, as if there were no smallest and no largest exponent.
Rational round_unbounded(int precision, const Rational& x, bool negative, const Env& env) {
    const Rational unit = pow2(floor_log2(x) - precision + 1);
    const Integer count = floor(x / unit);
    const Rational a = unit * count, b = a + unit;
    if (a == x) return x;
    return takes_larger(env, negative, count % 2 == 0, x - a, b - x) ? b : a;
}

}  // namespace

std::optional<Rational> value(const Format& f, std::uint64_t code) {
    const bool negative = (code & f.sign_bit()) != 0;
    const std::uint64_t magnitude = code & f.magnitude_mask();
    if (magnitude > f.max_code() || (negative && magnitude == 0 && !f.has_negative_zero)) return std::nullopt;
    const Rational absolute = magnitude_value(f, magnitude);
    return negative ? Rational{-absolute} : absolute;
}

std::optional<std::uint64_t> encode(const Format& f, const Rational& x) {
    if (x == 0) return 0;
    const int emin = f.has_subnormals ? 1 - f.bias : -f.bias;
    const int exponent = std::max(floor_log2(abs(x)), emin);
    const Rational significand = abs(x) * pow2(f.precision - 1 - exponent);  // an integer, if f has x
    const Integer field_steps = Integer{exponent - emin} << static_cast<unsigned>(f.precision - 1);
    const Integer magnitude = field_steps + numerator(significand) - (f.has_subnormals ? 0 : 1);
    const bool negative = x < 0;
    if (denominator(significand) != 1 || magnitude > f.max_code() || (negative && !f.is_signed)) return std::nullopt;
    return static_cast<std::uint64_t>(magnitude) | (negative ? f.sign_bit() : 0);
}

std::uint64_t overflow_code(const Format& f, const Env& env, bool negative) {
    const bool outward = env.rounding == Rounding::NearestEven || env.rounding == Rounding::NearestAway ||
                         env.rounding == Rounding::AwayFromZero || env.rounding == Rounding::Stochastic ||
                         env.rounding == (negative ? Rounding::Down : Rounding::Up);
    const bool finite = env.overflow == Overflow::Saturate || (env.overflow == Overflow::ByRounding && !outward);
    if (finite || (!f.has_inf && !f.has_nan())) return f.max_code();
    return f.has_inf ? f.inf_code() : f.nan_code();
}

Rounded round(const Format& f, const Rational& x, const Env& env) {
    if (x == 0) return {0, {}};
    const bool negative = x < 0;
    const Rational absolute = abs(x), smallest_normal = pow2(1 - f.bias);
    const bool tiny_before = absolute < smallest_normal;
    const bool tiny_after = round_unbounded(f.precision, absolute, negative, env) < smallest_normal;
    const bool after = env.flush_outputs == Flush::AfterRounding;
    if (env.flush_outputs != Flush::Never && (after ? tiny_after : tiny_before))
        return {negative && f.has_negative_zero ? f.sign_bit() : 0, {.underflow = true, .inexact = after}};

    const Integer below = magnitude_below(f, absolute);
    const Rational a = magnitude_value(f, below), b = magnitude_value(f, below + 1);
    const bool exact = a == absolute;
    const bool larger = !exact && takes_larger(env, negative, below % 2 == 0, absolute - a, b - absolute);
    const Integer magnitude = below + (larger ? 1 : 0);
    const std::uint64_t sign = negative ? f.sign_bit() : 0;
    if (magnitude > f.max_code()) return {sign | overflow_code(f, env, negative), {.overflow = true, .inexact = true}};

    const bool tiny = env.tininess == Tininess::BeforeRounding ? tiny_before : tiny_after;
    const auto code = static_cast<std::uint64_t>(magnitude);
    const bool unsigned_zero = code == 0 && !f.has_negative_zero;
    return {unsigned_zero ? 0 : sign | code, {.underflow = tiny && !exact, .inexact = !exact}};
}

Integer round_to_integer(const Rational& x, Rounding rounding) {
    const Integer below = floor(x);
    const Rational part = x - below, half{1, 2};
    if (part == 0) return below;
    const bool is_even = below % 2 == 0;
    switch (rounding) {
        case Rounding::NearestEven: return below + (part > half || (part == half && !is_even) ? 1 : 0);
        case Rounding::NearestAway: return below + (part > half || (part == half && x > 0) ? 1 : 0);
        case Rounding::TowardZero: return below + (x < 0 ? 1 : 0);
        case Rounding::AwayFromZero: return below + (x > 0 ? 1 : 0);
        case Rounding::Down: return below;
        case Rounding::Up: return below + 1;
        case Rounding::ToOdd: return below + (is_even ? 1 : 0);
        case Rounding::Stochastic: break;  // needs random bits: no rounding to an integer is defined here
    }
    return below;
}

}  // namespace halfulp::truth
