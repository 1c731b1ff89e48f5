#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <halfulp/softfloat/elementary/fixed_point.hpp>
#include <halfulp/softfloat/elementary/roots.hpp>

// Every constant of the elementary functions, computed by the compiler.

namespace halfulp::elementary {

enum class Signs : std::uint8_t { Equal, Alternating };

/// 2^48 times the sum of (+-1)^k q^-(2k+1) / (2k+1): artanh(1/q) with equal signs, arctan(1/q) with alternating ones.
/// Each of at most 75 terms is cut twice, so that the error is below 150 units: 2^-40 of a unit of the sum itself.
constexpr Fixed inverse_series(std::uint64_t q, Signs signs) {
    Fixed power = (Fixed::integer(1) << 48) / q, added, subtracted;
    for (std::uint64_t k = 0; power != Fixed{}; ++k, power = power / (q * q)) {
        Fixed& sum = signs == Signs::Alternating && k % 2 == 1 ? subtracted : added;
        sum = sum + power / (2 * k + 1);
    }
    return added - subtracted;
}

/// ln 2 = 2 artanh(1/3), cut to the last place.
inline constexpr Fixed ln2 = inverse_series(3, Signs::Equal) >> 47;

/// Machin 1706: pi = 16 arctan(1/5) - 4 arctan(1/239), cut to the last place.
inline constexpr Fixed pi =
    (inverse_series(5, Signs::Alternating) * 16 - inverse_series(239, Signs::Alternating) * 4) >> 48;

/// Errors below 16 units.
inline constexpr Fixed two_over_root_pi = inverse_root(pi) << 1;
inline constexpr Fixed one_over_root_two_pi = inverse_root(pi >> 1) >> 1;

/// 1 / j!, cut to the last place. The first one left out is below 2^-52.
inline constexpr auto inverse_factorials = [] {
    std::array<Fixed, 18> table;
    Fixed scaled_up = Fixed::integer(1) << 63;
    for (std::size_t j = 0; j < table.size(); ++j) {
        if (j > 0) scaled_up = scaled_up / j;
        table[j] = scaled_up >> 63;
    }
    return table;
}();

/// 1 / (2k + 1), cut to the last place.
inline constexpr auto odd_reciprocals = [] {
    std::array<Fixed, 128> table;
    for (std::size_t k = 0; k < table.size(); ++k) table[k] = Fixed::integer(1) / (2 * k + 1);
    return table;
}();

}  // namespace halfulp::elementary
