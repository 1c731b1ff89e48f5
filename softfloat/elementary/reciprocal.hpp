#pragma once

#include <cstdint>

#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/elementary/enclosure.hpp>
#include <halfulp/softfloat/elementary/fixed_point.hpp>
#include <halfulp/softfloat/elementary/roots.hpp>
#include <halfulp/softfloat/exact.hpp>

namespace halfulp {

/// 1 / x: the division. recip(+-0) = +-inf raises divide_by_zero, recip(+-inf) = +-0 is exact.
constexpr Sticky recip(const Exact& x) { return div(exact(1), x); }

/// 1 / sqrt(x). rsqrt(+-0) = +-inf raises divide_by_zero, rsqrt(inf) = +0 is exact, and other negative operands are
/// invalid (IEEE 754-2019, 9.2.1, rSqrt). Powers of four have exact results, and they alone: if the result is a 2^k with
/// odd a, then x a^2 is a power of two. Pre: x is a number of a format of at most 16 bits.
constexpr Sticky rsqrt(const Exact& x) {
    using namespace elementary;
    if (x.kind == Kind::NaN) return x;
    if (x.is_zero()) return Exact::inf(x.negative, {.divide_by_zero = true});
    if (x.negative) return Exact::nan({.invalid = true});
    if (x.kind == Kind::Inf) return Exact::zero(false);
    const int even = x.top() - (x.top() & 1);  // x = a 2^even, 1 <= a < 4
    const Fixed a = scaled(Fixed::integer(static_cast<std::uint64_t>(x.sig)), x.exp - even);
    if (a == Fixed::integer(1)) return Exact::finite(false, -even / 2, 1);
    return sticky(false, about(inverse_root(a), 8), -even / 2);
}

}  // namespace halfulp
