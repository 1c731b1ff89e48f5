// The one rounding of the kernels: numbers of a layout to codes and flags, as round_pack of softfloat does it. Lanes
// take no branches; vectors pass by what none of their lanes needs.

#if defined(HALFULP_KERNEL_ROUND) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_ROUND
#undef HALFULP_KERNEL_ROUND
#else
#define HALFULP_KERNEL_ROUND
#endif

#include <halfulp/lib/kernel/outcome-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Magnitudes on their way to codes: (number + addend) >> shift.
struct Cut {
    Lanes number;
    Lanes loss;   ///< bits to lose, however many
    Lanes shift;  ///< the same, at most 31: nothing but a carry survives more
    Lanes half;   ///< of a unit of the last kept bit
    Lanes rest;   ///< mask of the bits to lose
    Mask below;   ///< NoZero: too small for any shift
};

/// Every number loses the same bits.
HWY_INLINE Cut cut_evenly(const Narrowing& p, Lanes number, Mask below) {
    const Lanes drop = all(static_cast<std::uint32_t>(p.drop));
    return {number, drop, drop, all(p.half), all(2 * p.half - 1), below};
}

/// Below the smallest normal number the implicit bit is written out, and each exponent costs one bit more.
HWY_INLINE Cut cut_gradually(const Narrowing& p, Lanes magnitude) {
    const Lanes step = all(1U << p.layout.fraction_bits), fraction = all((1U << p.layout.fraction_bits) - 1);
    const Lanes field = hn::Shr(magnitude, all(static_cast<std::uint32_t>(p.layout.fraction_bits)));
    const Lanes below = max(hn::Sub(all(static_cast<std::uint32_t>(p.first_field)), field), hn::Zero(Tag()));
    const Lanes implicit_bit = hn::And(min(magnitude, step), step);
    const Lanes significand = hn::Or(hn::And(magnitude, fraction), implicit_bit);
    const Mask subnormal = greater(all(p.first_normal), magnitude);
    const Lanes number = hn::IfThenElse(subnormal, significand, hn::Sub(magnitude, all(p.offset)));
    const Lanes loss = hn::Add(below, all(static_cast<std::uint32_t>(p.drop))), shift = min(loss, all(31));
    const Lanes unit = hn::Shl(all(1), shift);
    return {number, loss, shift, hn::ShiftRight<1>(unit), hn::Sub(unit, all(1)), subnormal};
}

/// Subnormal numbers of the layout, too, become 1.fraction, with exponent fields of zero and less.
HWY_INLINE Cut cut_without_zero(const Narrowing& p, Lanes magnitude) {
    const std::uint32_t step = 1U << p.layout.fraction_bits;
    const auto exponents = static_cast<std::uint32_t>(p.layout.bias + p.layout.fraction_bits - 1) * step;
    const Lanes normalized = hn::Sub(bits(hn::ConvertTo(FloatTag(), as_signed(magnitude))), all(exponents));
    const Lanes extended = hn::IfThenElse(greater(all(step), magnitude), normalized, magnitude);
    const Mask below = greater(all(p.first_normal), extended);
    return cut_evenly(p, hn::IfThenZeroElse(below, hn::Sub(extended, all(p.offset))), below);
}

template <Shape shape>
HWY_INLINE Cut cut(const Narrowing& p, Lanes magnitude) {
    if constexpr (shape == Shape::Gradual) return cut_gradually(p, magnitude);
    if constexpr (shape == Shape::NoZero) return cut_without_zero(p, magnitude);
    return cut_evenly(p, magnitude, hn::FirstN(Tag(), 0));
}

template <Addend addend>
HWY_INLINE Lanes added(const Narrowing& p, const Cut& c, Mask negative) {
    if constexpr (addend == Addend::Directed) return hn::And(c.rest, by_sign(negative, p.away));
    return hn::Sub(c.half, hn::AndNot(hn::Shr(c.number, c.shift), all(p.ties_to_even)));
}

/// What Stochastic adds: random bits, and to which bits below those of the number, if it is not whole.
template <bool whole>
struct Chance {
    Lanes random, lower;
};

/// Do the random bits and the leading 32 of those to lose carry? Pre: these are more than 31 only if `deep`.
template <bool deep, bool whole>
HWY_INLINE Mask carries(Lanes number, Lanes loss, const Chance<whole>& chance) {
    Lanes tail = shifted_up(number, hn::Sub(all(32), loss));
    if constexpr (!whole) tail = hn::Or(tail, shifted_down(chance.lower, loss));
    if constexpr (deep) tail = hn::Or(tail, shifted_down(number, hn::Sub(loss, all(32))));
    return hn::Gt(tail, hn::Not(chance.random));
}

template <Addend addend, Shape shape, bool whole>
HWY_INLINE Lanes rounded(const Narrowing& p, const Cut& c, Mask negative, const Chance<whole>& chance) {
    if constexpr (addend == Addend::Stochastic && whole && shape != Shape::Gradual) {
        // Of a whole number only as many random bits count as are cut off.
        const Lanes addition = shifted_down(chance.random, hn::Sub(all(32), c.loss));
        return shifted_down(hn::Add(c.number, addition), c.loss);
    } else if constexpr (addend == Addend::Stochastic) {
        const Mask away = carries<shape == Shape::Gradual>(c.number, c.loss, chance);
        const Lanes down = shifted_down(c.number, c.loss);
        return hn::IfThenElse(away, hn::Add(down, all(1)), down);
    } else if constexpr (addend == Addend::ToOdd) {
        return hn::Or(hn::Shr(c.number, c.shift), where(is_nonzero(hn::And(c.number, c.rest)), 1));
    } else {
        return hn::Shr(hn::Add(c.number, added<addend>(p, c, negative)), c.shift);
    }
}

