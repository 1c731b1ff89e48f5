#pragma once

#include <concepts>
#include <limits>

#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp {

/// A code of one format as a code of another, rounded once. NaN payloads are not carried over.
[[nodiscard]] constexpr Rounded convert(const Format& to, const Format& from, std::uint64_t code, const Env& env = {}) {
    return round_pack(to, decode(from, code), env);
}

template <std::integral I>
struct RoundedInteger {
    I value;
    Status status;

    friend constexpr bool operator==(const RoundedInteger&, const RoundedInteger&) = default;
};

/// To an integer type of 8 to 64 bits: rounded, then clamped to its range. Out of range raises invalid and not
/// inexact (IEEE 754-2019, 5.8); NaN gives 0 and raises invalid, as on Arm and in CUDA.
template <std::integral I>
[[nodiscard]] constexpr RoundedInteger<I> to_integer(const Sticky& x, const Env& env = {}) {
    const Exact& v = x.value;
    constexpr I least = std::numeric_limits<I>::min(), greatest = std::numeric_limits<I>::max();
    const Status raised = v.raised | Status{.invalid = true};
    const RoundedInteger<I> outside{v.negative ? least : greatest, raised};
    if (v.kind == Kind::NaN) return {0, raised};
    if (v.is_zero()) return {0, v.raised};
    if (v.kind == Kind::Inf || v.top() > 64) return outside;

    const Cut c = cut(v.sig, x.inexact, -v.exp);
    const bool away = rounds_away(env, v.negative, (c.kept & 1) != 0, c);
    const u128 magnitude = c.kept + (away ? 1U : 0U);
    const u128 limit = v.negative ? u128{0} - static_cast<u128>(least) : static_cast<u128>(greatest);
    if (magnitude > limit) return outside;
    const auto bits = static_cast<std::uint64_t>(magnitude);
    return {static_cast<I>(v.negative ? ~bits + 1 : bits), {.inexact = c.tail != Tail::Zero}};
}

/// An integer as a code, rounded once: never by way of another format.
[[nodiscard]] constexpr Rounded from_integer(const Format& to, std::integral auto integer, const Env& env = {}) {
    return round_pack(to, exact(integer), env);
}

}  // namespace halfulp
