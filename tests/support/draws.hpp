#pragma once

#include <cstdint>
#include <halfulp/lib/kernel/batch.hpp>

namespace halfulp::test {

/// 1 / x modulo 2^64, by Newton's iteration: each step doubles the right bits. Pre: x is odd.
constexpr std::uint64_t inverse(std::uint64_t x) {
    std::uint64_t y = x;  // 3 bits are right
    for (int bits = 3; bits < 64; bits *= 2) y *= 2 - x * y;
    return y;
}

/// The argument of mixed_bits.
constexpr std::uint64_t unmixed_bits(std::uint64_t x) {
    x = (x ^ x >> 31 ^ x >> 62) * inverse(0x94d049bb133111eb);
    x = (x ^ x >> 27 ^ x >> 54) * inverse(0xbf58476d1ce4e5b9);
    return x ^ x >> 30 ^ x >> 60;
}
static_assert(mixed_bits(unmixed_bits(0x0123456789abcdef)) == 0x0123456789abcdef);

/// Draws of which element 0 has these 32 bits.
constexpr kernel::Draws draws_beginning_with(std::uint32_t random) {
    const std::uint64_t pair = 0xFFFFFFFF00000000 | random;  // element 1 has the upper half
    return {.seed = unmixed_bits(unmixed_bits(pair) - 0x9e3779b97f4a7c15)};
}
static_assert(kernel::draw(draws_beginning_with(0xfedcba98), 0) == 0xfedcba9800000000);

}  // namespace halfulp::test
