// The random bits of Draws, in lanes.

#if defined(HALFULP_KERNEL_RANDOM) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_RANDOM
#undef HALFULP_KERNEL_RANDOM
#else
#define HALFULP_KERNEL_RANDOM
#endif

#include <halfulp/lib/kernel/lanes-inl.h>
#include <halfulp/lib/kernel/batch.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

HWY_INLINE Lanes random_lanes(const Draws& draws, std::size_t i) {
    return all(static_cast<std::uint32_t>(draw(draws, i) >> 32));
}

#else

constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;

HWY_INLINE Words times(Words x, std::uint64_t factor) { return hn::Mul(x, hn::Set(WordTag(), factor)); }

/// mixed_bits of random.hpp without its last step.
HWY_INLINE Words half_mixed(Words x) {
    x = times(hn::Xor(x, hn::ShiftRight<30>(x)), 0xbf58476d1ce4e5b9);
    return times(hn::Xor(x, hn::ShiftRight<27>(x)), 0x94d049bb133111eb);
}

/// The upper halves of draw(draws, i), draw(draws, i + 1), ...
HWY_INLINE Lanes random_lanes(const Draws& draws, std::size_t i) {
    const std::uint64_t start = mixed_bits(draws.seed) + (draws.first + i + 1) * golden_ratio;
    const Words steps = times(hn::Iota(WordTag(), 0), golden_ratio);
    const Words low = hn::Add(hn::Set(WordTag(), start), steps);
    const Words high = hn::Add(low, hn::Set(WordTag(), golden_ratio * hn::Lanes(WordTag())));
    const Lanes upper = hn::ConcatOdd(Tag(), hn::BitCast(Tag(), half_mixed(high)), hn::BitCast(Tag(), half_mixed(low)));
    return hn::Xor(upper, hn::ShiftRight<31>(upper));  // of x ^ x >> 31
}

#endif

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
