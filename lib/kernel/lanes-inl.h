// What every kernel needs of a vector, once for each target: see Highway's foreach_target.h.

#if defined(HALFULP_KERNEL_LANES) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_LANES
#undef HALFULP_KERNEL_LANES
#else
#define HALFULP_KERNEL_LANES
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <halfulp/lib/kernel/constants.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<std::uint32_t>;
using SignedTag = hn::ScalableTag<std::int32_t>;
using FloatTag = hn::ScalableTag<float>;
using Lanes = hn::Vec<Tag>;
using Floats = hn::Vec<FloatTag>;
using Mask = hn::Mask<Tag>;
using WordTag = hn::ScalableTag<std::uint64_t>;
using Words = hn::Vec<WordTag>;

HWY_INLINE Lanes all(std::uint32_t x) { return hn::Set(Tag(), x); }
HWY_INLINE Lanes bits(Floats x) { return hn::BitCast(Tag(), x); }
HWY_INLINE Floats number(Lanes x) { return hn::BitCast(FloatTag(), x); }
HWY_INLINE hn::Vec<SignedTag> as_signed(Lanes x) { return hn::BitCast(SignedTag(), x); }

/// a > b as signed integers: the order of AVX2.
HWY_INLINE Mask greater(Lanes a, Lanes b) { return hn::RebindMask(Tag(), hn::Gt(as_signed(a), as_signed(b))); }
HWY_INLINE Mask is_negative(Lanes x) { return greater(hn::Zero(Tag()), x); }
HWY_INLINE Mask is_nonzero(Lanes x) { return hn::Not(hn::Eq(x, hn::Zero(Tag()))); }
HWY_INLINE Lanes min(Lanes a, Lanes b) { return hn::BitCast(Tag(), hn::Min(as_signed(a), as_signed(b))); }
HWY_INLINE Lanes max(Lanes a, Lanes b) { return hn::BitCast(Tag(), hn::Max(as_signed(a), as_signed(b))); }
HWY_INLINE Lanes by_sign(Mask negative, const BySign& x) {
    return hn::IfThenElse(negative, all(x.negative), all(x.positive));
}
HWY_INLINE Lanes where(Mask mask, std::uint32_t x) { return hn::IfThenElseZero(mask, all(x)); }

/// x << n and x >> n, which are 0 unless n is 0 to 31. So are the instructions of AVX2; Highway leaves it open.
HWY_INLINE Lanes shifted_up(Lanes x, Lanes n) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
    return hn::Shl(x, n);
#else
    return hn::IfThenElseZero(hn::Lt(n, all(32)), hn::Shl(x, hn::And(n, all(31))));
#endif
}
HWY_INLINE Lanes shifted_down(Lanes x, Lanes n) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
    return hn::Shr(x, n);
#else
    return hn::IfThenElseZero(hn::Lt(n, all(32)), hn::Shr(x, hn::And(n, all(31))));
#endif
}

/// Pre: the lanes fit into Code.
template <class Code>
HWY_INLINE void store(Lanes x, Code* to) {
    if constexpr (sizeof(Code) == 4) {
        const hn::Rebind<Code, Tag> same;
        hn::StoreU(hn::BitCast(same, x), same, to);
    } else {
        const hn::Rebind<Code, Tag> narrow;
        hn::StoreU(hn::TruncateTo(narrow, x), narrow, to);
    }
}

/// All lanes or'ed.
HWY_INLINE std::uint32_t together(Lanes x) {
    std::uint32_t lanes[hn::MaxLanes(Tag())], sum = 0;
    hn::StoreU(x, Tag(), lanes);
    for (std::size_t i = 0; i < hn::Lanes(Tag()); ++i) sum |= lanes[i];
    return sum;
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
