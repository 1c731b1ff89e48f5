#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/nan.hpp>
#include <halfulp/softfloat/rounding.hpp>

namespace halfulp {

/// A significand without its last bits, and what these were.
struct Cut {
    u128 kept;               ///< the leading bits, as an integer
    Tail tail;               ///< what the rest was, against half a unit of these
    std::uint64_t fraction;  ///< them in 2^-64 of the last kept place, rounded down: what Stochastic reads
};

/// 2^64 * rest / 2^drop, rounded down. Pre: 0 < drop, rest < 2^drop.
constexpr std::uint64_t leading_fraction(u128 rest, int drop) {
    if (drop >= 192) return 0;
    return static_cast<std::uint64_t>(drop <= 64 ? rest << (64 - drop) : rest >> (drop - 64));
}

/// sig + theta with the last `drop` bits cut off; for drop <= 0 with zeros appended instead.
/// Pre: bits are appended to exact values only, and the result fits.
constexpr Cut cut(u128 sig, bool inexact, int drop) {
    assert(!inexact || drop > 0);
    if (drop <= 0) return {sig << -drop, Tail::Zero, 0};
    if (drop > 128) return {0, Tail::BelowHalf, leading_fraction(sig, drop)};
    const u128 half = u128{1} << (drop - 1);
    const u128 rest = sig & (half | (half - 1));
    const u128 kept = drop == 128 ? 0 : sig >> drop;
    const std::uint64_t fraction = leading_fraction(rest, drop);
    if (!inexact && rest == 0) return {kept, Tail::Zero, 0};
    if (!inexact && rest == half) return {kept, Tail::Half, fraction};
    return {kept, rest < half ? Tail::BelowHalf : Tail::AboveHalf, fraction};
}

/// Does the magnitude whose last bit is `odd` step up? Pre: the fraction is known, as round_pack says.
constexpr bool rounds_away(const Env& env, bool negative, bool odd, const Cut& c) {
    return rounds_away(env.rounding, negative, odd, c.tail, random_carry(c.fraction, env.random));
}

/// Beyond the finite range, `infinite` or at its end: infinity, else NaN, else the largest number, as the format has.
constexpr std::uint64_t overflow_code(const Format& f, bool negative, bool infinite) {
    const std::uint64_t sign = negative ? f.sign_bit() : 0;
    if (infinite && f.has_inf) return sign | f.inf_code();
    if (infinite && f.has_nan()) return sign | f.nan_code();
    return sign | f.max_code();
}

/// Is it below the smallest normal number: as it is, or rounded to the precision with unbounded exponent?
constexpr bool is_tiny(const Format& f, const Sticky& x, Tininess rule, const Env& env) {
    if (x.value.top() >= f.emin()) return false;
    if (rule == Tininess::BeforeRounding || x.value.top() < f.emin() - 1) return true;
    const Cut c = cut(x.value.sig, x.inexact, x.value.top() - f.fraction_bits() - x.value.exp);
    const u128 all_ones = (u128{1} << f.precision) - 1;
    return c.kept != all_ones || !rounds_away(env, x.value.negative, true, c);
}

/// A zero in place of a tiny result. x86 calls it inexact, Arm does not (FPRound in the Arm architecture's pseudocode).
constexpr Rounded flushed_result(const Format& f, bool negative, Flush flush) {
    return {negative && f.has_negative_zero ? f.sign_bit() : 0,
            {.underflow = true, .inexact = flush == Flush::AfterRounding}};
}

/// Does env make a zero of it?
constexpr bool is_flushed(const Format& f, const Sticky& x, const Env& env) {
    if (env.flush_outputs == Flush::Never) return false;
    const bool after = env.flush_outputs == Flush::AfterRounding;
    return is_tiny(f, x, after ? Tininess::AfterRounding : Tininess::BeforeRounding, env);
}

/// A finite value that is not 0.
constexpr Rounded round_pack_finite(const Format& f, const Sticky& x, const Env& env) {
    const Exact& v = x.value;
    if (!f.has_subnormals && v.top() < f.emin()) return {f.min_code(), {.underflow = true, .inexact = true}};
    if (is_flushed(f, x, env)) return flushed_result(f, v.negative, env.flush_outputs);

    const int exponent = std::max(v.top(), f.emin());
    const Cut c = cut(v.sig, x.inexact, exponent - f.fraction_bits() - v.exp);
    // `kept` counts from the start of the binade below: its leading bit is the first step of the exponent field.
    const u128 binade = static_cast<u128>(exponent - f.emin() + (f.has_subnormals ? 0 : -1));
    u128 code = (binade << f.fraction_bits()) + c.kept;
    // Rounding is + 1 on the code: a carry walks into the exponent field, and past the largest code lies overflow.
    if (rounds_away(env, v.negative, (code & 1) != 0, c)) ++code;
    if (code > f.max_code()) {
        const bool infinite = env.overflow == Overflow::ToInfinity ||
                              (env.overflow == Overflow::ByRounding && overflow_is_infinite(env.rounding, v.negative));
        return {overflow_code(f, v.negative, infinite), {.overflow = true, .inexact = true}};
    }

    const bool inexact = c.tail != Tail::Zero;
    const bool signed_result = v.negative && (code != 0 || f.has_negative_zero);
    return {static_cast<std::uint64_t>(code) | (signed_result ? f.sign_bit() : 0),
            {.underflow = inexact && is_tiny(f, x, env.tininess, env), .inexact = inexact}};
}

/// A zero; of formats without one the least number.
constexpr Rounded round_pack_zero(const Format& f, bool negative) {
    if (!f.has_subnormals) return {f.min_code(), {.underflow = true, .inexact = true}};
    return {negative && f.has_negative_zero ? f.sign_bit() : 0, {}};
}

/// Exact value to code: the one exit, and the only place where precision is lost. Total: where a format lacks what is
/// asked for, it delivers
///   infinity                     NaN; the largest number where there is no NaN either, or when saturating; raises
///                                overflow and inexact
///   NaN                          the largest number, and raises invalid
///   zero (e8m0)                  the least number, as for any number below it, and raises underflow and inexact,
///                                whatever Env::tininess says
///   a negative number (e8m0)     NaN, and raises invalid
constexpr Rounded round_pack(const Format& f, const Sticky& x, const Env& env = {}) {
    const Exact& v = x.value;
    const bool saturate = env.overflow == Overflow::Saturate;
    Rounded r{};
    if (v.kind == Kind::NaN) {
        r = f.has_nan() ? Rounded{default_nan(f, env.nan), {}} : Rounded{f.max_code(), {.invalid = true}};
    } else if (!f.is_signed && v.negative && !v.is_zero()) {
        r = {default_nan(f, env.nan), {.invalid = true}};
    } else if (v.kind == Kind::Inf) {
        const bool lost = saturate || !f.has_inf;
        r = {overflow_code(f, v.negative, !saturate), {.overflow = lost, .inexact = lost}};
    } else if (v.is_zero()) {
        r = round_pack_zero(f, v.kind == Kind::Cancelled ? env.rounding == Rounding::Down : v.negative);
    } else {
        r = round_pack_finite(f, x, env);
    }
    return {r.code, r.status | v.raised};
}

}  // namespace halfulp
