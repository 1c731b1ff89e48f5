#pragma once

#include <algorithm>
#include <cstdint>

#include <halfulp/softfloat/elementary/enclosure.hpp>
#include <halfulp/softfloat/elementary/exp.hpp>
#include <halfulp/softfloat/elementary/fixed_point.hpp>
#include <halfulp/softfloat/elementary/roots.hpp>
#include <halfulp/softfloat/exact.hpp>

namespace halfulp {
namespace elementary {

/// tanh(a)/a = 1 - y/3 + 2 y^2/15 - 17 y^3/315 + 62 y^4/2835 - ..., y = a^2, where the next term is below 2^-206. The
/// cuts add up to less than 8 units. It lies strictly between 1 - y/3 and 1.
/// Pre: a < 2^-20; a is a multiple of 2^-96 or below 2^-62.
constexpr Enclosure tanh_ratio_near_zero(const Fixed& a) {
    const Fixed one = Fixed::integer(1), y = a * a;
    if (bit_width(a) <= Fixed::fraction_bits - 62) return {one - (one >> 125), one};
    const Fixed third = (y + Fixed::units(2)) / 3;  // rounded up
    const Fixed square = y * y, more = square * 2 / 15 + square * square * 62 / 2835;
    return and_above(about(one - third + more - square * y * 17 / 315, 8), one - third);
}

/// 1/2 + tanh(a/2)/2, or 1/2 - tanh(a/2)/2 if negative. Pre: as above.
constexpr Enclosure sigmoid_near_zero(bool negative, const Fixed& a) {
    const Fixed half = Fixed::integer(1) >> 1, quarter = a >> 2;
    const Enclosure ratio = tanh_ratio_near_zero(a >> 1);
    const Fixed low = quarter * ratio.low, high = std::min(quarter * ratio.high + Fixed::units(1), quarter);
    return negative ? Enclosure{half - high, half - low} : Enclosure{half + low, half + high};
}

}  // namespace elementary

/// 1 / (1 + e^-x). 1/2 at 0, 0 at -inf and 1 at inf are exact; everywhere else the value lies strictly between 0 and 1.
/// Below -2^14 the operand counts as -2^14, from where on every format underflows.
/// Pre: x is a number of a format of at most 16 bits.
constexpr Sticky sigmoid(const Exact& x) {
    using namespace elementary;
    const Fixed one = Fixed::integer(1);
    if (x.kind == Kind::NaN) return x;
    if (x.kind == Kind::Inf) return x.negative ? Exact::zero(false) : exact(1);
    if (x.is_zero()) return Exact::finite(false, -1, 1);
    const Fixed a = magnitude_up_to(x, exp_top);
    if (x.top() < -20) return sticky(false, sigmoid_near_zero(x.negative, a), 0);
    const Power power = exp_of(true, a);  // e^-|x|
    const Fixed s = reciprocal(one + (power.significand >> -power.exp));
    if (x.negative) return sticky(false, about(power.significand * s, 4 * Power::error), power.exp);
    return sticky(false, and_below(about(s, 4 * Power::error), one), 0);
}

/// tanh x. tanh(+-0) = +-0 and tanh(+-inf) = +-1 are exact; everywhere else the value is less than 1 and less than x in
/// magnitude. Pre: x is a number of a format of at most 16 bits.
constexpr Sticky tanh(const Exact& x) {
    using namespace elementary;
    const Fixed one = Fixed::integer(1);
    if (x.kind == Kind::NaN || x.is_zero()) return x;
    if (x.kind == Kind::Inf) return Exact::finite(x.negative, 0, 1);
    if (x.top() < -20) {
        const auto factor = static_cast<std::uint64_t>(x.sig);
        const Enclosure ratio = tanh_ratio_near_zero(magnitude(x));
        return sticky(x.negative, {ratio.low * factor, ratio.high * factor}, x.exp);
    }
    const Power power = exp_of(true, magnitude_up_to(x, exp_top - 1) << 1);  // e^-2|x|
    const Fixed e = power.significand >> -power.exp;
    return sticky(x.negative, and_below(about((one - e) * reciprocal(one + e), 4 * Power::error), one), 0);
}

}  // namespace halfulp
