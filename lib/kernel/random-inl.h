// The random bits of Draws, in lanes.

#if defined(HALFULP_KERNEL_RANDOM) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_RANDOM
#undef HALFULP_KERNEL_RANDOM
#else
#define HALFULP_KERNEL_RANDOM
#endif

#include <type_traits>

#include <halfulp/lib/kernel/lanes-inl.h>
#include <halfulp/lib/kernel/batch.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Draws, and the constants of random.hpp as variables: see Narrowing.
struct Generator {
    std::uint64_t seed, first, mixed_seed;
    std::uint64_t step = 0x9e3779b97f4a7c15, factor = 0xbf58476d1ce4e5b9, second_factor = 0x94d049bb133111eb;

    explicit Generator(const Draws& draws) : seed(draws.seed), first(draws.first), mixed_seed(mixed_bits(draws.seed)) {}

    HWY_INLINE Generator from(std::size_t i) const { return Generator({seed, first + i}); }
};

/// For kernels that draw nothing.
struct NoGenerator {
    explicit NoGenerator(const Draws&) {}
    HWY_INLINE NoGenerator from(std::size_t) const { return *this; }
};

template <Addend addend>
using GeneratorOf = std::conditional_t<addend == Addend::Stochastic, Generator, NoGenerator>;

#if HWY_TARGET == HWY_SCALAR

HWY_INLINE Lanes random_lanes(const Generator& g, std::size_t i) {
    return all(static_cast<std::uint32_t>(draw({g.seed, g.first}, i) >> 32));
}

#else

HWY_INLINE Words times(Words x, std::uint64_t factor) { return hn::Mul(x, hn::Set(WordTag(), factor)); }

/// random_bits(seed, index), random_bits(seed, index + 1), ...: the lower half of each is the earlier draw.
HWY_INLINE Lanes random_pairs(const Generator& g, std::uint64_t index) {
    const Words steps = times(hn::Iota(WordTag(), 0), g.step);
    Words x = hn::Add(hn::Set(WordTag(), g.mixed_seed + (index + 1) * g.step), steps);
    x = times(hn::Xor(x, hn::ShiftRight<30>(x)), g.factor);
    x = times(hn::Xor(x, hn::ShiftRight<27>(x)), g.second_factor);
    return hn::BitCast(Tag(), hn::Xor(x, hn::ShiftRight<31>(x)));
}

/// The upper halves of draw(draws, i), draw(draws, i + 1), ...
HWY_INLINE Lanes random_lanes(const Generator& g, std::size_t i) {
    const std::uint64_t first = g.first + i;
    if (HWY_LIKELY(first % 2 == 0)) return random_pairs(g, first / 2);
    const std::size_t count = hn::Lanes(Tag());
    std::uint32_t both[2 * hn::MaxLanes(Tag())];
    hn::StoreU(random_pairs(g, first / 2), Tag(), both);
    hn::StoreU(random_pairs(g, first / 2 + count / 2), Tag(), both + count);
    return hn::LoadU(Tag(), both + 1);
}

#endif

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
