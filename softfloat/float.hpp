#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

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
    CodeOf<F> code = 0;  ///< bits as they are stored

    /// The number of that code; bits above the format's width are cut off.
    static constexpr Float from_code(std::uint64_t code) { return {static_cast<CodeOf<F>>(code & F.code_mask())}; }
};

/// A value with the exceptions that its computation signalled.
template <Format R>
struct Result {
    Float<R> value;  ///< rounded once
    Status status;   ///< the exceptions that were signalled
};

/// Its exact value.
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

/// Any operation whose result is a number, on operands of any formats, rounded once to R.
template <Format R, Format... A>
[[nodiscard]] constexpr Result<R> compute(Operation operation, const Env& env, Float<A>... operands) {
    const std::array<Operand, sizeof...(A)> all{Operand{A, operands.code}...};
    const Rounded r = compute(operation, R, all, env);
    return {Float<R>::from_code(r.code), r.status};
}

/// a + b, rounded once to R.
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> add(Float<A> a, Float<B> b, const Env& env = {}) {
    return compute<R>(Operation::Add, env, a, b);
}
/// a - b, rounded once to R.
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> sub(Float<A> a, Float<B> b, const Env& env = {}) {
    return compute<R>(Operation::Sub, env, a, b);
}
/// a * b, rounded once to R.
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> mul(Float<A> a, Float<B> b, const Env& env = {}) {
    return compute<R>(Operation::Mul, env, a, b);
}
/// a / b, rounded once to R; by zero an infinity, and divide by zero.
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> div(Float<A> a, Float<B> b, const Env& env = {}) {
    return compute<R>(Operation::Div, env, a, b);
}
/// a * b + c, rounded once to R.
template <Format R, Format A, Format B, Format C>
[[nodiscard]] constexpr Result<R> fma(Float<A> a, Float<B> b, Float<C> c, const Env& env = {}) {
    return compute<R>(Operation::Fma, env, a, b, c);
}
/// The square root, rounded once to R; of a negative number NaN, and invalid.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> sqrt(Float<A> a, const Env& env = {}) {
    return compute<R>(Operation::Sqrt, env, a);
}
/// a - n b, where n is the integer nearest to a / b, to even between two (IEEE 754-2019, 5.3.1): exact if R has all
/// of A's numbers.
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> remainder(Float<A> a, Float<B> b, const Env& env = {}) {
    return compute<R>(Operation::Remainder, env, a, b);
}
/// a - n b, where n is a / b cut off, as C's fmod: exact if R has all of A's numbers.
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> fmod(Float<A> a, Float<B> b, const Env& env = {}) {
    return compute<R>(Operation::Fmod, env, a, b);
}
/// IEEE 754-2019's minimum: NaN beside a NaN, and -0 below +0.
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> minimum(Float<A> a, Float<B> b, const Env& env = {}) {
    return compute<R>(Operation::Minimum, env, a, b);
}
/// IEEE 754-2019's maximum: NaN beside a NaN, and +0 above -0.
template <Format R, Format A, Format B>
[[nodiscard]] constexpr Result<R> maximum(Float<A> a, Float<B> b, const Env& env = {}) {
    return compute<R>(Operation::Maximum, env, a, b);
}
/// The same number, rounded once to R.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> convert(Float<A> a, const Env& env = {}) {
    return compute<R>(Operation::Convert, env, a);
}
/// The integer that env's rounding gives, as a number of the same format; inexact is not signalled.
template <Format F>
[[nodiscard]] constexpr Result<F> round_to_integral(Float<F> a, const Env& env = {}) {
    return compute<F>(Operation::RoundToIntegral, env, a);
}
/// a * 2^n, rounded once to R.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> scalb(Float<A> a, std::int64_t n, const Env& env = {}) {
    const Rounded r =
        compute(Operation::Scalb, R, std::array{Operand{A, a.code}, Operand{A, static_cast<std::uint64_t>(n)}}, env);
    return {Float<R>::from_code(r.code), r.status};
}
/// The least number above; of the largest one infinity, where the format has it.
template <Format F>
constexpr Float<F> next_up(Float<F> a) {
    return Float<F>::from_code(next_up(F, a.code));
}
/// The greatest number below.
template <Format F>
constexpr Float<F> next_down(Float<F> a) {
    return Float<F>::from_code(next_down(F, a.code));
}
/// With the sign cleared, of NaN too; signals nothing.
template <Format F>
constexpr Float<F> abs(Float<F> a) {
    return Float<F>::from_code(abs(F, a.code));
}
/// Rounded to an integer of C++; out of range and NaN by the rule, and invalid.
template <std::integral I, Format A>
[[nodiscard]] constexpr RoundedInteger<I> to_integer(Float<A> a, const Env& env = {},
                                                     OutOfRange rule = OutOfRange::Saturate) {
    const Rounded r = to_integer(integer_type<I>, Operand{A, a.code}, env, rule);
    return {static_cast<I>(r.code), r.status};
}
/// An integer of C++, rounded once to R.
template <Format R>
[[nodiscard]] constexpr Result<R> from_integer(std::integral auto integer, const Env& env = {}) {
    return rounded<R>(exact(integer), env);
}

/// With the other sign, of NaN too.
template <Format F>
constexpr Float<F> operator-(Float<F> a) {
    return Float<F>::from_code(negate(F, a.code));
}
/// To nearest even.
template <Format F>
constexpr Float<F> operator+(Float<F> a, Float<F> b) {
    return add<F>(a, b).value;
}
/// To nearest even.
template <Format F>
constexpr Float<F> operator-(Float<F> a, Float<F> b) {
    return sub<F>(a, b).value;
}
/// To nearest even.
template <Format F>
constexpr Float<F> operator*(Float<F> a, Float<F> b) {
    return mul<F>(a, b).value;
}
/// To nearest even.
template <Format F>
constexpr Float<F> operator/(Float<F> a, Float<F> b) {
    return div<F>(a, b).value;
}

/// IEEE's comparison, of any two formats, by value: zeros are equal, NaN is unordered.
template <Format A, Format B>
constexpr std::partial_ordering operator<=>(Float<A> a, Float<B> b) {
    return compare(decode(a), decode(b));
}
template <Format A, Format B>
constexpr bool operator==(Float<A> a, Float<B> b) {
    return (a <=> b) == 0;
}

}  // namespace halfulp
