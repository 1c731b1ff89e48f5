#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <halfulp/softfloat/format.hpp>

namespace halfulp::conditioning {

/// What rounding numbers to a format does to them.
struct StorageLoss {
    Format format;          ///< in which numbers are stored
    std::size_t beyond;     ///< become infinite, or the largest number where there is no infinity
    std::size_t lost;       ///< become 0, and were not
    std::size_t subnormal;  ///< become subnormal, and are changed by it
    double unit_roundoff;   ///< the most that rounding to a normal number changes it by, relatively

    /// What may be left of a result of that condition number when its inputs are rounded, in decimal digits:
    /// -log10(kappa u), at least 0; 0 if a number is beyond the range.
    double digits(double kappa) const;
};

/// Pre: finite numbers.
StorageLoss loss_in(const Format& format, std::span<const double> numbers);

/// Why data of that condition number cannot be stored in the format; empty if they can. Numbers beyond the range, or
/// kappa u >= 1: then even rounding the data may change all digits of the result.
std::vector<std::string> against(const StorageLoss& storage, double kappa);

/// What is to be watched although they can: numbers that are lost or lose digits below the normal numbers.
std::vector<std::string> warnings(const StorageLoss& storage);

}  // namespace halfulp::conditioning
