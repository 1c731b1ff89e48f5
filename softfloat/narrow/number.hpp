#pragma once

#include <cstdint>

#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/narrow/usual_env.hpp>

namespace halfulp::narrow {

/// A finite number in two words: (-1)^negative * (sig + below / 2^64) * 2^exp. Both may be 0.
struct Number {
    bool negative;
    int exp;
    std::uint64_t sig;
    /// Jammed: its last bit stands for itself and for all that lies lower. Only Stochastic reads more of it than whether
    /// it is 0, and only for Stochastic is it more than that.
    std::uint64_t below = 0;
};

/// condition ? a : b, without a branch: signs and overflows come at random.
constexpr std::uint64_t select(bool condition, std::uint64_t a, std::uint64_t b) {
    return b ^ ((a ^ b) & (0 - static_cast<std::uint64_t>(condition)));
}

/// x / 2^n rounded to odd: a last bit that stands for itself and for all that is cut off below it. Another rounding
/// does not see the difference if it cuts off at least two bits more (claims to-odd-*). Pre: 0 <= n <= 63.
constexpr std::uint64_t jam(std::uint64_t x, int n) {
    const std::uint64_t kept = x >> n;
    return kept | static_cast<std::uint64_t>(kept << n != x);
}

template <Format F>
[[gnu::always_inline]] constexpr bool is_negative(std::uint64_t code) {
    return (code & F.sign_bit()) != 0;
}

/// Neither infinity nor NaN.
template <Format F>
[[gnu::always_inline]] constexpr bool is_finite(std::uint64_t code) {
    const bool in_range = (code & F.magnitude_mask()) <= F.max_code();
    return F.has_negative_zero ? in_range : in_range && code != F.sign_bit();
}

template <Format F>
[[gnu::always_inline]] constexpr bool is_nan(std::uint64_t code) {
    return F.has_negative_zero ? (code & F.magnitude_mask()) > F.inf_code() : code == F.sign_bit();
}

/// A NaN whose quiet bit is clear; formats with a single NaN have none.
template <Format F>
[[gnu::always_inline]] constexpr bool is_signaling(std::uint64_t code) {
    return F.nan_codes > 1 && is_nan<F>(code) && (code & F.magnitude_mask()) < F.nan_code();
}

template <Format F>
[[gnu::always_inline]] constexpr bool is_inf(std::uint64_t code) {
    return F.has_inf && (code & F.magnitude_mask()) == F.inf_code();
}

template <Format F>
[[gnu::always_inline]] constexpr bool is_zero(std::uint64_t code) {
    return F.has_subnormals && (F.has_negative_zero ? (code & F.magnitude_mask()) == 0 : code == 0);
}

/// An operand as an operation sees it: where env says so, a subnormal number is the zero of its sign.
struct Input {
    std::uint64_t code;
    bool flushed;
};

template <Format F>
[[gnu::always_inline]] constexpr Input input_of(std::uint64_t code, const auto& env) {
    if constexpr (!F.has_subnormals) return {code, false};
    const std::uint64_t magnitude = code & F.magnitude_mask();
    if (!env.flush_inputs || magnitude == 0 || magnitude >= F.min_normal_code()) return {code, false};
    return {F.has_negative_zero ? code & F.sign_bit() : 0, true};
}

/// The exponent of the last bit of the least numbers: no number has a smaller one.
template <Format F>
inline constexpr int least_exp = F.emin() - F.fraction_bits();

/// The exponent of the last bit of the largest number.
template <Format F>
inline constexpr int most_exp = F.emax() - F.fraction_bits();

/// The value of a finite code; the significand has at most F.precision bits.
template <Format F>
[[gnu::always_inline]] constexpr Number decode(std::uint64_t code) {
    const std::uint64_t magnitude = code & F.magnitude_mask();
    const std::uint64_t fraction = magnitude & ((std::uint64_t{1} << F.fraction_bits()) - 1);
    const auto field = static_cast<int>(magnitude >> F.fraction_bits());
    const int normal = !F.has_subnormals || field != 0 ? 1 : 0;
    const int binade = F.has_subnormals ? field - normal : field;  // counted from the one of the smallest number
    const std::uint64_t implicit = static_cast<std::uint64_t>(normal) << F.fraction_bits();
    return {is_negative<F>(code), least_exp<F> + binade, implicit | fraction};
}

/// x * y. Pre: the significands' widths sum to at most 64 bits.
[[gnu::always_inline]] constexpr Number product(const Number& x, const Number& y) {
    return {x.negative != y.negative, x.exp + y.exp, x.sig * y.sig};
}

}  // namespace halfulp::narrow
