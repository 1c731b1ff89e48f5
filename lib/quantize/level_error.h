#pragma once

#include <algorithm>

namespace halfulp::quantize {

/// To nearest even. Pre: |x| < 2^51.
inline double nearest_integer(double x) {
    // 3 * 2^51: from 2^52 to 2^53 the numbers of binary64 are the integers, so that adding it rounds.
    constexpr double magic = 0x1.8p52;
    return (x + magic) - magic;
}

/// The integral from 0 to x of (level - t)^2 dt, in steps, for levels at the integers from least to greatest: of each whole step
/// among them it is 1/12.
inline double error_integral(double least, double greatest, double x) {
    const double inside = std::clamp(x, least, greatest), beyond = x - inside;
    const double k = nearest_integer(inside), r = inside - k;
    return k / 12 + r * r * r / 3 + beyond * beyond * beyond / 3;
}

}  // namespace halfulp::quantize
