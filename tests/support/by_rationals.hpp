#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/formats.hpp>

// Arithmetic of binary32 and binary64 by exact rationals.

namespace halfulp::test {

/// To nearest even among the multiples of the unit in the last place; beyond the largest number as if there were more.
inline truth::Rational rounded_to(const Format& f, const truth::Rational& x) {
    if (x == 0) return x;
    const truth::Rational unit = truth::pow2(std::max(truth::floor_log2(abs(x)), f.emin()) - f.fraction_bits());
    return unit * truth::round_to_integer(x / unit, Rounding::NearestEven);
}

/// Pre: finite.
inline truth::Rational rational(float x) { return *truth::value(binary32, std::bit_cast<std::uint32_t>(x)); }
inline truth::Rational rational(double x) { return *truth::value(binary64, std::bit_cast<std::uint64_t>(x)); }

}  // namespace halfulp::test
