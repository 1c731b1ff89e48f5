#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>

#include <halfulp/softfloat/narrow/number.hpp>
#include <halfulp/softfloat/narrow/quotient.hpp>
#include <halfulp/softfloat/narrow/root.hpp>
#include <halfulp/softfloat/narrow/round_pack.hpp>
#include <halfulp/softfloat/narrow/special.hpp>
#include <halfulp/softfloat/narrow/sum.hpp>

// The narrow engine: operations of formats of at most 16 bits, and conversions of at most 32, in words of 64 bits and
// nearly without branches. It delivers what the exact engine does, bits and flags, in every Env, and is for hosts and
// devices alike: no 128-bit integers, no floating-point arithmetic, no tables in memory, no calls. Operands are codes,
// whose bits above the format's width must be 0.

namespace halfulp::narrow {

/// What fits the engine's words: every signed 16-bit format with at least two bits of exponent does.
constexpr bool is_narrow(const Format& f) { return f.width <= 16 && f.precision <= 14; }

/// The result, and whether operands were flushed on the way.
[[gnu::always_inline]] constexpr Rounded with(const Rounded& r, bool flushed) {
    return {r.code, r.status | Status{.input_denormal = flushed}};
}

/// a + b or a - b.
template <Format F, class E>
[[gnu::always_inline]] constexpr Rounded add_or_subtract(std::uint64_t a, std::uint64_t b, bool subtract,
                                                         const E& env) {
    const Input x = input_of<F>(a, env), y = input_of<F>(b, env);
    const bool flushed = x.flushed || y.flushed;
    if (!is_finite<F>(a) || !is_finite<F>(b)) return with(sum_special<F>(x.code, y.code, subtract, env), flushed);
    const Number augend = decode<F>(x.code);
    Number addend = decode<F>(y.code);
    addend.negative = addend.negative != subtract;
    return with(round_pack<F>(sum<F.precision, least_exp<F>, most_exp<F>>(augend, addend, env), env), flushed);
}

/// a * b.
template <Format F, class E>
[[gnu::always_inline]] constexpr Rounded multiply(std::uint64_t a, std::uint64_t b, const E& env) {
    const Input x = input_of<F>(a, env), y = input_of<F>(b, env);
    const bool flushed = x.flushed || y.flushed;
    if (!is_finite<F>(a) || !is_finite<F>(b)) return with(product_special<F>(x.code, y.code, env), flushed);
    return with(round_pack<F>(product(decode<F>(x.code), decode<F>(y.code)), env), flushed);
}

/// a * b + c, rounded once.
template <Format F, class E>
[[gnu::always_inline]] constexpr Rounded multiply_add(std::uint64_t a, std::uint64_t b, std::uint64_t c, const E& env) {
    const Input x = input_of<F>(a, env), y = input_of<F>(b, env), z = input_of<F>(c, env);
    const bool flushed = x.flushed || y.flushed || z.flushed;
    if (!is_finite<F>(a) || !is_finite<F>(b) || !is_finite<F>(c))
        return with(fma_special<F>(x.code, y.code, z.code, env), flushed);
    const Number xy = product(decode<F>(x.code), decode<F>(y.code));
    constexpr int least = std::min(2 * least_exp<F>, least_exp<F>), most = std::max(2 * most_exp<F>, most_exp<F>);
    return with(round_pack<F>(sum<2 * F.precision, least, most>(xy, decode<F>(z.code), env), env), flushed);
}

/// a / b.
template <Format F, class E>
[[gnu::always_inline]] constexpr Rounded divide(std::uint64_t a, std::uint64_t b, const E& env) {
    const Input x = input_of<F>(a, env), y = input_of<F>(b, env);
    const bool flushed = x.flushed || y.flushed;
    if (!is_finite<F>(a) || !is_finite<F>(b) || is_zero<F>(x.code) || is_zero<F>(y.code))
        return with(quotient_special<F>(x.code, y.code, env), flushed);
    return with(round_pack<F>(quotient<F.precision>(decode<F>(x.code), decode<F>(y.code), env), env), flushed);
}

/// The square root.
template <Format F, class E>
[[gnu::always_inline]] constexpr Rounded extract_root(std::uint64_t a, const E& env) {
    const Input x = input_of<F>(a, env);
    if (!is_finite<F>(a) || is_negative<F>(a) || is_zero<F>(x.code))
        return with(root_special<F>(x.code, env), x.flushed);
    return with(round_pack<F>(root<F.precision>(decode<F>(x.code), env), env), x.flushed);
}

/// From one format to another.
template <Format To, Format From, class E>
[[gnu::always_inline]] constexpr Rounded convert_finite_or_not(std::uint64_t code, const E& env) {
    const Input in = input_of<From>(code, env);
    if (!is_finite<From>(code)) return convert_special<To, From>(code, env);
    if constexpr (std::same_as<E, UsualEnv> && From.emin() <= To.emin() && To.is_signed && To.has_subnormals &&
                  From.has_subnormals && From.precision >= To.precision + 3)
        return round_code<To, From>(code, env);
    const Number x = decode<From>(in.code);
    // A subnormal number of From is none above the smallest normal one of To: nothing is to be normalised.
    if constexpr (From.emin() <= To.emin() && To.is_signed && To.has_subnormals && From.has_subnormals) {
        const int above = x.exp + From.fraction_bits() - To.emin();
        return with(round_lifted<To>(x.negative, above, x.sig << (64 - From.precision), 0, env), in.flushed);
    } else {
        return with(round_pack<To>(x, env), in.flushed);
    }
}

/// a + b.
template <Format F>
requires(is_narrow(F)) [[nodiscard, gnu::always_inline]] constexpr Rounded
    add(std::uint64_t a, std::uint64_t b, const Env& env = {}) {
    return in_either<add_or_subtract<F, UsualEnv>, add_or_subtract<F, Env>>(env, a, b, false);
}

/// a - b.
template <Format F>
requires(is_narrow(F)) [[nodiscard, gnu::always_inline]] constexpr Rounded
    sub(std::uint64_t a, std::uint64_t b, const Env& env = {}) {
    return in_either<add_or_subtract<F, UsualEnv>, add_or_subtract<F, Env>>(env, a, b, true);
}

/// a * b.
template <Format F>
requires(is_narrow(F)) [[nodiscard, gnu::always_inline]] constexpr Rounded
    mul(std::uint64_t a, std::uint64_t b, const Env& env = {}) {
    return in_either<multiply<F, UsualEnv>, multiply<F, Env>>(env, a, b);
}

/// a * b + c, rounded once.
template <Format F>
requires(is_narrow(F)) [[nodiscard, gnu::always_inline]] constexpr Rounded
    fma(std::uint64_t a, std::uint64_t b, std::uint64_t c, const Env& env = {}) {
    return in_either<multiply_add<F, UsualEnv>, multiply_add<F, Env>>(env, a, b, c);
}

/// a / b.
template <Format F>
requires(is_narrow(F)) [[nodiscard, gnu::always_inline]] constexpr Rounded
    div(std::uint64_t a, std::uint64_t b, const Env& env = {}) {
    return in_either<divide<F, UsualEnv>, divide<F, Env>>(env, a, b);
}

/// The square root of a.
template <Format F>
requires(is_narrow(F)) [[nodiscard, gnu::always_inline]] constexpr Rounded sqrt(std::uint64_t a, const Env& env = {}) {
    return in_either<extract_root<F, UsualEnv>, extract_root<F, Env>>(env, a);
}

/// A code of From as a code of To.
template <Format To, Format From>
requires(To.width <= 32 && From.width <= 32) [[nodiscard, gnu::always_inline]] constexpr Rounded
    convert(std::uint64_t code, const Env& env = {}) {
    return in_either<convert_finite_or_not<To, From, UsualEnv>, convert_finite_or_not<To, From, Env>>(env, code);
}

}  // namespace halfulp::narrow
