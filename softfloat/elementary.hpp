#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/decode.hpp>
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
    std::string_view name;
    Elementary function;
    Aliases aliases;
    std::string_view meaning;
};

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

/// A format whose numbers the functions take.
template <Format A>
inline constexpr bool is_narrow = A.width <= elementary_width;

// The function of a number of a narrow format, rounded once to format R: any one, also a wider one.

template <Format R, Format A>
requires is_narrow<A>
[[nodiscard]] constexpr Result<R> exp(Float<A> a, const Env& env = {}) { return rounded<R>(exp(decode(a)), env); }
template <Format R, Format A>
requires is_narrow<A>
[[nodiscard]] constexpr Result<R> log(Float<A> a, const Env& env = {}) { return rounded<R>(log(decode(a)), env); }
template <Format R, Format A>
requires is_narrow<A>
[[nodiscard]] constexpr Result<R> tanh(Float<A> a, const Env& env = {}) { return rounded<R>(tanh(decode(a)), env); }
template <Format R, Format A>
requires is_narrow<A>
[[nodiscard]] constexpr Result<R> sigmoid(Float<A> a, const Env& env = {}) {
    return rounded<R>(sigmoid(decode(a)), env);
}
template <Format R, Format A>
requires is_narrow<A>
[[nodiscard]] constexpr Result<R> erf(Float<A> a, const Env& env = {}) { return rounded<R>(erf(decode(a)), env); }
template <Format R, Format A>
requires is_narrow<A>
[[nodiscard]] constexpr Result<R> gelu(Float<A> a, const Env& env = {}) { return rounded<R>(gelu(decode(a)), env); }
template <Format R, Format A>
requires is_narrow<A>
[[nodiscard]] constexpr Result<R> rsqrt(Float<A> a, const Env& env = {}) { return rounded<R>(rsqrt(decode(a)), env); }
template <Format R, Format A>
requires is_narrow<A>
[[nodiscard]] constexpr Result<R> recip(Float<A> a, const Env& env = {}) { return rounded<R>(recip(decode(a)), env); }

}  // namespace halfulp
