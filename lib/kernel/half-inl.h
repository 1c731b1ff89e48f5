// binary16 by the conversion instructions of x86-64 (F16C), where a target has them.

#if defined(HALFULP_KERNEL_HALF) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_HALF
#undef HALFULP_KERNEL_HALF
#else
#define HALFULP_KERNEL_HALF
#endif

#include <halfulp/lib/kernel/lanes-inl.h>

#undef HALFULP_KERNEL_F16C
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
#define HALFULP_KERNEL_F16C 1
#else
#define HALFULP_KERNEL_F16C 0
#endif

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

using HalfWords = hn::Vec<hn::Rebind<std::uint16_t, Tag>>;

/// One NaN for all. Comparing a signaling one raises invalid, which classifying would not.
HWY_INLINE Floats canonical(Floats x) { return hn::IfThenElse(hn::Eq(x, x), x, number(all(0x7FC00000))); }

#if HALFULP_KERNEL_F16C
HWY_INLINE Floats from_halves(HalfWords codes) {
    return hn::PromoteTo(FloatTag(), hn::BitCast(hn::Rebind<hwy::float16_t, FloatTag>(), codes));
}

HWY_INLINE Floats load_halves(const std::uint16_t* from) {
    return from_halves(hn::LoadU(hn::Rebind<std::uint16_t, FloatTag>(), from));
}

/// `control` is the instruction's rounding control.
template <int control>
HWY_INLINE void store_halves(Floats x, std::uint16_t* to) {
#if HWY_TARGET == HWY_AVX3
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtps_ph(x.raw, control));
#else
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_cvtps_ph(x.raw, control));
#endif
}
#endif

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
