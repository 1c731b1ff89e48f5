#pragma once

#include <cstdint>

#include <halfulp/softfloat/elementary/fixed_point.hpp>

namespace halfulp::elementary {

/// 1 / a, at most 4 units too small. Pre: a >= 1, and its leading 60 bits are not all ones.
/// Newton's y + y (1 - b y) squares the relative error 1 - b y: from below 2^-61 to 2^-122 and 2^-244. It stays positive,
/// so that y approaches from below.
constexpr Fixed reciprocal(const Fixed& a) {
    const Fixed one = Fixed::integer(1);
    const int shift = bit_width(a) - bit_width(one);
    const Fixed b = a >> shift;                                            // 1 <= b < 2
    const std::uint64_t above = (b.limbs[3] << 63 | b.limbs[2] >> 1) + 1;  // b, in 2^-63, rounded up
    Fixed y{{0, 0, static_cast<std::uint64_t>((u128{1} << 127) / above), 0}};
    for (int step = 0; step < 2; ++step) y = y + y * (one - b * y);
    return y >> shift;
}

/// 1 / sqrt(a), error below 8 units. Pre: 1 <= a <= 4.
/// Newton's y (3 - a y^2) / 2 takes e = 1 - a y^2 to e^2 (3 + e) / 4. The straight line from which it starts has |e| <
/// 0.32, hence 0.09, 6e-3, 3e-5, 7e-10, 4e-19, 1e-37, 7e-75 < 2^-192. The last step adds less than 3 units of cuts.
constexpr Fixed inverse_root(const Fixed& a) {
    Fixed y = (Fixed::integer(22) - a * 3) / 20;
    for (int step = 0; step < 7; ++step) y = y * (Fixed::integer(3) - a * (y * y)) >> 1;
    return y;
}

}  // namespace halfulp::elementary
