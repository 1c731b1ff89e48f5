#pragma once

#include <cstddef>
#include <span>

#include <halfulp/softfloat/format.hpp>

namespace halfulp::workload {

/// How far results are from what they should be.
struct Error {
    double largest;           ///< max |x - t|
    double largest_relative;  ///< max |x - t| / |t|; infinite where t = 0 and x is not
    double largest_ulps;      ///< max |x - t| in units of the last place of t in the result's format, but for t = 0
    double relative_norm;     ///< |x - t| / |t|, in the Euclidean norm
    std::size_t not_finite;   ///< results that are infinite or NaN; each of the above is then infinite

    /// -20 log10 of the relative norm: signal to noise, in decibels.
    double sqnr() const;
    /// -log10 of the relative norm: decimals that are right.
    double digits() const;
};

/// The most that rounding to nearest changes a normal number by, relatively: half the distance from 1 to the next.
double unit_roundoff(const Format& format);

/// Pre: as many truths, all finite, as results.
Error error_of(std::span<const double> results, std::span<const double> truths, const Format& format);

}  // namespace halfulp::workload
