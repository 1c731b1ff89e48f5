#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/compare.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp {

/// The unsigned integer that holds a code of F.
template <Format F>
using CodeOf = std::conditional_t<
    F.width <= 8, std::uint8_t,
    std::conditional_t<F.width <= 16, std::uint16_t, std::conditional_t<F.width <= 32, std::uint32_t, std::uint64_t>>>;

/// A number of format F, which is its code. Operators round to nearest even and drop the status; the named functions
/// below take any mix of formats and an Env, and return the status. Comparison is IEEE's (-0 == +0, NaN is unordered);
/// compare `code` where the encoding matters.
template <Format F>
struct Float {
    CodeOf<F> code = 0;

    static constexpr Float from_code(std::uint64_t code) { return {static_cast<CodeOf<F>>(code & F.code_mask())}; }
};

/// A value with the exceptions that its computation signalled.
template <Format R>
struct Result {
    Float<R> value;
    Status status;
};

template <Format F>
constexpr Exact decode(Float<F> x) {
    return decode(F, x.code);
}

/// An exact value in format R, rounded once.
template <Format R>
[[nodiscard]] constexpr Result<R> rounded(const Sticky& x, const Env& env = {}) {
    const Rounded r = round_pack(R, x, env);
    return {Float<R>::from_code(r.code), r.status};
}

// Operands of any formats, the exact result rounded once to R.

template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> add(Float<A> a, Float<B> b, const Env& env = {}) {
    return rounded<R>(add(decode(a), decode(b)), env);
}
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> sub(Float<A> a, Float<B> b, const Env& env = {}) {
    return rounded<R>(sub(decode(a), decode(b)), env);
}
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> mul(Float<A> a, Float<B> b, const Env& env = {}) {
    return rounded<R>(mul(decode(a), decode(b)), env);
}
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> div(Float<A> a, Float<B> b, const Env& env = {}) {
    return rounded<R>(div(decode(a), decode(b)), env);
}
template <Format R, Format A, Format B, Format C>
[[nodiscard]] constexpr Result<R> fma(Float<A> a, Float<B> b, Float<C> c, const Env& env = {}) {
    return rounded<R>(fma(decode(a), decode(b), decode(c)), env);
}
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> sqrt(Float<A> a, const Env& env = {}) {
    return rounded<R>(sqrt(decode(a)), env);
}
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> convert(Float<A> a, const Env& env = {}) {
    return rounded<R>(decode(a), env);
}
template <std::integral I, Format A>
[[nodiscard]] constexpr RoundedInteger<I> to_integer(Float<A> a, const Env& env = {}) {
    return to_integer<I>(decode(a), env);
}
template <Format R>
[[nodiscard]] constexpr Result<R> from_integer(std::integral auto integer, const Env& env = {}) {
    return rounded<R>(exact(integer), env);
}

template <Format F>
constexpr Float<F> operator+(Float<F> a, Float<F> b) {
    return add<F>(a, b).value;
}
template <Format F>
constexpr Float<F> operator-(Float<F> a, Float<F> b) {
    return sub<F>(a, b).value;
}
template <Format F>
constexpr Float<F> operator*(Float<F> a, Float<F> b) {
    return mul<F>(a, b).value;
}
template <Format F>
constexpr Float<F> operator/(Float<F> a, Float<F> b) {
    return div<F>(a, b).value;
}

template <Format A, Format B>
constexpr std::partial_ordering operator<=>(Float<A> a, Float<B> b) {
    return compare(decode(a), decode(b));
}
template <Format A, Format B>
constexpr bool operator==(Float<A> a, Float<B> b) {
    return (a <=> b) == 0;
}

}  // namespace halfulp
