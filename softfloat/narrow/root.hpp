#pragma once

#include <cstdint>

#include <halfulp/softfloat/narrow/quotient.hpp>

namespace halfulp::narrow {

/// The largest integer whose square is at most x. Pre: 2^28 <= x < 2^30.
[[gnu::always_inline]] constexpr std::uint32_t root_of_integer(std::uint32_t x) {
    // With m = x / 2^28, 0.5186 + 0.5260 m - 0.0395 m^2 differs from sqrt(m) by 1/199 of it at most: the best parabola on
    // [1, 4]. A step of Heron's method leaves half the square of that, and never falls short: among 15 bits the last
    // one may be 1 too large.
    constexpr std::uint32_t a = 8496, b = 8618, c = 648;  // in units of 2^-14, as m is from here on
    const std::uint32_t m = x >> 14;
    const std::uint32_t estimate = a + (m * (b - (c * m >> 14)) >> 14);
    const std::uint32_t root = (estimate + x / estimate) / 2;
    return root * root > x ? root - 1 : root;
}

/// The next 64 bits of a square root, digit by digit: those of f where (root + f)^2 = root^2 + remainder.
constexpr std::uint64_t more_of_root(std::uint32_t root, std::uint32_t remainder) {
    // Fixed-point numbers of two words, in units of 1 and of 2^-64: what is left of the square, doubled with each digit,
    // and twice the root so far.
    std::uint64_t left = remainder, left_low = 0, twice = std::uint64_t{2} * root, twice_low = 0, digits = 0;
    for (std::uint64_t digit = std::uint64_t{1} << 63; digit != 0; digit >>= 1) {
        left = left << 1 | left_low >> 63;
        left_low <<= 1;
        const std::uint64_t trial_low = twice_low | digit;
        if (left < twice || (left == twice && left_low < trial_low)) continue;
        left -= twice + static_cast<std::uint64_t>(left_low < trial_low);
        left_low -= trial_low;
        twice += digit >> 63;
        twice_low += digit << 1;
        digits |= digit;
    }
    return digits | static_cast<std::uint64_t>((left | left_low) != 0);
}

/// The square root of x, to 15 bits. Pre: a significand of at most Width <= 14 bits, not 0.
template <int Width>
[[gnu::always_inline]] constexpr Number root(const Number& x, const auto& env) {
    static_assert(Width <= 14);
    const Number a = normalised<Width>(x);
    const int up = 29 - Width + ((a.exp - (29 - Width)) & 1);  // whichever of two makes the exponent even
    const auto radicand = static_cast<std::uint32_t>(a.sig << up);
    const std::uint32_t root = root_of_integer(radicand), remainder = radicand - root * root;
    const bool all = is_stochastic(env);
    return {false, (a.exp - up) / 2, root, all ? more_of_root(root, remainder) : remainder};
}

}  // namespace halfulp::narrow
