#pragma once

#include <cstdint>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/narrow/nan.hpp>
#include <halfulp/softfloat/narrow/number.hpp>
#include <halfulp/softfloat/narrow/round_pack.hpp>

// Results of infinities, NaNs and undefined operations (IEEE 754-2019, 6.1, 6.2 and 7.2), apart from the arithmetic of
// finite numbers. An Env is copied into these functions, so that no loop need expect them to change it.

namespace halfulp::narrow {

/// An infinity that is exact, not overflown. A format without sign has NaN in place of a negative one.
template <Format F>
constexpr Rounded inf_result(bool negative, const Env& env, Status raised = {}) {
    if constexpr (!F.is_signed)
        if (negative) return {default_nan<F>(env.nan), raised | Status{.invalid = true}};
    const bool saturate = env.overflow == Overflow::Saturate, lost = saturate || !F.has_inf;
    return {(saturate ? F.max_code() : beyond_code<F>) | sign<F>(negative),
            raised | Status{.overflow = lost, .inexact = lost}};
}

/// The sum of a and (-1)^subtract * b. Pre: one of them is not finite.
template <Format F>
[[gnu::cold]] constexpr Rounded sum_special(std::uint64_t a, std::uint64_t b, bool subtract, Env env) {
    const NanOperands nans = nan_operands<F>(a, b);
    const bool b_negative = is_negative<F>(b) != subtract;
    const bool undefined = is_inf<F>(a) && is_inf<F>(b) && is_negative<F>(a) != b_negative;
    if (nans.any || undefined) return nan_result<F, F>(nans, undefined, env.nan);
    return inf_result<F>(is_inf<F>(a) ? is_negative<F>(a) : b_negative, env);
}

/// a * b. Pre: one of them is not finite.
template <Format F>
[[gnu::cold]] constexpr Rounded product_special(std::uint64_t a, std::uint64_t b, Env env) {
    const NanOperands nans = nan_operands<F>(a, b);
    if (nans.any) return nan_result<F, F>(nans, false, env.nan);
    if (is_zero<F>(a) || is_zero<F>(b)) return nan_result<F, F>(nans, true, env.nan);
    return inf_result<F>(is_negative<F>(a) != is_negative<F>(b), env);
}

/// a * b + c. Pre: one of them is not finite. 0 * inf is undefined even when c is a quiet NaN.
template <Format F>
[[gnu::cold]] constexpr Rounded fma_special(std::uint64_t a, std::uint64_t b, std::uint64_t c, Env env) {
    NanOperands nans = nan_operands<F>(a, b, c);
    nans.of_arm = nan_operands<F>(c, a, b).of_arm;
    const bool negative = is_negative<F>(a) != is_negative<F>(b), infinite = is_inf<F>(a) || is_inf<F>(b);
    const bool zero_times_inf = infinite && (is_zero<F>(a) || is_zero<F>(b));
    const bool opposite = infinite && is_inf<F>(c) && negative != is_negative<F>(c);
    if (nans.any || zero_times_inf || opposite)
        return nan_result<F, F>(nans, zero_times_inf || !nans.any, env.nan);
    return inf_result<F>(infinite ? negative : is_negative<F>(c), env);
}

/// a / b. Pre: one of them is zero or not finite.
template <Format F>
[[gnu::cold]] constexpr Rounded quotient_special(std::uint64_t a, std::uint64_t b, Env env) {
    const NanOperands nans = nan_operands<F>(a, b);
    const bool negative = is_negative<F>(a) != is_negative<F>(b);
    const bool undefined = (is_inf<F>(a) && is_inf<F>(b)) || (is_zero<F>(a) && is_zero<F>(b));
    if (nans.any || undefined) return nan_result<F, F>(nans, undefined, env.nan);
    if (is_inf<F>(a)) return inf_result<F>(negative, env);
    if (is_zero<F>(b)) return inf_result<F>(negative, env, {.divide_by_zero = true});
    return round_pack<F>({negative, 0, 0}, env);
}

/// The square root of a. Pre: a is zero, negative or not finite.
template <Format F>
[[gnu::cold]] constexpr Rounded root_special(std::uint64_t a, Env env) {
    const NanOperands nans = nan_operands<F>(a);
    if (nans.any) return nan_result<F, F>(nans, false, env.nan);
    if (is_zero<F>(a)) return round_pack<F>({is_negative<F>(a), 0, 0}, env);
    if (is_negative<F>(a)) return nan_result<F, F>(nans, true, env.nan);
    return inf_result<F>(false, env);
}

/// A code of From as a code of To. Pre: it is not finite.
template <Format To, Format From>
[[gnu::cold]] constexpr Rounded convert_special(std::uint64_t code, Env env) {
    if (is_inf<From>(code)) return inf_result<To>(is_negative<From>(code), env);
    return nan_result<To, From>(nan_operands<From>(code), false, env.nan);
}

}  // namespace halfulp::narrow
