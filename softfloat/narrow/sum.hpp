#pragma once

#include <algorithm>
#include <cstdint>

#include <halfulp/softfloat/narrow/number.hpp>

namespace halfulp::narrow {

/// The sign of x + y where that is zero (IEEE 754-2019, 6.3).
[[gnu::always_inline]] constexpr bool zero_is_negative(const Number& x, const Number& y, const auto& env) {
    return x.negative == y.negative ? x.negative : env.rounding == Rounding::Down;
}

/// x + y as integers in units of 2^Exp. Pre: x.exp, y.exp >= Exp, and the integers stay below 2^62.
template <int Exp>
[[gnu::always_inline]] constexpr Number sum_of_integers(const Number& x, const Number& y, const auto& env) {
    const auto integer = [](const Number& n) {
        const auto magnitude = static_cast<std::int64_t>(n.sig << (n.exp - Exp));
        return n.negative ? -magnitude : magnitude;
    };
    const std::int64_t sum = integer(x) + integer(y);
    const bool negative = sum == 0 ? zero_is_negative(x, y, env) : sum < 0;
    return {negative, Exp, static_cast<std::uint64_t>(sum < 0 ? -sum : sum)};
}

/// x + y, the one of the smaller exponent brought to that of the other. Pre: significands of at most Width <= 28 bits.
template <int Width>
[[gnu::always_inline]] constexpr Number sum_aligned(const Number& x, const Number& y, const auto& env) {
    static_assert(Width <= 28);
    // The significands are lifted by more bits than any has, so that a bit of the lower number can only get below where
    // that is the smaller one, and at most one leading bit cancels: more bits than Width are left. A zero is the lower.
    const bool x_is_high = y.sig == 0 || (x.sig != 0 && x.exp >= y.exp);
    constexpr int lift = 61 - Width;
    const std::uint64_t minuend = select(x_is_high, x.sig, y.sig) << lift;
    const std::uint64_t whole = select(x_is_high, y.sig, x.sig) << lift;
    const int high_exp = x_is_high ? x.exp : y.exp, low_exp = x_is_high ? y.exp : x.exp;
    const int down = std::max(high_exp - low_exp, 0), shift = std::min(down, 63);
    const std::uint64_t moved = whole >> shift;
    std::uint64_t below = whole << 1 << (63 - shift);
    if (down > 63 && is_stochastic(env)) below = jam(whole, std::min(down - 64, 63));

    const bool subtract = x.negative != y.negative, turned = subtract && moved > minuend;
    const std::uint64_t difference = minuend - moved - static_cast<std::uint64_t>(below != 0);
    const std::uint64_t sum = select(subtract, select(turned, 0 - difference, difference), minuend + moved);
    const bool high_is_negative = x_is_high ? x.negative : y.negative;
    const bool negative = sum == 0 ? zero_is_negative(x, y, env) : high_is_negative != turned;
    return {negative, high_exp - lift, sum, subtract ? 0 - below : below};
}

/// x + y. Pre: significands of at most Width bits, exponents from Least to Most.
template <int Width, int Least, int Most>
[[gnu::always_inline]] constexpr Number sum(const Number& x, const Number& y, const auto& env) {
    if constexpr (Most - Least + Width <= 61) {
        return sum_of_integers<Least>(x, y, env);
    } else {
        return sum_aligned<Width>(x, y, env);
    }
}

}  // namespace halfulp::narrow
