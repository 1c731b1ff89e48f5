#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/deliver.hpp>
#include <halfulp/softfloat/elementary/erf.hpp>
#include <halfulp/softfloat/elementary/exp.hpp>
#include <halfulp/softfloat/elementary/gelu.hpp>
#include <halfulp/softfloat/elementary/log.hpp>
#include <halfulp/softfloat/elementary/logistic.hpp>
#include <halfulp/softfloat/elementary/reciprocal.hpp>
#include <halfulp/softfloat/float.hpp>
#include <halfulp/softfloat/name.hpp>

namespace halfulp {

/// The elementary functions of one number, correctly rounded in every rounding and to every format. Where the format of
/// the result lacks what is asked for, such as a sign or zero in e8m0, round_pack says what it delivers.
enum class Elementary : std::uint8_t { Exp, Log, Tanh, Sigmoid, Erf, Gelu, Rsqrt, Recip };

/// A row for each enumerator, in their order.
struct NamedElementary {
    std::string_view name;     ///< as programs write it
    Elementary function;       ///< which one
    Aliases aliases;           ///< other names
    std::string_view meaning;  ///< as a formula
};

/// A row for each enumerator, in their order.
inline constexpr std::array elementary_functions = {
    NamedElementary{"exp", Elementary::Exp, {}, "e^x"},
    NamedElementary{"log", Elementary::Log, {"ln"}, "natural logarithm"},
    NamedElementary{"tanh", Elementary::Tanh, {}, "hyperbolic tangent"},
    NamedElementary{"sigmoid", Elementary::Sigmoid, {"logistic"}, "1 / (1 + e^-x)"},
    NamedElementary{"erf", Elementary::Erf, {}, "error function"},
    NamedElementary{"gelu", Elementary::Gelu, {}, "x/2 (1 + erf(x / sqrt 2))"},
    NamedElementary{"rsqrt", Elementary::Rsqrt, {"rSqrt"}, "1 / sqrt(x)"},
    NamedElementary{"recip", Elementary::Recip, {"reciprocal"}, "1 / x"},
};

/// The function of that name or alias.
constexpr std::optional<NamedElementary> find_elementary(std::string_view name) {
    return find_by_name(elementary_functions, name);
}

/// The widest operands: for the numbers of every format up to this width, and of no other, the working precision of 192
/// bits has been shown to decide the result.
inline constexpr int elementary_width = 16;

/// The function, not rounded yet. Pre: x is a number of a format of at most elementary_width bits, infinity or NaN.
constexpr Sticky result_of(Elementary function, const Exact& x) {
    switch (function) {
        case Elementary::Exp: return exp(x);
        case Elementary::Log: return log(x);
        case Elementary::Tanh: return tanh(x);
        case Elementary::Sigmoid: return sigmoid(x);
        case Elementary::Erf: return erf(x);
        case Elementary::Gelu: return gelu(x);
        case Elementary::Rsqrt: return rsqrt(x);
        case Elementary::Recip: return recip(x);
    }
    __builtin_unreachable();
}

/// The function of an operand, rounded once to `to`: subnormal operands flushed and NaNs chosen as env says, as by compute()
/// of an Operation. Pre: a format of at most elementary_width bits.
[[nodiscard]] constexpr Rounded compute(Elementary function, const Format& to, const Operand& x, const Env& env = {}) {
    assert(x.format.width <= elementary_width);
    const Input in = input_of(x, env);
    const Rounded r = deliver(to, result_of(function, decode(in.operand)), {&in.operand, 1}, env);
    return {r.code, r.status | in.status};
}

/// The same of a typed value: any function, to any format R, also a wider one.
template <Format R, Format A>
requires(A.width <= elementary_width)
    [[nodiscard]] constexpr Result<R> compute(Elementary function, Float<A> x, const Env& env = {}) {
    const Rounded r = compute(function, R, Operand{A, x.code}, env);
    return {Float<R>::from_code(r.code), r.status};
}

/// e^x, correctly rounded to R.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> exp(Float<A> a, const Env& env = {}) {
    return compute<R>(Elementary::Exp, a, env);
}
/// The natural logarithm, correctly rounded to R; of a negative number invalid, of zero divide by zero.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> log(Float<A> a, const Env& env = {}) {
    return compute<R>(Elementary::Log, a, env);
}
/// The hyperbolic tangent, correctly rounded to R.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> tanh(Float<A> a, const Env& env = {}) {
    return compute<R>(Elementary::Tanh, a, env);
}
/// 1 / (1 + e^-x), correctly rounded to R.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> sigmoid(Float<A> a, const Env& env = {}) {
    return compute<R>(Elementary::Sigmoid, a, env);
}
/// The error function, correctly rounded to R.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> erf(Float<A> a, const Env& env = {}) {
    return compute<R>(Elementary::Erf, a, env);
}
/// x/2 (1 + erf(x / sqrt 2)), correctly rounded to R.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> gelu(Float<A> a, const Env& env = {}) {
    return compute<R>(Elementary::Gelu, a, env);
}
/// 1 / sqrt(x), correctly rounded to R; of a negative number invalid, of zero divide by zero.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> rsqrt(Float<A> a, const Env& env = {}) {
    return compute<R>(Elementary::Rsqrt, a, env);
}
/// 1 / x, correctly rounded to R; of zero divide by zero.
template <Format R, Format A>
[[nodiscard]] constexpr Result<R> recip(Float<A> a, const Env& env = {}) {
    return compute<R>(Elementary::Recip, a, env);
}

}  // namespace halfulp
