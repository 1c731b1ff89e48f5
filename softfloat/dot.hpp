#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <halfulp/softfloat/deliver.hpp>
#include <halfulp/softfloat/exact_sum.hpp>

namespace halfulp {

/// Codes of one format.
struct Vector {
    Format format;                         ///< of every number
    std::span<const std::uint64_t> codes;  ///< as many as the other operand has
};

/// a[0] b[0] + a[1] b[1] + ... (+ c), rounded once. Where NaN operands decide the result (env.nan), they are taken in the
/// order a[0], b[0], a[1], b[1] ..., c. Pre: a and b are equally long, and no format is wider than binary64.
[[nodiscard]] constexpr Rounded dot(const Format& to, const Vector& a, const Vector& b, const Env& env = {},
                                    const std::optional<Operand>& c = std::nullopt) {
    assert(a.codes.size() == b.codes.size());
    ExactSum sum;
    Status seen;
    std::optional<Operand> nan, signaling;  // the first of each
    const auto see = [&](const Operand& x) {
        const Input in = input_of(x, env);
        seen = seen | in.status;
        if (in.operand.is_nan() && !nan) nan = in.operand;
        if (in.operand.is_signaling() && !signaling) signaling = in.operand;
        return decode(in.operand);
    };
    for (std::size_t i = 0; i < a.codes.size(); ++i) {
        const Exact x = see({a.format, a.codes[i]});
        sum.add(mul(x, see({b.format, b.codes[i]})));
    }
    if (c) sum.add(see(*c));
    const std::array nans{nan.value_or(Operand{to, 0}), signaling.value_or(Operand{to, 0})};
    const Rounded r = deliver(to, sum.value(), nans, env);
    return {r.code, r.status | seen};
}

}  // namespace halfulp
