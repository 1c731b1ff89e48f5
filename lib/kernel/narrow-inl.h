// Numbers of binary32 to codes: what map does to each vector.

#if defined(HALFULP_KERNEL_NARROW) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_NARROW
#undef HALFULP_KERNEL_NARROW
#else
#define HALFULP_KERNEL_NARROW
#endif

#include <halfulp/lib/kernel/binary32-inl.h>
#include <halfulp/lib/kernel/random-inl.h>
#include <halfulp/lib/kernel/round-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

template <Addend addend, Shape shape, bool summed = false>
struct Narrow {
    static constexpr int operands = 1;
    Narrowing constants;
    GeneratorOf<addend> generator;

    HWY_INLINE Narrow from(std::size_t i) const { return {constants, generator.from(i)}; }

    HWY_INLINE Lanes flags(const Outcome& r) const { return HWY_NAMESPACE::flags(constants.raises, r); }

    HWY_INLINE Outcome operator()(Floats number, Floats, Floats, [[maybe_unused]] std::size_t i) const {
        const Narrowing& p = constants;
        Lanes x = bits(number);
        Lanes flushed = hn::Zero(Tag());
        if (!summed && HWY_UNLIKELY(p.flush_inputs)) {
            const Lanes magnitude = hn::And(x, all(0x7FFFFFFF));
            const Mask subnormal = hn::And(greater(all(0x00800000), magnitude), is_nonzero(magnitude));
            x = hn::IfThenElse(subnormal, hn::AndNot(magnitude, x), x);
            flushed = where(subnormal, p.raises.input_denormal);
        }
        Lanes random = hn::Zero(Tag());
        if constexpr (addend == Addend::Stochastic) random = random_lanes(generator, i);
        Outcome r = round_pack<addend, shape>(p, x, Binary32<summed>{x}, random);
        if (!summed && HWY_UNLIKELY(p.flush_inputs)) r.raised = hn::Or(r.raised, flushed);
        return r;
    }
};

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
