#pragma once

#include <algorithm>
#include <span>

#include <halfulp/softfloat/nan.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp {

/// A NaN result in a format that has one, `raised` on the way. The operands may be up to three.
constexpr Rounded deliver_nan(const Format& to, Status raised, std::span<const Operand> operands, NanPolicy policy) {
    const auto signaling = [](const Operand& x) { return x.is_signaling(); };
    const bool any_signaling = std::any_of(operands.begin(), operands.end(), signaling);
    const auto nan = propagated_nan(operands, policy);
    const bool invalid_product = nan && raised.invalid && !any_signaling;  // 0 * inf + quiet NaN
    if (policy == NanPolicy::X86Sse && nan) raised.invalid = any_signaling;
    const bool propagated = nan && !(policy == NanPolicy::Arm && invalid_product);
    return {propagated ? quieted(to, *nan) : default_nan(to, policy), raised};
}

/// The result of an operation as a code: rounded once by round_pack, a NaN chosen among the operands as env.nan says.
constexpr Rounded deliver(const Format& to, const Sticky& result, std::span<const Operand> operands, const Env& env) {
    if (result.value.kind != Kind::NaN || !to.has_nan()) return round_pack(to, result, env);
    return deliver_nan(to, result.value.raised, operands, env.nan);
}

}  // namespace halfulp
