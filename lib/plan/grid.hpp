#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include <halfulp/softfloat/format.hpp>

namespace halfulp::plan {

/// Pre: -1022 <= exponent <= 1023.
inline double power_of_two(int exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

/// That of x's leading bit, at least -1023.
inline int exponent_of(double x) { return static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52 & 0x7FF) - 1023; }

/// The largest power of two that x is a whole number of. Pre: x is normal.
inline double last_place(double x) {
    const std::uint64_t significand =
        (std::bit_cast<std::uint64_t>(x) & ((std::uint64_t{1} << 52) - 1)) | std::uint64_t{1} << 52;
    return power_of_two(exponent_of(x) - 52 + std::countr_zero(significand));
}

/// Is x a whole number of units, each a power of two?
inline bool is_multiple(double x, double unit) { return std::nearbyint(x / unit) * unit == x; }

/// Where a format has its numbers, for sums in binary64. Pre: the format is narrower than that.
struct Grid {
    int least_exponent, fraction_bits;  ///< of the least normal number; of a significand
    double largest;                     ///< number

    /// Of the format's numbers.
    explicit Grid(const Format& f)
        : least_exponent(f.emin()),
          fraction_bits(f.fraction_bits()),
          largest(static_cast<double>((f.max_code() & ((std::uint64_t{1} << fraction_bits) - 1)) +
                                      (std::uint64_t{1} << fraction_bits)) *
                  power_of_two(f.emax() - fraction_bits)) {}

    /// The distance of neighbours around x: of x's binade or, below the normal numbers, the smallest number.
    double unit(double x) const { return power_of_two(std::max(exponent_of(x), least_exponent) - fraction_bits); }

    /// To nearest even, as if there were no largest number.
    double nearest(double x) const { return std::nearbyint(x / unit(x)) * unit(x); }

    /// The same; infinite beyond the largest number.
    double rounded(double x) const {
        const double r = nearest(x);
        return std::abs(r) > largest ? std::copysign(INFINITY, x) : r;
    }
};

}  // namespace halfulp::plan
