#pragma once

#include <cstddef>
#include <cstdint>

#include <halfulp/softfloat/elementary/constants.hpp>
#include <halfulp/softfloat/elementary/enclosure.hpp>
#include <halfulp/softfloat/elementary/fixed_point.hpp>
#include <halfulp/softfloat/exact.hpp>

namespace halfulp {
namespace elementary {

/// artanh s = s + s^3/3 + s^5/5 + ..., error below 8 units. Pre: s <= 3/17.
/// The first term left out is (3/17)^77 / 77 < 2^-198, and the next is a thirtieth of it.
constexpr Fixed artanh(const Fixed& s) {
    constexpr std::size_t terms = 38;
    const Fixed square = s * s;
    Fixed sum = odd_reciprocals[terms - 1];
    for (std::size_t k = terms - 1; k-- > 0;) sum = odd_reciprocals[k] + sum * square;
    return sum * s;
}

}  // namespace elementary

/// The natural logarithm. log(1) = +0 and log(inf) = inf are exact, log(+-0) = -inf raises divide_by_zero, and negative
/// operands are invalid (IEEE 754-2019, 9.2.1). Pre: x is a number of a format of at most 16 bits.
/// x = 2^k f with 7/10 <= f < 7/5; log f = 2 artanh((f - 1) / (f + 1)).
constexpr Sticky log(const Exact& x) {
    using namespace elementary;
    if (x.kind == Kind::NaN) return x;
    if (x.is_zero()) return Exact::inf(true, {.divide_by_zero = true});
    if (x.negative) return Exact::nan({.invalid = true});
    if (x.kind == Kind::Inf) return x;

    const auto sig = static_cast<std::uint64_t>(x.sig);
    const int floor = bit_width(x.sig) - 1;
    const int place = floor + (sig * 5 < std::uint64_t{7} << floor ? 0 : 1);
    const std::uint64_t one = std::uint64_t{1} << place;  // f = sig / one
    const int k = x.exp + place;
    if (k == 0 && sig == one) return Exact::zero(false);

    const bool below_one = sig < one;
    const Fixed rest = artanh(Fixed::integer(below_one ? one - sig : sig - one) / (sig + one)) << 1;
    const Fixed whole = ln2 * static_cast<std::uint64_t>(k < 0 ? -k : k);
    const Fixed sum = k == 0 ? rest : (k < 0) == below_one ? whole + rest : whole - rest;
    constexpr std::uint64_t error = 1 << 10;  // |k| < 2^8, each ln 2 a unit, and 16 for the rest
    return sticky(k == 0 ? below_one : k < 0, about(sum, error), 0);
}

}  // namespace halfulp
