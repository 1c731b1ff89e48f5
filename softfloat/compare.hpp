#pragma once

#include <compare>

#include <halfulp/softfloat/arithmetic.hpp>

namespace halfulp {

/// IEEE 754-2019, 5.11: zeros are equal, NaN is unordered with everything.
constexpr std::partial_ordering compare(const Exact& a, const Exact& b) {
    if (a.kind == Kind::NaN || b.kind == Kind::NaN) return std::partial_ordering::unordered;
    const Exact difference = sub(a, b).value;
    const bool equal_infinities = difference.kind == Kind::NaN;
    if (equal_infinities || difference.is_zero()) return std::partial_ordering::equivalent;
    return difference.negative ? std::partial_ordering::less : std::partial_ordering::greater;
}

}  // namespace halfulp
