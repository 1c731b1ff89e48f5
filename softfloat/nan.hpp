#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <halfulp/softfloat/operand.hpp>

// Which NaN a NaN result is. IEEE 754-2019, 6.2.3, leaves it open; the sources of the policies:
//   x86_sse           Intel SDM, volume 1, table 4-7 (the SSE rows), and 14.5.2 for FMA: the first operand that is NaN, in
//                     the order a, b, c. 0 * inf + NaN is that NaN, and not invalid unless it was signaling.
//   arm               Arm ARM, FPProcessNaNs and FPProcessNaNs3: the first signaling operand, else the first quiet one, in
//                     the order c, a, b. 0 * inf + quiet NaN is the default NaN, and invalid (FPMulAdd).
//   arm_default_nan   Arm ARM, FPCR.DN
//   riscv             RISC-V unprivileged ISA, 11.3 ("NaN generation and propagation")
//   cuda              PTX ISA, half and single precision: 0x7FFF and 0x7FFFFFFF. Other formats follow suit: binary64's
//                     NaNs are not documented there.
// ieee_default, riscv, cuda and arm_default_nan call 0 * inf + quiet NaN invalid, as IEEE 754-2019, 7.2 c, allows.

namespace halfulp {

/// The NaN of a policy where no operand is one. Pre: f.has_nan().
constexpr std::uint64_t default_nan(const Format& f, NanPolicy policy) {
    if (!f.has_negative_zero) return f.nan_code();
    switch (policy) {
        case NanPolicy::X86Sse: return f.sign_bit() | f.nan_code();
        case NanPolicy::Cuda: return f.magnitude_mask();
        case NanPolicy::IeeeDefault:
        case NanPolicy::Arm:
        case NanPolicy::ArmDefaultNan:
        case NanPolicy::Riscv: return f.nan_code();
    }
    __builtin_unreachable();
}

/// Do the NaNs of a format fill its fraction, as IEEE 754's do, so that they can carry a payload?
constexpr bool has_payload(const Format& f) {
    return f.has_inf && f.nan_codes + 1 == std::uint64_t{1} << f.fraction_bits();
}

/// A NaN as a quiet NaN of another format: same sign, and the payload's leading bits. Pre: to.has_nan().
constexpr std::uint64_t quieted(const Format& to, const Operand& nan) {
    if (!to.has_negative_zero) return to.nan_code();
    const std::uint64_t quiet = to.nan_code() | (is_negative(nan.format, nan.code) ? to.sign_bit() : 0);
    if (!has_payload(to) || !has_payload(nan.format)) return quiet;
    const int wider = to.fraction_bits() - nan.format.fraction_bits();
    const std::uint64_t payload = nan.code & ((std::uint64_t{1} << nan.format.fraction_bits()) - 1);
    return quiet | (wider >= 0 ? payload << wider : payload >> -wider);
}

/// Which of up to three NaN operands a policy lets through; none where it always delivers its default.
constexpr std::optional<Operand> propagated_nan(std::span<const Operand> operands, NanPolicy policy) {
    const bool arm = policy == NanPolicy::Arm;
    if (!arm && policy != NanPolicy::X86Sse) return std::nullopt;
    const std::array<std::size_t, 3> order =
        arm && operands.size() == 3 ? std::array<std::size_t, 3>{2, 0, 1} : std::array<std::size_t, 3>{0, 1, 2};
    std::optional<Operand> first;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const Operand& x = operands[order[i]];
        if (x.is_nan() && !first) first = x;
        if (x.is_signaling() && arm) return x;
    }
    return first;
}

}  // namespace halfulp
