#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>

#include <halfulp/softfloat/classify.hpp>
#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/limits.hpp>

namespace halfulp {

/// Float<F> for generic code, which writes T(1) for one: Float<F>{1} is the code 1. The bits, the operators and their
/// rounding are Float's.
template <Format F>
struct Scalar : Float<F> {
    constexpr Scalar() = default;
    /// the same number
    constexpr Scalar(Float<F> x) : Float<F>(x) {}  // NOLINT(google-explicit-constructor): every Float<F> is one

    /// Rounded to nearest.
    constexpr explicit Scalar(float x) : Float<F>(convert<F>(Float<binary32>{std::bit_cast<std::uint32_t>(x)}).value) {}
    /// rounded to nearest even
    constexpr explicit Scalar(double x)
        : Float<F>(convert<F>(Float<binary64>{std::bit_cast<std::uint64_t>(x)}).value) {}
    /// rounded to nearest even
    constexpr explicit Scalar(std::integral auto x) : Float<F>(from_integer<F>(x).value) {}

    /// rounded to nearest even
    constexpr explicit operator float() const { return std::bit_cast<float>(convert<binary32>(*this).value.code); }
    /// exact
    constexpr explicit operator double() const { return std::bit_cast<double>(convert<binary64>(*this).value.code); }
    /// Towards 0, and saturated.
    template <std::integral I>
    requires(!std::same_as<I, bool>) constexpr explicit operator I() const {
        return to_integer<I>(*this, {.rounding = Rounding::TowardZero}).value;
    }

    /// the other sign
    friend constexpr Scalar operator-(Scalar a) { return -Float<F>(a); }
    /// To nearest even.
    friend constexpr Scalar operator+(Scalar a, Scalar b) { return Float<F>(a) + Float<F>(b); }
    /// To nearest even.
    friend constexpr Scalar operator-(Scalar a, Scalar b) { return Float<F>(a) - Float<F>(b); }
    /// To nearest even.
    friend constexpr Scalar operator*(Scalar a, Scalar b) { return Float<F>(a) * Float<F>(b); }
    /// To nearest even.
    friend constexpr Scalar operator/(Scalar a, Scalar b) { return Float<F>(a) / Float<F>(b); }
    constexpr Scalar& operator+=(Scalar b) { return *this = *this + b; }  ///< to nearest even
    constexpr Scalar& operator-=(Scalar b) { return *this = *this - b; }  ///< to nearest even
    constexpr Scalar& operator*=(Scalar b) { return *this = *this * b; }  ///< to nearest even
    constexpr Scalar& operator/=(Scalar b) { return *this = *this / b; }  ///< to nearest even
};

// What generic code calls without a namespace, rounded to nearest.

/// The sign cleared.
template <Format F>
constexpr Scalar<F> abs(Scalar<F> x) {
    return abs(Float<F>(x));
}
/// To nearest even.
template <Format F>
constexpr Scalar<F> sqrt(Scalar<F> x) {
    return sqrt<F>(Float<F>(x)).value;
}
/// e^x, correctly rounded.
template <Format F>
requires(F.width <= elementary_width) constexpr Scalar<F> exp(Scalar<F> x) { return exp<F>(Float<F>(x)).value; }
/// The natural logarithm, correctly rounded.
template <Format F>
requires(F.width <= elementary_width) constexpr Scalar<F> log(Scalar<F> x) { return log<F>(Float<F>(x)).value; }
/// The hyperbolic tangent, correctly rounded.
template <Format F>
requires(F.width <= elementary_width) constexpr Scalar<F> tanh(Scalar<F> x) { return tanh<F>(Float<F>(x)).value; }
/// Is it NaN?
template <Format F>
constexpr bool isnan(Scalar<F> x) {
    return F.is_nan(x.code);
}
/// Is it an infinity, of either sign?
template <Format F>
constexpr bool isinf(Scalar<F> x) {
    return decode(x).kind == Kind::Inf;
}
/// Is it neither infinity nor NaN?
template <Format F>
constexpr bool isfinite(Scalar<F> x) {
    return !isnan(x) && !isinf(x);
}

}  // namespace halfulp

template <halfulp::Format F>
struct std::numeric_limits<halfulp::Scalar<F>> : std::numeric_limits<halfulp::Float<F>> {};
