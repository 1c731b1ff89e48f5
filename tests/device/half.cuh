// f16 and bf16 of the random expressions: by instructions on a device, and on a host by the double that rounds its results.
#pragma once

#if defined __CUDACC__ || defined __CUDA__
#include <halfulp/gpu/kernel/device/arithmetic.cuh>
#define BOTH __device__ inline
#else
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#define BOTH inline
#endif

namespace expressions {

#if defined __CUDACC__ || defined __CUDA__
struct F16 : halfulp::device::F16 {
    __device__ static Code rounded(float x) { return halfulp::device::f16_rn(x); }
    __device__ static float value(Code x) { return halfulp::device::f32_from_f16(x); }
};
struct Bf16 : halfulp::device::Bf16 {
    __device__ static Code rounded(float x) { return halfulp::device::bf16_rn(x); }
    __device__ static float value(Code x) { return halfulp::device::f32_from_bf16(x); }
};
#else
/// A format of 16 bits. double is exact, or has more than twice its precision and two bits, so that the second rounding
/// changes nothing (Figueroa 1995).
template <int precision>
struct ByDouble {
    using Code = std::uint16_t;
    static constexpr int least_exponent = 2 - (1 << (15 - precision));
    static constexpr Code infinity = (1U << 15) - (1U << (precision - 1));

    static double number(Code x) {
        const int field = (x & 0x7FFF) >> (precision - 1), fraction = x & ((1 << (precision - 1)) - 1);
        const int whole = field == 0 ? fraction : fraction + (1 << (precision - 1));
        double magnitude = std::ldexp(whole, (field == 0 ? 0 : field - 1) + least_exponent - (precision - 1));
        if ((x & 0x7FFF) >= infinity) magnitude = (x & 0x7FFF) == infinity ? INFINITY : NAN;
        return (x & 0x8000) != 0 ? -magnitude : magnitude;
    }
    static Code rounded(double x) {
        const unsigned sign = std::signbit(x) ? 0x8000 : 0;
        if (std::isnan(x)) return 0x7FFF;
        if (x == 0 || std::isinf(x)) return static_cast<Code>(sign | (x == 0 ? 0 : infinity));
        const int exponent = std::max(std::ilogb(x), least_exponent);
        if (exponent > -least_exponent + 1) return static_cast<Code>(sign | infinity);
        // In units of the last place; a carry into the next binade is one into the field of the exponent.
        const double units = std::nearbyint(std::ldexp(std::fabs(x), precision - 1 - exponent));
        const auto binades = static_cast<unsigned>(exponent - least_exponent);
        return static_cast<Code>(sign + (binades << (precision - 1)) + static_cast<unsigned>(units));
    }
    static float value(Code x) { return static_cast<float>(number(x)); }

    static Code add(Code a, Code b) { return rounded(number(a) + number(b)); }
    static Code sub(Code a, Code b) { return rounded(number(a) - number(b)); }
    static Code mul(Code a, Code b) { return rounded(number(a) * number(b)); }
    static Code div(Code a, Code b) { return rounded(number(a) / number(b)); }
    /// The product is exact. Of the sum what is lost makes the last bit odd, so that it is not lost to the rounding that
    /// follows (Boldo and Melquiond 2008).
    static Code fma(Code a, Code b, Code c) {
        const double x = number(a) * number(b), y = number(c), sum = x + y, of_y = sum - x;
        const double lost = (x - (sum - of_y)) + (y - of_y);
        const auto bits = std::bit_cast<std::uint64_t>(sum);
        if (!std::isfinite(sum) || lost == 0 || (bits & 1) != 0) return rounded(sum);
        return rounded(std::bit_cast<double>((lost > 0) == (sum > 0) ? bits + 1 : bits - 1));
    }
};
using F16 = ByDouble<11>;
using Bf16 = ByDouble<8>;
#endif

/// A number of a format whose operations `F` has.
template <class F>
struct Half {
    std::uint16_t code;
};
using f16 = Half<F16>;
using bf16 = Half<Bf16>;

template <class F>
BOTH Half<F> operator+(Half<F> a, Half<F> b) {
    return {F::add(a.code, b.code)};
}
template <class F>
BOTH Half<F> operator-(Half<F> a, Half<F> b) {
    return {F::sub(a.code, b.code)};
}
template <class F>
BOTH Half<F> operator*(Half<F> a, Half<F> b) {
    return {F::mul(a.code, b.code)};
}
template <class F>
BOTH Half<F> operator/(Half<F> a, Half<F> b) {
    return {F::div(a.code, b.code)};
}
template <class F>
BOTH Half<F> fma(Half<F> a, Half<F> b, Half<F> c) {
    return {F::fma(a.code, b.code, c.code)};
}
template <class F>
BOTH float value_of(Half<F> x) {
    return F::value(x.code);
}
BOTH f16 f16_of(float x) { return {F16::rounded(x)}; }
BOTH bf16 bf16_of(float x) { return {Bf16::rounded(x)}; }
template <class F>
BOTH unsigned bits_of(Half<F> x) {
    const float value = F::value(x.code);
    return value == value ? x.code : 0x7FFF;
}

}  // namespace expressions
