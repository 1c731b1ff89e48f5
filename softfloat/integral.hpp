#pragma once

#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp {

/// x rounded to an integer, which may be too wide for x's format only if x was: IEEE 754-2019, 5.3.1,
/// roundToIntegralExact. Signals inexact; a zero keeps x's sign. Pre: an inexact x has a fraction: it is below 2^116.
constexpr Exact round_to_integral_exact(const Sticky& x, const Env& env = {}) {
    const Exact& v = x.value;
    if (v.kind != Kind::Finite || v.exp >= 0) return v;
    const Cut c = cut(v.sig, x.inexact, -v.exp);
    const u128 magnitude = c.kept + (rounds_away(env, v.negative, (c.kept & 1) != 0, c) ? 1U : 0U);
    Exact integer = magnitude == 0 ? Exact::zero(v.negative) : Exact::finite(v.negative, 0, magnitude);
    integer.raised.inexact = c.tail != Tail::Zero;
    return integer;
}

/// The same without the signal: roundToIntegralTiesToEven and its kin.
constexpr Exact round_to_integral(const Sticky& x, const Env& env = {}) {
    Exact integer = round_to_integral_exact(x, env);
    integer.raised.inexact = false;
    return integer;
}

}  // namespace halfulp
