#pragma once

#include <halfulp/softfloat/arithmetic.hpp>

// x - n y for an integer n, exactly: it needs no rounding in a format that has x and y, however large x / y is.

namespace halfulp {

/// What is left of a dividend, 0 <= rest < divisor, and the last bit of the quotient.
struct Division {
    u128 rest;  ///< what is left of the dividend
    bool odd;   ///< is the quotient odd?
};

/// dividend * 2^doublings by divisor: long division in base two, of which only the last digit of the quotient is kept.
/// Pre: divisor != 0; below 2^127 where there are doublings.
constexpr Division divided(u128 dividend, u128 divisor, int doublings) {
    Division d{dividend % divisor, (dividend / divisor & 1) != 0};
    for (; doublings > 0; --doublings) {
        d.rest <<= 1;
        d.odd = d.rest >= divisor;
        if (d.odd) d.rest -= divisor;
    }
    return d;
}

/// The integer n next to x / y: toward zero, or the nearest, to even between two.
enum class Quotient : std::uint8_t { Truncated, Nearest };

/// Pre: both Finite, significands of at most 64 bits.
constexpr Exact finite_remainder(const Exact& x, const Exact& y, Quotient quotient) {
    const int finer = y.exp - x.exp;  // how many binary places x has below y's last
    // Then |x| < 2^64 * 2^x.exp < |y| / 2: n is 0.
    if (finer > 64) return x;
    const u128 divisor = finer > 0 ? y.sig << finer : y.sig;
    auto [rest, odd] = divided(x.sig, divisor, -finer);
    const u128 to_next = divisor - rest;
    const bool next = quotient == Quotient::Nearest && (rest > to_next || (rest == to_next && odd));
    if (next) rest = to_next;
    if (rest == 0) return Exact::zero(x.negative);
    return Exact::finite(x.negative != next, finer > 0 ? x.exp : y.exp, rest);
}

/// A zero has x's sign; x modulo infinity is x; modulo zero, or of infinity, it is invalid.
constexpr Exact remainder_of(const Exact& x, const Exact& y, Quotient quotient) {
    if (x.kind == Kind::NaN || y.kind == Kind::NaN) return Exact::nan(x.raised | y.raised);
    if (x.kind == Kind::Inf || y.is_zero()) return Exact::nan(invalid);
    if (x.is_zero() || y.kind == Kind::Inf) return x;
    return finite_remainder(x, y, quotient);
}

/// IEEE 754-2019, 5.3.1: n is the integer nearest to x / y, to even between two. Pre: significands of at most 64 bits.
constexpr Exact remainder(const Exact& x, const Exact& y) { return remainder_of(x, y, Quotient::Nearest); }

/// C's fmod: n is x / y truncated. Pre: significands of at most 64 bits.
constexpr Exact fmod(const Exact& x, const Exact& y) { return remainder_of(x, y, Quotient::Truncated); }

}  // namespace halfulp
