// What a kernel says of each lane, and of many together.

#if defined(HALFULP_KERNEL_OUTCOME) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_OUTCOME
#undef HALFULP_KERNEL_OUTCOME
#else
#define HALFULP_KERNEL_OUTCOME
#endif

#include <halfulp/lib/kernel/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Codes, and what their flags follow from. All but the codes only grows: that of many lanes together is of the same
/// kind, so the flags of an array are worked out once, and not for each vector.
struct Outcome {
    Lanes codes;
    Lanes lost;       ///< the bits that were cut off
    Lanes tiny_lost;  ///< the same, of tiny results
    Lanes raised;     ///< other flags, as bits of Status
};

HWY_INLINE void gather(const Outcome& r, Outcome& sum) {
    sum.lost = hn::Or(sum.lost, r.lost);
    sum.tiny_lost = hn::Or(sum.tiny_lost, r.tiny_lost);
    sum.raised = hn::Or(sum.raised, r.raised);
}

/// The flags of each lane, as bits of Status.
HWY_INLINE Lanes flags(const StatusBits& raises, const Outcome& r) {
    const Lanes inexact = where(is_nonzero(r.lost), raises.inexact);
    const Lanes underflow = where(is_nonzero(r.tiny_lost), raises.underflow);
    return hn::Or(r.raised, hn::Or(inexact, underflow));
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
