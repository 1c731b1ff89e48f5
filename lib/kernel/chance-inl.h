// How random bits decide a rounding.

#if defined(HALFULP_KERNEL_CHANCE) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_CHANCE
#undef HALFULP_KERNEL_CHANCE
#else
#define HALFULP_KERNEL_CHANCE
#endif

#include <halfulp/lib/kernel/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// What Stochastic adds: random bits, and to which bits below those of the number, if it is not whole.
template <bool whole>
struct Chance {
    Lanes random, lower;
};

/// Do the random bits and the leading 32 of those to lose carry? Pre: these are more than 31 only if `deep`.
template <bool deep, bool whole>
HWY_INLINE Mask carries(const Narrowing& p, Lanes number, Lanes loss, const Chance<whole>& chance) {
    const Lanes up = hn::Sub(all(32), loss);
    Lanes tail = shifted_up(number, up);
    if constexpr (!whole) tail = hn::Or(tail, shifted_down(chance.lower, loss));
    if constexpr (deep) tail = hn::Or(tail, shifted_down(number, hn::Add(loss, all(p.minus_32))));
    return hn::Gt(tail, hn::Not(chance.random));
}

/// The first n of the random bits, as a number: a whole number that loses n bits needs no more.
HWY_INLINE Lanes leading(Lanes random, Lanes n) { return shifted_down(random, hn::Sub(all(32), n)); }

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
