// The operands of an operation, as numbers and as codes.

#if defined(HALFULP_KERNEL_OPERANDS) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_OPERANDS
#undef HALFULP_KERNEL_OPERANDS
#else
#define HALFULP_KERNEL_OPERANDS
#endif

#include <halfulp/lib/kernel/half-inl.h>
#include <halfulp/lib/kernel/widen-inl.h>
#include <halfulp/softfloat/operation.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// How codes are widened.
enum class Way : std::uint8_t {
    Same,     ///< Shape::Same
    Gradual,  ///< Shape::Gradual
    F16c,     ///< binary16, by the hardware
};

template <Way way>
HWY_INLINE Floats numbers(const Widening& p, HalfWords codes) {
#if HALFULP_KERNEL_F16C
    if constexpr (way == Way::F16c) return from_halves(codes);
#endif
    return number(wide < way == Way::Same ? Shape::Same : Shape::Gradual > (p, code_lanes(codes)));
}

/// Codes with zeros in place of subnormal numbers (Env::flush_inputs), whose flags go to `raised`.
HWY_INLINE HalfWords flushed(const Widening& p, HalfWords codes, Lanes& raised) {
    if (HWY_LIKELY(!p.flush_inputs)) return codes;
    const hn::Rebind<std::uint16_t, Tag> narrow;
    return hn::DemoteTo(narrow, as_signed(flushed_lanes(p, code_lanes(codes), raised)));
}

/// What special results come from: read where there are any.
template <Operation operation>
struct Origin {
    static constexpr bool is_whole = false, is_summed = false;
    const Widening& p;
    HalfWords a_codes, b_codes, c_codes;
    Mask nan_result;
    Lanes lost;  ///< by the operation, before it is rounded

    static constexpr bool has_b = operation != Operation::Sqrt, has_c = operation == Operation::Fma;

    HWY_INLINE Lanes a() const { return code_lanes(a_codes); }
    HWY_INLINE Lanes b() const { return code_lanes(b_codes); }
    HWY_INLINE Lanes c() const { return code_lanes(c_codes); }
    HWY_INLINE Mask is_zero(Lanes codes) const { return hn::Eq(code_magnitude(p, codes), hn::Zero(Tag())); }

    /// Of the results that look infinite, those that are.
    HWY_INLINE Mask infinite() const {
        Mask any = is_infinite(p, a());
        if constexpr (operation == Operation::Div) return hn::Or(any, is_zero(b()));
        if constexpr (has_b) any = hn::Or(any, is_infinite(p, b()));
        if constexpr (has_c) any = hn::Or(any, is_infinite(p, c()));
        return any;
    }

    /// 0 * infinity is invalid even where a quiet NaN is added.
    HWY_INLINE Lanes raised(const StatusBits& raises) const {
        Mask nan = is_nan(p, a()), signaling = is_signaling(p, a()), divided = hn::FirstN(Tag(), 0);
        if constexpr (has_b) {
            nan = hn::Or(nan, is_nan(p, b()));
            signaling = hn::Or(signaling, is_signaling(p, b()));
        }
        if constexpr (operation == Operation::Div)
            divided = hn::AndNot(hn::Or(nan_result, is_infinite(p, a())), is_zero(b()));
        if constexpr (has_c) {
            const Mask no_product =
                hn::Or(hn::And(is_zero(a()), is_infinite(p, b())), hn::And(is_infinite(p, a()), is_zero(b())));
            nan = hn::Or(nan, is_nan(p, c()));
            signaling = hn::Or(hn::Or(signaling, no_product), is_signaling(p, c()));
        }
        const Mask invalid = hn::Or(signaling, hn::AndNot(nan, nan_result));
        return hn::Or(where(invalid, raises.invalid), where(divided, raises.divide_by_zero));
    }
};

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
