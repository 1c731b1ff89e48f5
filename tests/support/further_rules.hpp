#pragma once

#include <compare>

#include <halfulp/lib/truth/ieee_rules.hpp>
#include "support/integer_sweep.hpp"

// More operations as IEEE 754 words them, on exact rationals: 5.3.1 remainder, roundToIntegral and minNum, 5.3.3 logB and
// scaleB, 5.11 comparison, 9.6 minimum and its kin.

namespace halfulp::test {

using truth::delivered;
using truth::infinity;
using truth::not_a_number;
using truth::operand;
using truth::Real;
using truth::real;
using truth::signed_value;

/// C's trunc.
inline Integer truncated(const Rational& x) { return x < 0 ? Integer{-truth::floor(-x)} : truth::floor(x); }

/// x - n y, n the quotient rounded as said. A zero has x's sign.
inline Real remainder_real(const Real& a, const Real& b, bool nearest) {
    using enum Real::Kind;
    if (a.is(NaN) || b.is(NaN)) return not_a_number(a.raised | b.raised);
    if (a.is(Infinity) || b.is_zero()) return not_a_number({.invalid = true});
    if (b.is(Infinity)) return a;
    const Rational x = signed_value(a), y = signed_value(b), quotient = x / y;
    const Integer n = nearest ? truth::round_to_integer(quotient, Rounding::NearestEven) : truncated(quotient);
    return real(x - n * y, a.negative);
}

inline Real integral_real(const Real& a, const Rational& rounded, bool signals) {
    if (!a.is(Real::Kind::Number) || a.is_zero()) return a;
    Real result = real(rounded, a.negative);
    result.raised.inexact = signals && rounded != signed_value(a);
    return result;
}

inline Real logb_real(const Real& a) {
    if (a.is(Real::Kind::NaN)) return a;
    if (a.is(Real::Kind::Infinity)) return infinity(false);
    if (a.is_zero()) return infinity(true, {.divide_by_zero = true});
    return real(truth::floor_log2(a.magnitude));
}

inline Real scaled_real(Real a, int n) {
    if (a.is(Real::Kind::Number)) a.magnitude *= pow2(n);
    return a;
}

/// Zeros are equal, NaNs unordered.
inline std::partial_ordering ordered(const Real& a, const Real& b) {
    using enum Real::Kind;
    if (a.is(NaN) || b.is(NaN)) return std::partial_ordering::unordered;
    const auto rank = [](const Real& x) { return x.is(Infinity) ? (x.negative ? -1 : 1) : 0; };
    if (rank(a) != 0 || rank(b) != 0) return rank(a) <=> rank(b);
    const Rational x = signed_value(a), y = signed_value(b);
    return x < y   ? std::partial_ordering::less
           : x > y ? std::partial_ordering::greater
                   : std::partial_ordering::equivalent;
}

inline Real absolute(Real a) {
    a.negative = false;
    return a;
}

/// 9.6: the maximum is the minimum's mirror image. -0 is below +0.
inline const Real& smaller(const Real& a, const Real& b) {
    const auto order = ordered(a, b);
    if (order != 0) return order < 0 ? a : b;
    return a.negative ? a : b;
}
inline const Real& larger(const Real& a, const Real& b) {
    const auto order = ordered(a, b);
    if (order != 0) return order > 0 ? a : b;
    return a.negative ? b : a;
}
inline const Real& smaller_magnitude(const Real& a, const Real& b) {
    const auto order = ordered(absolute(a), absolute(b));
    return order < 0 ? a : order > 0 ? b : smaller(a, b);
}
inline const Real& larger_magnitude(const Real& a, const Real& b) {
    const auto order = ordered(absolute(a), absolute(b));
    return order > 0 ? a : order < 0 ? b : larger(a, b);
}

}  // namespace halfulp::test
