#pragma once

#include <concepts>
#include <cstdint>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>

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
inline constexpr bool has_payload = F.has_inf && F.nan_codes + 1 == std::uint64_t{1} << F.fraction_bits();

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
        const bool later = !F.is_nan(first) || (loudest && !F.is_signaling(first) && (F.is_signaling(others) || ...));
        return later ? first_nan<F>(loudest, others...) : first;
    }
}

/// What the policies ask of operands.
struct NanOperands {
    bool any, any_signaling;
    std::uint64_t of_x86, of_arm;  ///< which of them those policies take. Pre: any
};

template <Format F>
constexpr NanOperands nan_operands(std::same_as<std::uint64_t> auto... codes) {
    return {(F.is_nan(codes) || ...), (F.is_signaling(codes) || ...), first_nan<F>(false, codes...),
            first_nan<F>(true, codes...)};
}

/// The NaN result of an operation that is undefined, or has NaN operands in From, or both (0 * inf + NaN). Where To has
/// no NaN the largest number.
template <Format To, Format From>
constexpr Rounded nan_result(const NanOperands& nans, bool undefined, NanPolicy policy) {
    if constexpr (!To.has_nan()) return {To.max_code(), {.invalid = true}};
    const bool invalid = undefined || nans.any_signaling;
    if (policy == NanPolicy::X86Sse && nans.any)
        return {quieted<To, From>(nans.of_x86), {.invalid = nans.any_signaling}};
    if (policy == NanPolicy::Arm && nans.any && (nans.any_signaling || !undefined))
        return {quieted<To, From>(nans.of_arm), {.invalid = invalid}};
    return {default_nan<To>(policy), {.invalid = invalid}};
}

}  // namespace halfulp::narrow
