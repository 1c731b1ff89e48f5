// Codes of narrow formats to binary32, exactly.

#if defined(HALFULP_KERNEL_WIDEN) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_WIDEN
#undef HALFULP_KERNEL_WIDEN
#else
#define HALFULP_KERNEL_WIDEN
#endif

#include <halfulp/lib/kernel/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

template <class Vector>
HWY_INLINE Lanes code_lanes(Vector codes) {
    if constexpr (sizeof(hn::TFromV<Vector>) == 4) return codes;
    if constexpr (sizeof(hn::TFromV<Vector>) != 4) return hn::PromoteTo(Tag(), codes);
}

HWY_INLINE Lanes code_magnitude(const Widening& p, Lanes codes) { return hn::And(codes, all(p.magnitude_mask)); }

HWY_INLINE Mask is_nan(const Widening& p, Lanes codes) {
    const Lanes code = hn::And(codes, all(p.magnitude_mask | p.sign_bit));
    return hn::Or(greater(code_magnitude(p, codes), all(p.last_code)), hn::Eq(code, all(p.lone_nan)));
}
HWY_INLINE Mask is_signaling(const Widening& p, Lanes codes) {
    const Lanes magnitude = code_magnitude(p, codes);
    return hn::And(greater(magnitude, all(p.last_code)), greater(all(p.quiet), magnitude));
}
HWY_INLINE Mask is_infinite(const Widening& p, Lanes codes) {
    return hn::Eq(code_magnitude(p, codes), all(p.inf_code));
}
/// None where there are no subnormal numbers.
HWY_INLINE Mask is_subnormal(const Widening& p, Lanes codes) {
    const Lanes magnitude = code_magnitude(p, codes);
    return hn::And(greater(all(p.min_normal), magnitude), is_nonzero(magnitude));
}

/// Zeros in place of subnormal numbers, whose flags go to `raised`.
HWY_INLINE Lanes flushed_lanes(const Widening& p, Lanes codes, Lanes& raised) {
    const Mask subnormal = is_subnormal(p, codes);
    raised = hn::Or(raised, where(subnormal, p.raises.input_denormal));
    return hn::IfThenElse(subnormal, hn::And(codes, all(p.flushed_sign)), codes);
}

/// Numbers only: NaN and infinity follow.
template <Shape shape>
HWY_INLINE Lanes wide_magnitude(const Widening& p, Lanes magnitude) {
    const Lanes lifted = hn::Add(hn::Shl(magnitude, all(static_cast<std::uint32_t>(p.lift))), all(p.offset));
    if constexpr (shape == Shape::Gradual) {
        // A multiple of the smallest number, which is a normal one of binary32: no step rounds or meets a subnormal one.
        const Floats multiple = hn::Mul(hn::ConvertTo(FloatTag(), as_signed(magnitude)), hn::Set(FloatTag(), p.unit));
        return hn::IfThenElse(greater(all(p.min_normal), magnitude), bits(multiple), lifted);
    }
    if constexpr (shape == Shape::NoZero) {
        const Lanes step = all(0x00800000), field = hn::ShiftRight<23>(lifted);
        const Lanes significand = hn::Or(hn::And(lifted, all(0x007FFFFF)), step);
        const Lanes down = hn::And(hn::Sub(all(1), field), all(31));
        return hn::IfThenElse(greater(step, lifted), hn::Shr(significand, down), lifted);
    }
    return lifted;
}

/// Numbers of binary32. NaNs become some NaN.
template <Shape shape>
HWY_INLINE Lanes wide(const Widening& p, Lanes codes) {
    if constexpr (shape == Shape::Same) return hn::Shl(codes, all(static_cast<std::uint32_t>(p.lift)));
    const Lanes magnitude = code_magnitude(p, codes);
    const Lanes sign = hn::Shl(hn::And(codes, all(p.sign_bit)), all(static_cast<std::uint32_t>(p.sign_shift)));
    Lanes x = wide_magnitude<shape>(p, magnitude);
    Mask special = greater(magnitude, all(p.last_number));
    if (HWY_UNLIKELY(p.lone_nan == p.sign_bit)) special = hn::Or(special, is_nan(p, codes));
    if (HWY_UNLIKELY(!hn::AllFalse(Tag(), special))) {
        x = hn::IfThenElse(is_nan(p, codes), all(0x7FC00000), x);
        x = hn::IfThenElse(is_infinite(p, codes), all(0x7F800000), x);
    }
    return hn::Or(x, sign);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
