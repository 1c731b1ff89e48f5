#pragma once

#include <concepts>
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

template <Format F>
[[gnu::always_inline]] constexpr bool any_nan(std::same_as<std::uint64_t> auto... codes) {
    return (is_nan<F>(codes) || ...);
}

/// The sum of a and (-1)^subtract * b. Pre: one of them is not finite.
template <Format F>
constexpr Rounded sum_special(std::uint64_t a, std::uint64_t b, bool subtract, Env env) {
    const bool b_negative = is_negative<F>(b) != subtract;
    const bool undefined = is_inf<F>(a) && is_inf<F>(b) && is_negative<F>(a) != b_negative;
    if (undefined || any_nan<F>(a, b)) return nan_result<F, F>(env.nan, undefined, a, b);
    return inf_result<F>(is_inf<F>(a) ? is_negative<F>(a) : b_negative, env);
}

/// a * b. Pre: one of them is not finite.
template <Format F>
constexpr Rounded product_special(std::uint64_t a, std::uint64_t b, Env env) {
    const bool undefined = !any_nan<F>(a, b) && (is_zero<F>(a) || is_zero<F>(b));
    if (undefined || any_nan<F>(a, b)) return nan_result<F, F>(env.nan, undefined, a, b);
    return inf_result<F>(is_negative<F>(a) != is_negative<F>(b), env);
}

/// a * b + c. Pre: one of them is not finite. 0 * inf is undefined even when c is a quiet NaN.
template <Format F>
constexpr Rounded fma_special(std::uint64_t a, std::uint64_t b, std::uint64_t c, Env env) {
    const bool negative = is_negative<F>(a) != is_negative<F>(b), infinite = is_inf<F>(a) || is_inf<F>(b);
    const bool zero_times_inf = infinite && (is_zero<F>(a) || is_zero<F>(b));
    const bool opposite = !any_nan<F>(a, b) && infinite && is_inf<F>(c) && negative != is_negative<F>(c);
    if (zero_times_inf || opposite || any_nan<F>(a, b, c))
        return nan_result<F, F>(env.nan, zero_times_inf || opposite, a, b, c);
    return inf_result<F>(infinite ? negative : is_negative<F>(c), env);
}

/// a / b. Pre: one of them is zero or not finite.
template <Format F>
constexpr Rounded quotient_special(std::uint64_t a, std::uint64_t b, Env env) {
    const bool negative = is_negative<F>(a) != is_negative<F>(b);
    const bool undefined = (is_inf<F>(a) && is_inf<F>(b)) || (is_zero<F>(a) && is_zero<F>(b));
    if (undefined || any_nan<F>(a, b)) return nan_result<F, F>(env.nan, undefined, a, b);
    if (is_inf<F>(a)) return inf_result<F>(negative, env);
    if (is_zero<F>(b)) return inf_result<F>(negative, env, {.divide_by_zero = true});
    return round_pack<F>({negative, 0, 0}, env);
}

/// The square root of a. Pre: a is zero, negative or not finite.
template <Format F>
constexpr Rounded root_special(std::uint64_t a, Env env) {
    if (is_zero<F>(a)) return round_pack<F>({is_negative<F>(a), 0, 0}, env);
    if (is_nan<F>(a) || is_negative<F>(a)) return nan_result<F, F>(env.nan, !is_nan<F>(a), a);
    return inf_result<F>(false, env);
}

/// A code of From as a code of To. Pre: it is not finite.
template <Format To, Format From>
constexpr Rounded convert_special(std::uint64_t code, Env env) {
    if (is_inf<From>(code)) return inf_result<To>(is_negative<From>(code), env);
    return nan_result<To, From>(env.nan, false, code);
}

}  // namespace halfulp::narrow
