#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include <halfulp/softfloat/narrow/nan.hpp>
#include <halfulp/softfloat/narrow/number.hpp>
#include <halfulp/softfloat/rounding.hpp>

// Rounding as one addition. A code is computed with three bits more, the last of them jammed; what is added before these
// are cut off makes every rounding of truncation, and depends on nothing but the rounding, the sign and the last bit kept:
// 3 or 4 (even or odd) in NearestEven, 7 or 0 in ToOdd.

namespace halfulp::narrow {

/// What turns truncation of three bits into this rounding: 8 less the smallest of them that rounds_away sends up.
constexpr unsigned addend(Rounding rounding, bool negative, bool odd) {
    for (unsigned bits = 1; bits < 8; ++bits) {
        const Tail tail = bits < 4 ? Tail::BelowHalf : bits == 4 ? Tail::Half : Tail::AboveHalf;
        if (rounds_away(rounding, negative, odd, tail)) return 8 - bits;
    }
    return 0;
}

/// By eight bits for each rounding, in their order: 0 to 2 the addend to even codes, 3 whether overflow is infinite, 4 to
/// 6 the addend to odd codes.
constexpr std::uint64_t rounding_table(bool negative) {
    std::uint64_t table = 0;
    for (const NamedRounding& row : roundings) {
        const std::uint64_t bits = addend(row.rounding, negative, false) | addend(row.rounding, negative, true) << 4 |
                                   (overflow_is_infinite(row.rounding, negative) ? 8U : 0U);
        table |= bits << 8 * static_cast<unsigned>(row.rounding);
    }
    return table;
}
inline constexpr std::uint64_t positive_roundings = rounding_table(false), negative_roundings = rounding_table(true);

/// The sign bit of a code.
template <Format F>
constexpr std::uint64_t sign(bool negative) {
    return F.is_signed ? static_cast<std::uint64_t>(negative) << (F.width - 1) : 0;
}

/// Infinity, else NaN, else the largest number, as the format has.
template <Format F>
inline constexpr std::uint64_t beyond_code = F.has_inf     ? F.inf_code()
                                             : F.has_nan() ? F.nan_code()
                                                           : F.max_code();

/// What rounding asks of an environment and a sign. Nothing in it depends on the number, so that it leaves loops.
struct Plan {
    std::uint64_t addends;  ///< bits 0 to 2 for even codes, 4 to 6 for odd ones
    std::uint64_t last;     ///< the magnitude that overflow delivers: that of the largest number, or the next one
};

template <Format F>
[[gnu::always_inline]] constexpr Plan plan_for(const auto& env, std::uint64_t table) {
    static_assert(!(F.has_inf || F.has_nan()) || beyond_code<F> == F.max_code() + 1);
    constexpr unsigned has_more = F.has_inf || F.has_nan();
    const std::uint64_t bits = table >> 8 * static_cast<unsigned>(env.rounding);
    const unsigned by_rounding = env.overflow == Overflow::ByRounding,
                   to_infinity = env.overflow == Overflow::ToInfinity;
    return {bits, F.max_code() + (((bits >> 3 & by_rounding) | to_infinity) & has_more)};
}

/// Does a random number step up what is left of (sig + below / 2^64) when `drop` bits are cut off?
constexpr bool random_step(std::uint64_t sig, std::uint64_t below, std::int64_t drop, std::uint64_t random) {
    if (drop < 64) return random_carry(sig << (64 - drop) | below >> drop, random);
    return random_carry(drop < 128 ? sig >> (drop - 64) : 0, random);
}

/// A zero in place of a tiny result.
template <Format F>
constexpr Rounded flushed_result(bool negative, Flush flush) {
    return {F.has_negative_zero ? sign<F>(negative) : 0, {.underflow = true, .inexact = flush == Flush::AfterRounding}};
}

/// A code that still has its three bits more, and what is added before they are cut off.
template <Format F>
[[gnu::always_inline]] constexpr Rounded cut_off(bool negative, std::uint64_t extended, std::uint64_t to_code,
                                                 bool tiny, std::uint64_t last) {
    const std::uint64_t code = (extended + to_code) >> 3, magnitude = std::min(code, last);
    const bool inexact = (extended & 7) != 0, overflow = code > F.max_code();
    const bool signed_result = F.has_negative_zero ? negative : negative && magnitude != 0;
    return {magnitude | sign<F>(signed_result),
            {.overflow = overflow, .underflow = tiny && inexact, .inexact = inexact || overflow}};
}

/// The number (sig + below / 2^64) * 2^-63 in the binade `above` the one of the smallest normal number: its leading bit
/// is the top one of `sig`. Leading zeros are allowed where 2^(F.emin() + above) is at most the smallest normal number.
template <Format F>
[[gnu::always_inline]] constexpr Rounded round_lifted(bool negative, std::int64_t above, std::uint64_t sig,
                                                      std::uint64_t below, const auto& env) {
    const Plan positive = plan_for<F>(env, positive_roundings), other = plan_for<F>(env, negative_roundings);
    const std::uint64_t addends = select(negative, other.addends, positive.addends);
    constexpr std::uint64_t min_normal = 8 * F.min_normal_code();

    const std::int64_t under = above & above >> 63, over = above - under;  // min(above, 0) and max(above, 0)
    const std::int64_t drop = 63 - F.fraction_bits() - under;
    const auto shift = static_cast<int>(std::min<std::int64_t>(drop - 2, 63));
    const std::uint64_t lost = sig << (-shift & 63) | below;
    const auto binade = static_cast<std::uint64_t>(over - (F.has_subnormals ? 0 : 1));
    const std::uint64_t truncated = (binade << (F.fraction_bits() + 2)) + (sig >> shift);
    const std::uint64_t extended = 2 * truncated + static_cast<std::uint64_t>(lost != 0);

    // A subnormal number has one bit more than its code: to the precision it is rounded as if the exponent were
    // unbounded, and where that can reach the smallest normal number the bit kept last is odd.
    std::uint64_t to_code = addends >> (truncated & 4) & 7, to_precision = addends >> 5 & 3;
    if (is_stochastic(env)) {
        const bool all_ones = extended >> 2 == min_normal / 4 - 1;
        to_code = random_step(sig, below, drop, env.random) ? 8 : 0;
        to_precision = all_ones && random_step(sig, below, drop - 1, env.random) ? 4 : 0;
    }
    const auto is_tiny = [&](bool after) { return extended + (after ? to_precision : 0) < min_normal; };
    if (env.flush_outputs != Flush::Never && extended != 0 && is_tiny(env.flush_outputs == Flush::AfterRounding))
        return flushed_result<F>(negative, env.flush_outputs);

    const bool tiny = is_tiny(env.tininess == Tininess::AfterRounding);
    return cut_off<F>(negative, extended, to_code, tiny, select(negative, other.last, positive.last));
}

/// A finite code of From, whose subnormal numbers lie below To's smallest normal one, and which has three bits and more to
/// lose: as the kernels do it, on the code itself. Numbers below To's smallest normal one, like those of its binade, are
/// 1.fraction with an exponent field of 1, and lose a bit more for each binade.
template <Format To, Format From>
[[gnu::always_inline]] constexpr Rounded round_code(std::uint64_t from, const UsualEnv& env) {
    const bool negative = is_negative<From>(from);
    const auto [addends, last] = plan_for<To>(env, select(negative, negative_roundings, positive_roundings));
    constexpr int drop = From.fraction_bits() - To.fraction_bits(), binades = To.emin() - From.emin();
    constexpr std::int64_t step = std::int64_t{1} << From.fraction_bits(), offset = binades * step;

    const auto magnitude = static_cast<std::int64_t>(from & From.magnitude_mask());
    const std::int64_t range = std::min(std::max<std::int64_t>(magnitude - step, 0), offset);
    const auto number = static_cast<std::uint64_t>(magnitude - (range & -step));
    const int loss = drop + binades - static_cast<int>(range >> From.fraction_bits());
    const int shift = std::min(loss - 3, 63);
    const std::uint64_t truncated = number >> shift;
    const std::uint64_t extended = truncated | static_cast<std::uint64_t>(truncated << shift != number);

    const std::uint64_t to_precision = env.tininess == Tininess::AfterRounding ? addends >> 5 & 3 : 0;
    const bool tiny = extended + to_precision < 8 * To.min_normal_code();
    return cut_off<To>(negative, extended, addends >> (truncated >> 1 & 4) & 7, tiny, last);
}

/// A number to code: halfulp::round_pack for two words. Pre: x.below is 0, or x.sig reaches at least one bit below the
/// last one of the code that x falls into.
template <Format F>
[[gnu::always_inline]] constexpr Rounded round_pack(const Number& x, const auto& env) {
    const int zeros = std::countl_zero(x.sig | 1);
    const int top = x.exp + 63 - zeros;
    if constexpr (!F.is_signed)
        if (x.negative && x.sig != 0) return {default_nan<F>(env.nan), {.invalid = true}};
    if constexpr (!F.has_subnormals)
        if (x.sig == 0 || top < F.emin()) return {F.min_code(), {.underflow = true, .inexact = true}};
    const int above = x.sig == 0 ? 0 : top - F.emin();
    const std::uint64_t moved_up = x.below >> 1 >> (63 - zeros);
    return round_lifted<F>(x.negative, above, x.sig << zeros | moved_up, x.below << zeros, env);
}

}  // namespace halfulp::narrow
