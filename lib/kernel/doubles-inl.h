// Each lane once more as a binary64, in two vectors: what the arithmetic needs that leaves binary32.

#if defined(HALFULP_KERNEL_DOUBLES) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_DOUBLES
#undef HALFULP_KERNEL_DOUBLES
#else
#define HALFULP_KERNEL_DOUBLES
#endif

#include <halfulp/lib/kernel/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

using DoubleTag = hn::ScalableTag<double>;

struct Doubles {
    hn::Vec<DoubleTag> low, high;
};

HWY_INLINE Doubles doubles(Floats x) {
#if HWY_TARGET == HWY_SCALAR
    const auto one = hn::PromoteTo(DoubleTag(), x);
    return {one, one};
#else
    const hn::Half<FloatTag> half;
    return {hn::PromoteTo(DoubleTag(), hn::LowerHalf(half, x)), hn::PromoteTo(DoubleTag(), hn::UpperHalf(half, x))};
#endif
}

/// Words of 64 bits, as two vectors of their halves.
struct Halves {
    Lanes upper, lower;
};

HWY_INLINE Halves halves(Words low, Words high) {
#if HWY_TARGET == HWY_SCALAR
    (void)high;
    const std::uint64_t word = hn::GetLane(low);
    return {all(static_cast<std::uint32_t>(word >> 32)), all(static_cast<std::uint32_t>(word))};
#else
    const Lanes a = hn::BitCast(Tag(), low), b = hn::BitCast(Tag(), high);
    return {hn::ConcatOdd(Tag(), b, a), hn::ConcatEven(Tag(), b, a)};
#endif
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