/// Which magnitudes are tiny, by one of the two rules.
template <Addend addend, bool whole>
HWY_INLINE Mask tiny(const Narrowing& p, const BySign& carry, Lanes magnitude, Mask negative,
                     const Chance<whole>& chance) {
    Lanes more = all(carry.positive);
    if constexpr (addend == Addend::Directed) more = by_sign(negative, carry);
    if (addend == Addend::Stochastic && carry.positive != 0)
        more = where(carries<false>(magnitude, all(static_cast<std::uint32_t>(p.tiny_drop)), chance), carry.positive);
    return greater(all(p.first_normal), hn::Add(magnitude, more));
}

/// Pre: no code has a sign yet.
HWY_INLINE Lanes with_sign(const Narrowing& p, Lanes codes, Lanes x) {
    if (HWY_UNLIKELY(!p.has_negative_zero)) x = hn::IfThenElseZero(is_nonzero(codes), x);
    return hn::Or(codes, hn::And(hn::Shr(x, all(static_cast<std::uint32_t>(p.sign_shift))), all(p.sign_bit)));
}

/// Tiny numbers as zeros (Env::flush_outputs).
template <Addend addend, bool whole>
HWY_INLINE void flush(const Narrowing& p, Lanes magnitude, Mask negative, const Chance<whole>& chance, Outcome& r) {
    const Mask small = tiny<addend>(p, p.flush_carry, magnitude, negative, chance);
    const Mask flushed = hn::And(small, is_nonzero(magnitude));
    r.codes = hn::IfThenZeroElse(flushed, r.codes);
    r.lost = hn::IfThenZeroElse(flushed, r.lost);
    r.tiny_lost = hn::IfThenZeroElse(flushed, r.tiny_lost);
    r.raised = hn::Or(r.raised, where(flushed, p.flush_raises));
}

/// Lanes that are not rounded but named: NaNs, infinities, and negative numbers where the format has no sign.
template <class Origin>
HWY_INLINE void name_special(const Narrowing& p, Lanes x, const Origin& origin, Outcome& r) {
    const Lanes magnitude = hn::And(x, all(0x7FFFFFFF));
    const Mask nan = greater(magnitude, all(p.layout.infinity()));
    Mask nameless = nan;
    Lanes raised = hn::Or(origin.raised(p.raises), where(nan, p.nan_raises));
    if (!p.is_signed) {
        const Mask unwanted = hn::AndNot(nan, hn::And(is_negative(x), is_nonzero(magnitude)));
        nameless = hn::Or(nan, unwanted);
        raised = hn::Or(raised, where(unwanted, p.raises.invalid));
    }
    const Mask infinite = hn::AndNot(nameless, origin.infinite()), special = hn::Or(nameless, infinite);
    r.codes = hn::IfThenElse(infinite, with_sign(p, all(p.infinity), x), r.codes);
    r.codes = hn::IfThenElse(nameless, all(p.nan), r.codes);
    r.lost = hn::IfThenZeroElse(special, r.lost);
    r.tiny_lost = hn::IfThenZeroElse(special, r.tiny_lost);
    r.raised = hn::Or(hn::IfThenZeroElse(special, r.raised), hn::Or(raised, where(infinite, p.infinity_raises)));
}

/// Numbers beyond the largest code. Infinite ones and NaNs are among them, and named afterwards.
template <Addend addend>
HWY_INLINE void overflow(const Narrowing& p, Mask over, Mask negative, Outcome& r) {
    Lanes code = all(p.overflow.positive);
    if constexpr (addend == Addend::Directed) code = by_sign(negative, p.overflow);
    r.codes = hn::IfThenElse(over, code, r.codes);
    r.raised = hn::Or(r.raised, where(over, p.raises.overflow | p.raises.inexact));
}

/// `origin` knows which of the numbers x are infinite (others that look like it are too large for the layout), what NaNs
/// and infinities raised on their way here, and, of numbers that are neither exact nor rounded to odd, what is lost: for
/// Stochastic the bits below. `random` is read by that alone. Vectors without overflow, infinities and NaNs pass by what
/// these need.
template <Addend addend, Shape shape, class Origin>
HWY_INLINE Outcome round_pack(const Narrowing& p, Lanes x, const Origin& origin, Lanes random) {
    const Lanes magnitude = hn::And(x, all(0x7FFFFFFF));
    const Mask negative = is_negative(x);
    const Cut c = cut<shape>(p, magnitude);
    const Chance<Origin::is_whole> chance{random, origin.lost};
    Outcome r;
    r.codes = rounded<addend, shape>(p, c, negative, chance);
    r.lost = hn::Or(hn::And(c.number, c.rest), origin.lost);
    r.raised = r.tiny_lost = hn::Zero(Tag());
    const Mask over = greater(r.codes, all(p.max_code));
    if constexpr (shape == Shape::NoZero) {
        r.raised = where(c.below, p.raises.underflow | p.raises.inexact);
    } else {
        r.tiny_lost = hn::IfThenElseZero(tiny<addend>(p, p.tiny_carry, magnitude, negative, chance), r.lost);
        if (HWY_UNLIKELY(p.flush)) flush<addend>(p, magnitude, negative, chance, r);
    }
    const bool any_over = !hn::AllFalse(Tag(), over);
    if (any_over) overflow<addend>(p, over, negative, r);
    r.codes = with_sign(p, r.codes, x);
    if (any_over || HWY_UNLIKELY(!p.is_signed)) {
        Mask special = greater(magnitude, all(p.layout.infinity() - 1));
        if (HWY_UNLIKELY(!p.is_signed)) special = hn::Or(special, negative);
        if (HWY_UNLIKELY(!hn::AllFalse(Tag(), special))) name_special(p, x, origin, r);
    }
    return r;
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
