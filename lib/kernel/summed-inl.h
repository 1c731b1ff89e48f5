// Rounding to nearest even by the CPU's own addition, of whole numbers of binary32 to formats
// of Shape::Gradual.

#if defined(HALFULP_KERNEL_SUMMED) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_SUMMED
#undef HALFULP_KERNEL_SUMMED
#else
#define HALFULP_KERNEL_SUMMED
#endif

#include <halfulp/lib/kernel/outcome-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// To nearest even by the CPU, which rounds magnitude + c to a multiple of c's last bit: c is chosen so that that is the
/// last bit of the code. Of numbers beyond p.last_kept it makes no use. Pre: p.is_summed, and the CPU's environment is the
/// default one.
HWY_INLINE Outcome rounded_by_addition(const Narrowing& p, Lanes magnitude) {
    const auto drop = static_cast<std::uint32_t>(p.drop);
    const Lanes exponent = hn::And(max(magnitude, all(p.first_normal)), all(p.all_but_fraction));
    const Lanes c = hn::Add(exponent, all(drop << p.layout.fraction_bits));
    const Floats sum = hn::Add(number(magnitude), number(c));
    const Lanes units = hn::Sub(bits(sum), c), fields = hn::Shr(hn::Sub(exponent, all(p.first_normal)), all(drop));
    const Lanes lost = hn::Xor(bits(hn::Sub(sum, number(c))), magnitude), zero = hn::Zero(Tag());
    return {hn::Add(units, fields), lost, zero, zero};
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
