#pragma once

#include <compare>
#include <cstdint>
#include <limits>

#include <halfulp/softfloat/compare.hpp>
#include <halfulp/softfloat/sign.hpp>

// The comparisons of IEEE 754-2019 with their exceptions (5.11), and its total order (5.10).

namespace halfulp {

/// The outcome of a comparison.
struct Compared {
    std::partial_ordering order;  ///< unordered if one is NaN
    Status status;                ///< invalid for a signaling NaN, and for any where the comparison signals
};

/// Invalid for signaling NaNs only: what == means.
constexpr Compared compare_quiet(const Exact& a, const Exact& b) {
    return {compare(a, b), {.invalid = a.raised.invalid || b.raised.invalid}};
}

/// Invalid for every NaN: what < <= > >= mean.
constexpr Compared compare_signaling(const Exact& a, const Exact& b) {
    const std::partial_ordering order = compare(a, b);
    return {order, {.invalid = order == std::partial_ordering::unordered}};
}

/// Codes in ascending order of the numbers, of -0 and +0, and of the NaNs around them: negative ones below, positive ones
/// above everything, quiet ones outermost, and further out the larger the payload. The one NaN of the fnuz formats
/// counts as positive.
constexpr std::int64_t total_order_key(const Format& f, std::uint64_t code) {
    if (f.is_nan(code) && !f.has_negative_zero) return std::numeric_limits<std::int64_t>::max();
    const auto magnitude = static_cast<std::int64_t>(code & f.magnitude_mask());
    return is_negative(f, code) ? -1 - magnitude : magnitude;
}

/// totalOrder(a, b): is a at or below b?
constexpr bool total_order(const Format& f, std::uint64_t a, std::uint64_t b) {
    return total_order_key(f, a) <= total_order_key(f, b);
}

/// totalOrderMag(a, b): the same of their absolute values.
constexpr bool total_order_mag(const Format& f, std::uint64_t a, std::uint64_t b) {
    return total_order(f, abs(f, a), abs(f, b));
}

}  // namespace halfulp
