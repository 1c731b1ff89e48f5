#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

#include <halfulp/softfloat/elementary/constants.hpp>
#include <halfulp/softfloat/elementary/enclosure.hpp>
#include <halfulp/softfloat/elementary/fixed_point.hpp>
#include <halfulp/softfloat/exact.hpp>

namespace halfulp {
namespace elementary {

/// e^r, error below 2^11 units. Pre: r < 3/4.
/// s = r / 2^8 < 2^-8.4; the first term left out is s^18 / 18! < 2^-203. The terms are cut by less than 4 units in all,
/// and each of the 8 squarings doubles the relative error and adds a unit.
constexpr Fixed exp_of_fraction(const Fixed& r) {
    constexpr int squarings = 8;
    const Fixed s = r >> squarings;
    Fixed sum = inverse_factorials.back();
    for (std::size_t j = inverse_factorials.size() - 1; j-- > 0;) sum = inverse_factorials[j] + sum * s;
    for (int i = 0; i < squarings; ++i) sum = sum * sum;
    return sum;
}

/// significand * 2^exp, where 1 <= significand <= 2.
struct Power {
    Fixed significand;
    int exp;

    static constexpr std::uint64_t error = 1 << 17;  ///< of the significand, in units
};

/// Operands up to 2^14: there e^x and e^-x leave the range of every format by far.
constexpr int exp_top = 14;

/// e^a, or e^-a if negative. Pre: a <= 2^exp_top.
/// a = n ln 2 +- r (Cody & Waite 1980). n < 2^15, hence r is wrong by less than 2^15 units and e^r by less than 2^17.
constexpr Power exp_of(bool negative, const Fixed& a) {
    assert(a <= Fixed::integer(1) << exp_top);
    constexpr std::uint64_t inverse = static_cast<std::uint64_t>((u128{1} << 127) / (ln2.limbs[2] + 1));  // in 2^-63
    const std::uint64_t leading = a.limbs[3] << 48 | a.limbs[2] >> 16;                                    // in 2^-48
    // Never above a / ln 2, and below its floor only if a / ln 2 is less than 2^-45 above it.
    const auto below = static_cast<std::uint64_t>(u128{leading} * inverse >> (48 + 63));
    if (!negative) return {exp_of_fraction(a - ln2 * below), static_cast<int>(below)};
    return {exp_of_fraction(ln2 * (below + 1) - a), -static_cast<int>(below + 1)};
}

/// e^a, or e^-a if negative: 1 +- a, which is less, + a^2/2 +- a^3/6 + ..., where a^6/720 < 2^-201 is left out.
/// Pre: a < 2^-32.
constexpr Sticky exp_near_zero(bool negative, const Fixed& a) {
    const Fixed one = Fixed::integer(1), square = a * a;
    const Fixed even = one + (square >> 1) + square * square / 24;
    const Fixed odd = a * (one + square / 6 + square * square / 120);
    constexpr std::uint64_t error = 8;
    return negative ? sticky(false, and_above(about(even - odd, error), one - a), 0)
                    : sticky(false, and_above(about(even + odd, error), one + a), 0);
}

}  // namespace elementary

/// e^x. e^0 = 1, e^-inf = 0 and e^inf = inf are exact (IEEE 754-2019, 9.2.1); beyond +-2^14 the operand counts as
/// +-2^14, from where on every format overflows or underflows.
/// Pre: x is a number of a format of at most 16 bits.
constexpr Sticky exp(const Exact& x) {
    using namespace elementary;
    if (x.kind == Kind::NaN) return x;
    if (x.kind == Kind::Inf) return x.negative ? Exact::zero(false) : x;
    if (x.is_zero()) return exact(1);
    const Fixed a = magnitude_up_to(x, exp_top);
    if (x.top() < -32) return exp_near_zero(x.negative, a);
    const Power power = exp_of(x.negative, a);
    return sticky(false, about(power.significand, Power::error), power.exp);
}

}  // namespace halfulp
