#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

#include <halfulp/softfloat/elementary/fixed_point.hpp>
#include <halfulp/softfloat/exact.hpp>

namespace halfulp::elementary {

/// What is known of a number: low < number < high, strictly.
struct Enclosure {
    Fixed low, high;
};

/// Whatever is less than `error` units away from x.
constexpr Enclosure about(const Fixed& x, std::uint64_t error) {
    return {x - Fixed::units(error), x + Fixed::units(error)};
}
/// Whatever else is known: a strict upper or lower bound.
constexpr Enclosure and_below(const Enclosure& x, const Fixed& bound) { return {x.low, std::min(x.high, bound)}; }
constexpr Enclosure and_above(const Enclosure& x, const Fixed& bound) { return {std::max(x.low, bound), x.high}; }

/// The leading bits that a result keeps, more than the contract of Sticky asks for.
constexpr int kept_bits = 120;

/// Whether all numbers between the bounds have the same leading bits and more bits below them.
constexpr bool is_decided(const Enclosure& x) {
    const int drop = bit_width(x.low) - kept_bits;
    return drop >= 0 && (x.low >> drop) == ((x.high - Fixed::units(1)) >> drop);
}

/// (-1)^negative * x * 2^exp.
/// Pre: is_decided(x). The functions of this folder see to it for every number of every format of at most 16 bits:
/// tests/oracle/elementary_test.cpp walks through them all.
constexpr Sticky sticky(bool negative, const Enclosure& x, int exp) {
    assert(is_decided(x));
    const int drop = bit_width(x.low) - kept_bits;
    const Fixed kept = x.low >> drop;
    const u128 sig = u128{kept.limbs[1]} << 64 | kept.limbs[0];
    return {Exact::finite(negative, exp + drop - Fixed::fraction_bits, sig), true};
}

/// |x|, cut to a unit. Pre: Finite, below 2^64.
constexpr Fixed magnitude(const Exact& x) { return scaled(Fixed::integer(static_cast<std::uint64_t>(x.sig)), x.exp); }

/// |x|, or 2^top if that is less.
constexpr Fixed magnitude_up_to(const Exact& x, int top) {
    return x.top() < top ? magnitude(x) : Fixed::integer(1) << top;
}

}  // namespace halfulp::elementary
