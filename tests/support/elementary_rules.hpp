#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/lib/truth/mpfr.hpp>
#include <halfulp/lib/truth/mpfr_elementary.hpp>
#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "support/dyadic.hpp"
#include "support/print.hpp"

namespace halfulp {
inline void PrintTo(const NamedElementary& function, std::ostream* out) { *out << function.name; }
}  // namespace halfulp

// The elementary functions as IEEE 754-2019, 9.2.1, words their special cases, or by their limits where it does not list
// them, and how a result is delivered. Nothing of softfloat takes part but the rows of its format table.

namespace halfulp::test {

using truth::delivered;
using truth::infinity;
using truth::not_a_number;
using truth::operand;
using truth::Real;
using truth::real;
using truth::signed_value;

/// The formats whose numbers the functions take.
inline std::vector<NamedFormat> narrow_formats() {
    std::vector<NamedFormat> some;
    std::copy_if(formats.begin(), formats.end(), std::back_inserter(some),
                 [](const NamedFormat& row) { return row.format.width <= elementary_width; });
    return some;
}

/// Whether the operand has no logarithm and no root; zeros have their own rules.
inline bool is_below_domain(Elementary function, const Real& x) {
    return (function == Elementary::Log || function == Elementary::Rsqrt) && x.negative && !x.is_zero();
}

inline Real result_at_zero(Elementary function, const Real& x) {
    switch (function) {
        case Elementary::Exp: return real(1);
        case Elementary::Sigmoid: return real(Rational{1, 2});
        case Elementary::Log: return infinity(true, {.divide_by_zero = true});
        case Elementary::Rsqrt:
        case Elementary::Recip: return infinity(x.negative, {.divide_by_zero = true});
        case Elementary::Tanh:
        case Elementary::Erf:
        case Elementary::Gelu: return x;
    }
    __builtin_unreachable();
}

/// Limits, with the sign of the side from which they are approached.
inline Real result_at_infinity(Elementary function, const Real& x) {
    const Real zero = real(0, x.negative), one = real(1);
    switch (function) {
        case Elementary::Exp: return x.negative ? real(0) : x;
        case Elementary::Sigmoid: return x.negative ? real(0) : one;
        case Elementary::Tanh:
        case Elementary::Erf: return real(x.negative ? -1 : 1);
        case Elementary::Gelu: return x.negative ? zero : x;
        case Elementary::Log: return x;
        case Elementary::Rsqrt:
        case Elementary::Recip: return zero;
    }
    __builtin_unreachable();
}

/// The result where it is not a matter of approximation; empty where it is.
inline std::optional<Real> special_result(Elementary function, const Real& x) {
    if (x.is(Real::Kind::NaN)) return x;
    if (x.is_zero()) return result_at_zero(function, x);
    if (is_below_domain(function, x)) return not_a_number({.invalid = true});
    if (x.is(Real::Kind::Infinity)) return result_at_infinity(function, x);
    if (function == Elementary::Log && signed_value(x) == 1) return real(0);
    return std::nullopt;
}

/// Delivered by e8m0: a power of two from 2^-127 to 2^127 as the rounding chooses, the least one for whatever is
/// smaller, and NaN for what is negative or infinite.
inline Rounded delivered_by_e8m0(const Real& x, const Env& env) {
    using enum Rounding;
    const Status beyond{.overflow = true, .inexact = true};
    if (x.is(Real::Kind::NaN)) return {0xFF, x.raised};
    if (x.negative && !x.is_zero()) return {0xFF, x.raised | Status{.invalid = true}};
    if (x.is(Real::Kind::Infinity)) return {0xFF, x.raised | beyond};
    if (x.magnitude < pow2(-127)) return {0x00, {.underflow = true, .inexact = true}};
    const int below = truth::floor_log2(x.magnitude);
    const Rational to_below = x.magnitude - pow2(below), to_above = pow2(below + 1) - x.magnitude;
    const bool even = (below + 127) % 2 == 0, outward = env.rounding == Up || env.rounding == AwayFromZero;
    const bool nearest = env.rounding == NearestEven || env.rounding == NearestAway;
    const bool tie_up = env.rounding == NearestAway || !even;
    const bool larger = to_below != 0 && (outward || (env.rounding == ToOdd && even) ||
                                          (nearest && (to_above < to_below || (to_above == to_below && tie_up))));
    const int chosen = below + (larger ? 1 : 0);
    if (chosen > 127) return {outward || nearest ? 0xFFU : 0xFEU, beyond};
    return {static_cast<std::uint64_t>(chosen + 127), {.inexact = to_below != 0}};
}

/// As a format delivers a number of which the leading bits are known. By MPFR where it can, because that is fast.
inline Rounded delivered_number(const Format& f, const Sticky& x, const Env& env) {
    if (truth::is_ieee(f)) return truth::mpfr_rounded(f, x, env);
    Exact odd = x.value;
    odd.sig |= x.inexact ? 1U : 0U;
    const Rational value = to_rational(odd);
    return f == e8m0 ? delivered_by_e8m0(real(value), env) : truth::round(f, value, env);
}
inline Rounded delivered_special(const Format& f, const Real& x, const Env& env) {
    return f == e8m0 ? delivered_by_e8m0(x, env) : delivered(f, x, env);
}

using FormatAndFunction = std::tuple<NamedFormat, NamedElementary>;

/// binary16_exp
inline std::string case_name(const testing::TestParamInfo<FormatAndFunction>& row) {
    return std::string{std::get<0>(row.param).name}.append("_").append(std::get<1>(row.param).name);
}

}  // namespace halfulp::test
