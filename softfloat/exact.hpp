#pragma once

#include <bit>
#include <cassert>
#include <concepts>
#include <cstdint>

#include <halfulp/softfloat/env.hpp>

namespace halfulp {

/// An unsigned integer of 128 bits, which g++ and clang have on every 64-bit target.
__extension__ typedef unsigned __int128 u128;

/// Number of bits of x without leading zeros; 0 for 0.
constexpr int bit_width(u128 x) {
    const auto high = static_cast<std::uint64_t>(x >> 64);
    const auto low = static_cast<std::uint64_t>(x);
    return high != 0 ? 64 + static_cast<int>(std::bit_width(high)) : static_cast<int>(std::bit_width(low));
}

/// What sort of value an Exact is.
enum class Kind : std::uint8_t {
    Zero,
    Cancelled,  ///< zero as the sum of opposite numbers: the rounding chooses its sign (IEEE 754-2019, 6.3)
    Finite,
    Inf,
    NaN,
};

/// A real number, infinity or NaN, without format and without rounding:
///     (-1)^negative * sig * 2^exp        if Finite; sig != 0, not necessarily normalised.
/// One type for every format, so that operations never meet a format.
struct Exact {
    Kind kind = Kind::Zero;  ///< a number, zero, infinity or NaN
    bool negative = false;   ///< the sign, of zero and infinity too
    int exp = 0;             ///< of the last bit: the value is sig * 2^exp
    u128 sig = 0;            ///< only if Finite, and then not 0
    Status raised = {};      ///< exceptions on the way here: invalid, divide_by_zero

    /// a zero of that sign
    static constexpr Exact zero(bool negative) { return {.kind = Kind::Zero, .negative = negative}; }
    /// The number +-sig * 2^exp. Pre: sig is not 0.
    static constexpr Exact finite(bool negative, int exp, u128 sig) {
        return {.kind = Kind::Finite, .negative = negative, .exp = exp, .sig = sig};
    }
    /// An infinity, and what was signalled on the way to it.
    static constexpr Exact inf(bool negative, Status raised = {}) {
        return {.kind = Kind::Inf, .negative = negative, .raised = raised};
    }
    /// no number, and what was signalled on the way
    static constexpr Exact nan(Status raised) { return {.kind = Kind::NaN, .raised = raised}; }

    /// of either sign, cancelled ones too
    constexpr bool is_zero() const { return kind == Kind::Zero || kind == Kind::Cancelled; }
    /// Exponent of the leading bit: 2^top() <= |value| < 2^(top() + 1). Pre: Finite.
    constexpr int top() const { return exp + bit_width(sig) - 1; }
};

/// A result of which only the leading bits are kept:
///     (-1)^negative * (sig + theta) * 2^exp,   theta in (0, 1) if `inexact`, else 0.
/// That is enough to round once, and nothing else: no operation takes a Sticky, because theta's size is lost.
/// Contract: where inexact, sig has at least 117 bits: the 53 of the widest format and the 64 below them that Stochastic
/// reads. That is also two more than any integer type rounds to, in every rounding but Stochastic.
struct Sticky {
    Exact value;           ///< the leading bits
    bool inexact = false;  ///< whether something is left below the last one: less than a unit of it

    /// nothing is left
    constexpr Sticky(const Exact& exact) : value(exact) {}  // NOLINT(google-explicit-constructor): every Exact is one
    /// something is left, if `more`
    constexpr Sticky(const Exact& leading, bool more) : value(leading), inexact(more) {}
};

/// Any integer, exactly.
constexpr Exact exact(std::integral auto integer) {
    if (integer == 0) return Exact::zero(false);
    const bool negative = integer < 0;
    const auto bits = static_cast<std::uint64_t>(integer);
    return Exact::finite(negative, 0, negative ? ~bits + 1 : bits);
}

/// The same number with its leading bit at bit `leading`. Pre: Finite, leading >= bit_width(sig) - 1.
constexpr Exact lifted(Exact x, int leading) {
    const int up = leading + 1 - bit_width(x.sig);
    assert(up >= 0);
    x.sig <<= up;
    x.exp -= up;
    return x;
}

}  // namespace halfulp
