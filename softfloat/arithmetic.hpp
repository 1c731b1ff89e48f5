#pragma once

#include <cassert>
#include <utility>

#include <halfulp/softfloat/exact.hpp>

// Exact arithmetic: no format, no rounding. Each operation treats the special operands first (IEEE 754-2019, 6 and 7),
// then the finite ones. What does not fit is kept as a Sticky.

namespace halfulp {

/// What an undefined operation signals.
constexpr Status invalid{.invalid = true};

/// -x.
constexpr Exact negated(Exact x) {
    x.negative = !x.negative;
    return x;
}

/// a * b, exact. 0 * inf is invalid.
/// Pre: the significands' widths sum to at most 128 bits, as they do for any two decoded codes (53 + 53).
constexpr Exact mul(const Exact& a, const Exact& b) {
    const bool negative = a.negative != b.negative;
    if (a.kind == Kind::NaN || b.kind == Kind::NaN) return Exact::nan(a.raised | b.raised);
    if (a.kind == Kind::Inf || b.kind == Kind::Inf)
        return a.is_zero() || b.is_zero() ? Exact::nan(invalid) : Exact::inf(negative);
    if (a.is_zero() || b.is_zero()) return Exact::zero(negative);
    assert(bit_width(a.sig) + bit_width(b.sig) <= 128);
    return Exact::finite(negative, a.exp + b.exp, a.sig * b.sig);
}

/// |big| + |small| or |big| - |small| with big's sign. Pre: both Finite, at most 106 bits wide, |big| >= |small|.
constexpr Sticky add_magnitudes(const Exact& big, const Exact& small, bool subtract) {
    // Leading bits at bit 126: one bit of headroom, and 21 guard bits below the 106 of a binary64 product. A bit of
    // `small` can therefore only fall off when it is shifted by more than 20, where at most one leading bit cancels:
    // an inexact result keeps at least 125 bits.
    Exact sum = lifted(big, 126);
    const Exact low = lifted(small, 126);
    const int down = sum.exp - low.exp;
    const u128 moved = down < 128 ? low.sig >> down : 0;
    const bool lost = down >= 128 || (moved << down) != low.sig;
    if (!subtract) {
        sum.sig += moved;
    } else {
        sum.sig -= moved + (lost ? 1U : 0U);  // s - (m + theta) = (s - m - 1) + (1 - theta)
        if (sum.sig == 0) return Exact{.kind = Kind::Cancelled};
    }
    return {sum, lost};
}

/// a + b. inf - inf is invalid. Pre: significands of at most 106 bits, as a product of two binary64 numbers has.
constexpr Sticky add(const Exact& a, const Exact& b) {
    if (a.kind == Kind::NaN || b.kind == Kind::NaN) return Exact::nan(a.raised | b.raised);
    if (a.kind == Kind::Inf && b.kind == Kind::Inf && a.negative != b.negative) return Exact::nan(invalid);
    if (a.kind == Kind::Inf || b.kind == Kind::Inf) return Exact::inf(a.kind == Kind::Inf ? a.negative : b.negative);
    if (a.is_zero() && b.is_zero()) return a.negative == b.negative ? a : Exact{.kind = Kind::Cancelled};
    if (a.is_zero() || b.is_zero()) return a.is_zero() ? b : a;

    const Exact x = lifted(a, 126), y = lifted(b, 126);
    const bool a_is_larger = x.exp > y.exp || (x.exp == y.exp && x.sig >= y.sig);
    return add_magnitudes(a_is_larger ? a : b, a_is_larger ? b : a, a.negative != b.negative);
}

/// a - b.
constexpr Sticky sub(const Exact& a, const Exact& b) { return add(a, negated(b)); }

/// a * b + c with the product kept whole. 0 * inf is invalid even when c is a quiet NaN (IEEE 754-2019, 7.2 c leaves
/// that open; Arm and RISC-V do the same, x86 does not).
constexpr Sticky fma(const Exact& a, const Exact& b, const Exact& c) {
    const Exact product = mul(a, b);
    if (product.kind == Kind::NaN) return Exact::nan(product.raised | c.raised);
    return add(product, c);
}

/// a / b: at least 127 leading bits of the quotient, and whether a remainder is left. 0/0 and inf/inf are invalid,
/// finite/0 raises divide_by_zero. Pre: b's significand has at most 64 bits.
constexpr Sticky div(const Exact& a, const Exact& b) {
    const bool negative = a.negative != b.negative;
    if (a.kind == Kind::NaN || b.kind == Kind::NaN) return Exact::nan(a.raised | b.raised);
    if (a.kind == Kind::Inf) return b.kind == Kind::Inf ? Exact::nan(invalid) : Exact::inf(negative);
    if (b.kind == Kind::Inf) return Exact::zero(negative);
    if (b.is_zero()) return a.is_zero() ? Exact::nan(invalid) : Exact::inf(negative, {.divide_by_zero = true});
    if (a.is_zero()) return Exact::zero(negative);
    // Long division by a digit of 64 bits: 128 bits by 64 leave 64 or 65, the remainder gives 63 more.
    const Exact dividend = lifted(a, 127), divisor = lifted(b, 63);
    const u128 more = (dividend.sig % divisor.sig) << 63;
    const u128 quotient = (dividend.sig / divisor.sig) << 63 | more / divisor.sig;
    return {Exact::finite(negative, dividend.exp - divisor.exp - 63, quotient), more % divisor.sig != 0};
}

/// The square root: 120 leading bits, and whether a remainder is left. sqrt(-0) = -0; other negative operands are
/// invalid.
constexpr Sticky sqrt(const Exact& a) {
    if (a.kind == Kind::NaN || a.is_zero()) return a;
    if (a.negative) return Exact::nan(invalid);
    if (a.kind == Kind::Inf) return a;
    const int leading = lifted(a, 127).exp % 2 == 0 ? 127 : 126;  // whichever makes the exponent even
    const Exact radicand = lifted(a, leading);
    // Digit by digit, as on paper: each pair of the radicand's bits, and 56 pairs of zeros, give one bit of the root.
    u128 root = 0, remainder = 0;
    constexpr int pairs = 64 + 56;
    for (int pair = 0; pair < pairs; ++pair) {
        const int shift = 126 - 2 * pair;
        remainder = remainder << 2 | (shift >= 0 ? radicand.sig >> shift & 3 : 0);
        const u128 trial = root << 2 | 1;  // (2 root + 1)^2 - (2 root)^2
        root <<= 1;
        if (remainder >= trial) {
            remainder -= trial;
            root |= 1;
        }
    }
    return {Exact::finite(false, radicand.exp / 2 - 56, root), remainder != 0};
}

}  // namespace halfulp
