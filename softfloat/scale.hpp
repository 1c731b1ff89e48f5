#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include <halfulp/softfloat/arithmetic.hpp>

// IEEE 754-2019, 5.3.3: scaleB and logB.

namespace halfulp {

/// x * 2^n, exact: round_pack makes it a code. Beyond 2^(2^20) and its inverse, where no format reaches, n is clamped.
constexpr Exact scalb(Exact x, std::int64_t n) {
    constexpr std::int64_t beyond = 1 << 20;
    if (x.kind == Kind::Finite) x.exp += static_cast<int>(std::clamp(n, -beyond, beyond));
    return x;
}

/// The exponent of |x|, floor(log2 |x|), as a number. Of zero it is -inf, and divide_by_zero; of either infinity +inf.
constexpr Exact logb(const Exact& x) {
    if (x.kind == Kind::NaN) return x;
    if (x.kind == Kind::Inf) return Exact::inf(false);
    if (x.is_zero()) return Exact::inf(true, {.divide_by_zero = true});
    return exact(x.top());
}

/// An integer with the exceptions signalled on the way.
struct Exponent {
    std::int32_t value;  ///< of the leading bit
    Status status;       ///< invalid, where there is no such exponent

    friend constexpr bool operator==(const Exponent&, const Exponent&) = default;
};

/// The same as an integer. Of zero it is the least 32-bit integer, of infinity and NaN the greatest, and invalid, as
/// C's ilogb has it where FP_ILOGBNAN is INT_MAX.
constexpr Exponent logb_integer(const Exact& x) {
    using Limits = std::numeric_limits<std::int32_t>;
    if (x.kind == Kind::Finite) return {x.top(), {}};
    return {x.is_zero() ? Limits::min() : Limits::max(), invalid};
}

}  // namespace halfulp
