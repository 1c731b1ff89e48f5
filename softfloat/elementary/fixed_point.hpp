#pragma once

#include <array>
#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>

#include <halfulp/softfloat/exact.hpp>

namespace halfulp::elementary {

/// An unsigned fixed-point number with 64 bits before the binary point and 192 after it. Errors are counted in units of
/// its last place, 2^-192. What lies below a unit is cut off; what lies above the first bit must not arise.
struct Fixed {
    static constexpr int fraction_bits = 192;

    std::array<std::uint64_t, 4> limbs = {};  ///< least significant first

    static constexpr Fixed integer(std::uint64_t n) { return {{0, 0, 0, n}}; }
    static constexpr Fixed units(std::uint64_t n) { return {{n, 0, 0, 0}}; }

    friend constexpr bool operator==(const Fixed&, const Fixed&) = default;
};

constexpr std::strong_ordering operator<=>(const Fixed& a, const Fixed& b) {
    for (std::size_t i = 4; i-- > 0;)
        if (a.limbs[i] != b.limbs[i]) return a.limbs[i] <=> b.limbs[i];
    return std::strong_ordering::equal;
}

/// step(0) to step(3): a loop, which g++ -O2 would keep, at twice the time.
constexpr void for_each_limb(const auto& step) {
    step(0U);
    step(1U);
    step(2U);
    step(3U);
}

constexpr Fixed operator+(const Fixed& a, const Fixed& b) {
    Fixed sum;
    u128 carry = 0;
    for_each_limb([&](std::size_t i) {
        carry += u128{a.limbs[i]} + b.limbs[i];
        sum.limbs[i] = static_cast<std::uint64_t>(carry);
        carry >>= 64;
    });
    assert(carry == 0);
    return sum;
}

/// Pre: a >= b.
constexpr Fixed operator-(const Fixed& a, const Fixed& b) {
    Fixed difference;
    u128 borrow = 0;
    for_each_limb([&](std::size_t i) {
        const u128 limb = u128{a.limbs[i]} - b.limbs[i] - borrow;
        difference.limbs[i] = static_cast<std::uint64_t>(limb);
        borrow = limb >> 127;
    });
    assert(borrow == 0);
    return difference;
}

/// a n + c: the four low limbs go in c's place, the fifth is returned.
constexpr std::uint64_t multiply_add(const Fixed& a, std::uint64_t n, std::uint64_t* c) {
    std::uint64_t carry = 0;
    for_each_limb([&](std::size_t i) {
        const u128 sum = u128{a.limbs[i]} * n + c[i] + carry;
        c[i] = static_cast<std::uint64_t>(sum);
        carry = static_cast<std::uint64_t>(sum >> 64);
    });
    return carry;
}

/// Error below a unit: the whole product is formed, and its last 192 bits cut off. Small numbers belong on the right: a
/// row of zeros costs nothing.
constexpr Fixed operator*(const Fixed& a, const Fixed& b) {
    std::array<std::uint64_t, 8> product{};
    for_each_limb([&](std::size_t i) {
        if (b.limbs[i] != 0) product[i + 4] = multiply_add(a, b.limbs[i], &product[i]);
    });
    assert(product[7] == 0);
    return {{product[3], product[4], product[5], product[6]}};
}

/// Exact.
constexpr Fixed operator*(const Fixed& a, std::uint64_t n) {
    Fixed product;
    [[maybe_unused]] const std::uint64_t carry = multiply_add(a, n, product.limbs.data());
    assert(carry == 0);
    return product;
}

/// Error below a unit.
constexpr Fixed operator/(const Fixed& a, std::uint64_t n) {
    Fixed quotient;
    u128 rest = 0;
    for (std::size_t i = 4; i-- > 0;) {
        rest = rest << 64 | a.limbs[i];
        quotient.limbs[i] = static_cast<std::uint64_t>(rest / n);
        rest %= n;
    }
    return quotient;
}

/// a * 2^by. Pre: 0 <= by; no bit is lost.
constexpr Fixed operator<<(const Fixed& a, int by) {
    const auto limbs = static_cast<std::size_t>(by / 64);
    Fixed shifted;
    for_each_limb([&](std::size_t i) {
        const u128 pair = u128{i >= limbs ? a.limbs[i - limbs] : 0} << 64 | (i > limbs ? a.limbs[i - limbs - 1] : 0);
        shifted.limbs[i] = static_cast<std::uint64_t>(pair >> (64 - by % 64));
    });
    return shifted;
}

/// a * 2^-by. Pre: 0 <= by.
constexpr Fixed operator>>(const Fixed& a, int by) {
    const auto limbs = static_cast<std::size_t>(by / 64);
    Fixed shifted;
    for_each_limb([&](std::size_t i) {
        const std::size_t from = i + limbs;
        const u128 pair = u128{from < 3 ? a.limbs[from + 1] : 0} << 64 | (from < 4 ? a.limbs[from] : 0);
        shifted.limbs[i] = static_cast<std::uint64_t>(pair >> by % 64);
    });
    return shifted;
}

/// a * 2^by.
constexpr Fixed scaled(const Fixed& a, int by) { return by < 0 ? a >> -by : a << by; }

/// Number of bits without leading zeros, those after the binary point included.
constexpr int bit_width(const Fixed& a) {
    const auto pair = [&](std::size_t i) { return u128{a.limbs[i + 1]} << 64 | a.limbs[i]; };
    return pair(2) != 0 ? 128 + halfulp::bit_width(pair(2)) : halfulp::bit_width(pair(0));
}

}  // namespace halfulp::elementary
