#pragma once

#include <gtest/gtest.h>

#include <cassert>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/round_pack.hpp>
#include <ostream>

// Rationals as softfloat's operands and back, by integers alone: neither decode nor an operation takes part.

namespace halfulp {

inline void PrintTo(const Status& s, std::ostream* out) {
    *out << (s.invalid ? "invalid " : "") << (s.divide_by_zero ? "divide_by_zero " : "")
         << (s.overflow ? "overflow " : "") << (s.underflow ? "underflow " : "") << (s.inexact ? "inexact " : "")
         << (s.input_denormal ? "input_denormal " : "");
}
inline void PrintTo(const Rounded& r, std::ostream* out) {
    *out << "0x" << std::hex << r.code << std::dec << ' ';
    PrintTo(r.status, out);
}

}  // namespace halfulp

namespace halfulp::test {

using truth::Integer;
using truth::pow2;
using truth::Rational;

/// x as it is. Pre: x != 0 is an integer of at most 128 bits times a power of two.
inline Exact to_exact(const Rational& x) {
    const Integer count = abs(numerator(x));
    const Integer odd = count >> lsb(count);
    assert(msb(odd) < 128);
    const int exponent = static_cast<int>(lsb(count)) - static_cast<int>(msb(denominator(x)));
    return Exact::finite(x < 0, exponent, static_cast<u128>(odd));
}

/// The leading 117 bits of x, and whether there are more: the fewest that a Sticky must keep. Pre: x != 0.
inline Sticky to_sticky(const Rational& x) {
    const int exponent = truth::floor_log2(abs(x)) - 116;
    const Rational scaled = abs(x) * pow2(-exponent);
    const Integer leading = truth::floor(scaled);
    return {Exact::finite(x < 0, exponent, static_cast<u128>(leading)), scaled != leading};
}

/// Pre: x is finite.
inline Rational to_rational(const Exact& x) {
    if (x.is_zero()) return 0;
    const Rational magnitude = Rational{Integer{x.sig}} * pow2(x.exp);
    return x.negative ? Rational{-magnitude} : magnitude;
}

}  // namespace halfulp::test
