// An origin for round_pack: numbers of binary32 as they are.

#if defined(HALFULP_KERNEL_BINARY32) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_BINARY32
#undef HALFULP_KERNEL_BINARY32
#else
#define HALFULP_KERNEL_BINARY32
#endif

#include <halfulp/lib/kernel/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// `summed`: to be rounded by rounded_by_addition.
template <bool summed>
struct Binary32 {
    static constexpr bool is_whole = true, is_summed = summed;
    Lanes x;
    Lanes lost = hn::Zero(Tag());

    HWY_INLINE Lanes magnitude() const { return hn::And(x, all(0x7FFFFFFF)); }
    HWY_INLINE Mask infinite() const { return hn::Eq(magnitude(), all(0x7F800000)); }
    /// Of signaling NaNs, whose quiet bit is clear.
    HWY_INLINE Lanes raised(const StatusBits& raises) const {
        const Mask signaling = hn::And(greater(magnitude(), all(0x7F800000)), greater(all(0x7FC00000), magnitude()));
        return where(signaling, raises.invalid);
    }
};

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
