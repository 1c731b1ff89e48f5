// The operations of IEEE 754 on binary32 or binary64 lanes, rounded to odd, with at least two bits more than any format
// of 16 bits keeps: rounding that once more, in any direction, is rounding the exact result (claims to-odd-*).
// No step fuses a product and a sum, so all targets agree. They must round to nearest, and keep subnormal numbers.

#if defined(HALFULP_KERNEL_ODD) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_ODD
#undef HALFULP_KERNEL_ODD
#else
#define HALFULP_KERNEL_ODD
#endif

#include <halfulp/lib/kernel/doubles-inl.h>
#include <halfulp/lib/kernel/constants.hpp>
#include <halfulp/softfloat/operation.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// A sum and the rounding error that it lacks.
template <class Vector>
struct TwoSum {
    Vector sum, error;
};

/// Knuth's six operations: the error is exact unless the sum overflows, and then NaN.
template <class Vector>
HWY_INLINE TwoSum<Vector> two_sum(Vector a, Vector b) {
    const Vector sum = hn::Add(a, b), b_part = hn::Sub(sum, a), a_part = hn::Sub(sum, b_part);
    return {sum, hn::Add(hn::Sub(a, a_part), hn::Sub(b, b_part))};
}

/// The bits of sum + error, rounded to odd: toward zero, and an odd last bit where something is lost. NaN loses nothing.
template <class D, class Vector>
HWY_INLINE auto to_odd(D d, const TwoSum<Vector>& x) {
    const hn::RebindToUnsigned<D> bits_of;
    const Vector outward =
        hn::Xor(x.error, hn::And(x.sum, hn::Set(d, hn::TFromD<D>(-0.0))));  // positive if away from 0
    const auto below = hn::Lt(outward, hn::Zero(d)), above = hn::Gt(outward, hn::Zero(d));
    const auto truncated = hn::Add(hn::BitCast(bits_of, x.sum), hn::BitCast(bits_of, hn::VecFromMask(d, below)));
    const auto one = hn::BitCast(d, hn::Set(bits_of, 1));
    return hn::Or(truncated, hn::BitCast(bits_of, hn::IfThenElseZero(hn::Or(below, above), one)));
}

/// A result: rounded to odd in `bits`; or rounded to nearest, and `lost` is not zero if it is not exact; or, for
/// Stochastic, a binary64 rounded to odd, with the lower half in `lost`.
struct Odd {
    Lanes bits, lost;
};

/// All roundings but Stochastic need no more than the upper half, rounded to odd.
template <Addend addend>
HWY_INLINE Odd odd(Words low, Words high) {
    const Halves x = halves(low, high);
    if constexpr (addend == Addend::Stochastic) return {x.upper, x.lower};
    return {hn::Or(x.upper, where(is_nonzero(x.lower), 1)), hn::Zero(Tag())};
}

template <Addend addend>
HWY_INLINE Odd odd(Floats x) {
    return {bits(x), hn::Zero(Tag())};
}
template <Addend addend>
HWY_INLINE Odd odd(const Doubles& x) {
    return odd<addend>(hn::BitCast(WordTag(), x.low), hn::BitCast(WordTag(), x.high));
}

template <Addend addend>
HWY_INLINE Odd odd_sum(Floats a, Floats b) {
    return {to_odd(FloatTag(), two_sum(a, b)), hn::Zero(Tag())};
}
template <Addend addend>
HWY_INLINE Odd odd_sum(const Doubles& a, const Doubles& b) {
    return odd<addend>(to_odd(DoubleTag(), two_sum(a.low, b.low)), to_odd(DoubleTag(), two_sum(a.high, b.high)));
}

HWY_INLINE Floats product(Floats a, Floats b) { return hn::Mul(a, b); }
HWY_INLINE Doubles product(const Doubles& a, const Doubles& b) {
    return {hn::Mul(a.low, b.low), hn::Mul(a.high, b.high)};
}
HWY_INLINE Floats quotient(Floats a, Floats b) { return hn::Div(a, b); }
HWY_INLINE Doubles quotient(const Doubles& a, const Doubles& b) {
    return {hn::Div(a.low, b.low), hn::Div(a.high, b.high)};
}
HWY_INLINE Floats root(Floats a) { return hn::Sqrt(a); }
HWY_INLINE Doubles root(const Doubles& a) { return {hn::Sqrt(a.low), hn::Sqrt(a.high)}; }

/// Sums of two numbers of p bits may be rounded to nearest twice, first to 2p + 2 bits or more (Figueroa 1995): binary32
/// has them for p <= 11 (claims *-through-fp32 of proofs/CLAIMS.md). All else is rounded to odd.
///
/// With operands of p <= 11 bits products are exact. Quotients and roots are rounded to nearest, and yet on no number of
/// p + 1 bits unless exactly so: with a, b and z in [1, 2) or [1, 4) such a number z is
///     |a/b - z| = |a - z b| / b                 >= 2^-(2p - 1) / 2 = 2^-22   from a quotient, if that is not z,
///     |sqrt(a) - z| = |a - z^2| / (sqrt(a) + z)  > 2^-2p / 4 = 2^-24         from a root,
/// and binary32 errs there by at most 2^-24. So they lie where the exact result does among the numbers of p + 1 bits,
/// which are the results and the middles between them: the same as if they were rounded to odd (claims short-quotients,
/// short-roots and rounded-as-if-odd).
///
/// Stochastic reads the 32 bits below the last one kept: p + 32 <= 43 of the 53 of binary64. For numbers z of so many bits
///     |a/b - z| >= 2^-(2p + 30) / b > 2^-53,
/// by which binary64 errs at most. No root of a number of 11 bits lies too close to such a z: a test tries all.
template <Operation operation, Addend addend, class Numbers>
HWY_INLINE Odd odd_result(const Numbers& a, const Numbers& b, const Numbers& c) {
    if constexpr (operation == Operation::Add && addend == Addend::Nearest) {
        const TwoSum<Numbers> s = two_sum(a, b);
        return {bits(s.sum), hn::And(bits(s.error), all(0x7FFFFFFF))};
    }
    if constexpr (operation == Operation::Add && addend != Addend::Nearest) return odd_sum<addend>(a, b);
    if constexpr (operation == Operation::Mul) return odd<addend>(product(a, b));
    if constexpr (operation == Operation::Div) return odd<addend>(quotient(a, b));
    if constexpr (operation == Operation::Sqrt) return odd<addend>(root(a));
    if constexpr (operation == Operation::Fma) return odd_sum<addend>(product(a, b), c);
}

/// Rounds those products and quotients to odd that are too small for binary32, of numbers as wide in range. Others below
/// its smallest normal number are exact or, with p <= 8, still lie where the exact result does among the results and the
/// middles between them: none of these but 0 is within 2^-150 of a product below 2^-134 or of an inexact quotient.
template <Operation operation>
HWY_INLINE void restore_vanished(Floats a, Floats b, Lanes& result) {
    const Lanes magnitude = all(0x7FFFFFFF), zero = hn::Zero(Tag());
    Mask vanished = hn::Eq(hn::And(result, magnitude), zero);
    if (HWY_LIKELY(hn::AllFalse(Tag(), vanished))) return;
    const Lanes x = hn::And(bits(a), magnitude), y = hn::And(bits(b), magnitude);
    if constexpr (operation == Operation::Mul) vanished = hn::AndNot(hn::Eq(y, zero), vanished);
    if constexpr (operation == Operation::Div) vanished = hn::AndNot(hn::Eq(y, all(0x7F800000)), vanished);
    result = hn::Or(result, where(hn::AndNot(hn::Eq(x, zero), vanished), 1));
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
