#pragma once

#include <concepts>
#include <cstdint>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/narrow/number.hpp>

// Which NaN a NaN result is: what softfloat/nan.hpp, which names the sources, says of any mix of formats, here for codes
// of one format.

namespace halfulp::narrow {

/// The NaN of a policy where no operand is one. Pre: F.has_nan().
template <Format F>
constexpr std::uint64_t default_nan(NanPolicy policy) {
    if (!F.has_negative_zero) return F.nan_code();
    if (policy == NanPolicy::X86Sse) return F.sign_bit() | F.nan_code();
    return policy == NanPolicy::Cuda ? F.magnitude_mask() : F.nan_code();
}

/// Do the NaNs fill the fraction, so that they can carry a payload?
template <Format F>
inline constexpr bool has_payload = F.has_inf&& F.nan_codes + 1 == std::uint64_t{1} << F.fraction_bits();

/// A NaN of From as a quiet NaN of To: same sign, and the payload's leading bits. Pre: To.has_nan().
template <Format To, Format From>
constexpr std::uint64_t quieted(std::uint64_t nan) {
    if constexpr (!To.has_negative_zero) return To.nan_code();
    const bool negative = From.has_negative_zero && (nan & From.sign_bit()) != 0;
    const std::uint64_t quiet = To.nan_code() | (negative ? To.sign_bit() : 0);
    if constexpr (!has_payload<To> || !has_payload<From>) return quiet;
    constexpr int wider = To.fraction_bits() - From.fraction_bits();
    const std::uint64_t payload = nan & ((std::uint64_t{1} << From.fraction_bits()) - 1);
    return quiet | (wider >= 0 ? payload << (wider & 63) : payload >> (-wider & 63));
}

/// The first NaN among codes; with `loudest` the first signaling one, if there is one. Pre: one of them is a NaN.
template <Format F>
constexpr std::uint64_t first_nan(bool loudest, std::same_as<std::uint64_t> auto first,
                                  std::same_as<std::uint64_t> auto... others) {
    if constexpr (sizeof...(others) == 0) {
        return first;
    } else {
        const bool louder = loudest && !is_signaling<F>(first) && (is_signaling<F>(others) || ...);
        return !is_nan<F>(first) || louder ? first_nan<F>(loudest, others...) : first;
    }
}

/// The operand that x86 and Arm deliver, of one operand, two, or the three of fma, where Arm looks at the addend first.
template <Format F>
constexpr std::uint64_t propagated_nan(bool arm, std::uint64_t a) {
    return first_nan<F>(arm, a);
}
template <Format F>
constexpr std::uint64_t propagated_nan(bool arm, std::uint64_t a, std::uint64_t b) {
    return first_nan<F>(arm, a, b);
}
template <Format F>
constexpr std::uint64_t propagated_nan(bool arm, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    return arm ? first_nan<F>(arm, c, a, b) : first_nan<F>(arm, a, b, c);
}

/// The NaN result of an operation that is `undefined`, or has NaN operands in From, or both (0 * inf + NaN). Where To has
/// no NaN the largest number.
template <Format To, Format From>
[[gnu::always_inline]] constexpr Rounded nan_result(NanPolicy policy, bool undefined,
                                                    std::same_as<std::uint64_t> auto... codes) {
    if constexpr (!To.has_nan()) return {To.max_code(), {.invalid = true}};
    const bool any = (is_nan<From>(codes) || ...), any_signaling = (is_signaling<From>(codes) || ...);
    const bool arm = policy == NanPolicy::Arm && (any_signaling || !undefined), x86 = policy == NanPolicy::X86Sse;
    const bool invalid = any_signaling || (undefined && !(x86 && any));
    if (any && (arm || x86)) return {quieted<To, From>(propagated_nan<From>(arm, codes...)), {.invalid = invalid}};
    return {default_nan<To>(policy), {.invalid = invalid}};
}

}  // namespace halfulp::narrow
