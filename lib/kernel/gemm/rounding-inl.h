// Numbers rounded, to nearest even, to fewer bits than their lanes have, without leaving the lanes.
//
// For x with exponent e, x + 1.5 * 2^(e + n) lies in the binade of 2^(e + n), whose last bit is worth 2^n that of x: the
// sum is rounded there, and subtracting again is exact. An even number of that last bit is added, so ties go to the even
// neighbour. e is read off the bits, and is never taken below the narrower format's emin.

#if defined(HALFULP_KERNEL_GEMM_ROUNDING) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_ROUNDING
#undef HALFULP_KERNEL_GEMM_ROUNDING
#else
#define HALFULP_KERNEL_GEMM_ROUNDING
#endif

#include <cmath>
#include <limits>

#include <halfulp/lib/kernel/lanes-inl.h>
#include <halfulp/softfloat/format.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// From lanes of D to the numbers of a format.
template <class D, Format f>
struct Rounding {
    using Number = hn::TFromD<D>;
    using Vector = hn::Vec<D>;
    static constexpr int lost_bits = std::numeric_limits<Number>::digits - f.precision;

    static constexpr Number power_of_two(int exponent) {
        Number x = 1;
        for (; exponent > 0; --exponent) x *= 2;
        for (; exponent < 0; ++exponent) x /= 2;
        return x;
    }
    /// From here on, half a unit beyond the largest number, everything is infinite.
    static constexpr Number infinite = (2 - power_of_two(-f.precision)) * power_of_two(f.emax());

    /// 2^e. Pre: x is no NaN and not infinite.
    static HWY_INLINE Vector binade(Vector x) {
        return hn::And(x, hn::Set(D(), std::numeric_limits<Number>::infinity()));
    }
    static HWY_INLINE Vector binade_or_least(Vector x) {
        return hn::Max(binade(x), hn::Set(D(), power_of_two(f.emin())));
    }
    /// Zeros are positive. Pre: the numbers of D reach lost_bits beyond x.
    static HWY_INLINE Vector within(Vector x, Vector binade) {
        const Vector factor = hn::Set(D(), Number{1.5} * power_of_two(lost_bits));
        return hn::NegMulAdd(binade, factor, hn::MulAdd(binade, factor, x));
    }
    /// Any number, infinity or NaN. Pre: the numbers of D reach lost_bits beyond `infinite`.
    static HWY_INLINE Vector any(Vector x) {
        const Vector magnitude = hn::Abs(x), limit = hn::Set(D(), infinite);
        const Vector unbounded = hn::Abs(within(x, binade_or_least(x)));
        const Vector infinity = hn::Set(D(), std::numeric_limits<Number>::infinity());
        return hn::CopySign(hn::IfThenElse(hn::Ge(magnitude, limit), infinity, unbounded), x);
    }
};

/// To bfloat16 from any number of binary32, whose upper half it is: rounded as whole numbers are.
HWY_INLINE Floats to_upper_half(Floats x) {
    const Lanes odd = hn::And(hn::ShiftRight<16>(bits(x)), all(1));
    const Lanes rounded = hn::And(hn::Add(bits(x), hn::Add(all(0x7FFF), odd)), all(0xFFFF0000));
    return hn::IfThenElse(hn::Eq(x, x), number(rounded), x);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
