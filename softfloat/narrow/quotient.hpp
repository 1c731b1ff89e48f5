#pragma once

#include <bit>
#include <cstdint>

#include <halfulp/softfloat/narrow/number.hpp>

namespace halfulp::narrow {

/// The same number with Width significant bits. Pre: 0 < x.sig < 2^Width.
template <int Width>
[[gnu::always_inline]] constexpr Number normalised(const Number& x) {
    const int up = std::countl_zero(x.sig) - (64 - Width);
    return {x.negative, x.exp - up, x.sig << up};
}

/// The next 64 bits of a quotient, by long division in digits of 16. Pre: remainder < divisor < 2^16.
constexpr std::uint64_t more_of_quotient(std::uint32_t remainder, std::uint32_t divisor) {
    std::uint64_t digits = 0;
    for (int digit = 0; digit < 4; ++digit) {
        const std::uint32_t dividend = remainder << 16;
        digits = digits << 16 | dividend / divisor;
        remainder = dividend % divisor;
    }
    return digits | static_cast<std::uint64_t>(remainder != 0);
}

/// x / y, to at least Width + 2 bits. Pre: significands of at most Width <= 14 bits, not 0.
template <int Width>
[[gnu::always_inline]] constexpr Number quotient(const Number& x, const Number& y, const auto& env) {
    static_assert(Width <= 14);
    constexpr int more = Width + 2;
    const Number a = normalised<Width>(x), b = normalised<Width>(y);
    const auto dividend = static_cast<std::uint32_t>(a.sig) << more, divisor = static_cast<std::uint32_t>(b.sig);
    const std::uint32_t quotient = dividend / divisor, remainder = dividend % divisor;
    const bool all = is_stochastic(env);
    return {x.negative != y.negative, a.exp - b.exp - more, quotient,
            all ? more_of_quotient(remainder, divisor) : remainder};
}

}  // namespace halfulp::narrow
