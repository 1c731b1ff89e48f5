// The one rounding of the kernels: numbers of a layout to codes and flags, as round_pack of softfloat does it. Lanes
// take no branches; vectors pass by what none of their lanes needs.

#if defined(HALFULP_KERNEL_ROUND) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_ROUND
#undef HALFULP_KERNEL_ROUND
#else
#define HALFULP_KERNEL_ROUND
#endif

#include <halfulp/lib/kernel/chance-inl.h>
#include <halfulp/lib/kernel/outcome-inl.h>
#include <halfulp/lib/kernel/summed-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Magnitudes on their way to codes: (number + addend) >> shift.
struct Cut {
    Lanes number;
    Lanes shift;  ///< bits to lose; 31 at most, for nothing but a carry survives more, unless they meet random bits
    Lanes half;   ///< of a unit of the last kept bit
    Lanes kept;   ///< mask of the bits that are not lost
    Mask below;   ///< NoZero: too small for any shift
};

/// Every number loses the same bits.
HWY_INLINE Cut cut_evenly(const Narrowing& p, Lanes number, Mask below) {
    const Lanes drop = all(static_cast<std::uint32_t>(p.drop));
    return {number, drop, all(p.half), all(0 - 2 * p.half), below};
}

/// Below the smallest normal number each exponent costs one bit more: there and in its binade `number` is 1.fraction, with
/// the implicit bit as an exponent field of 1. The layout's own subnormal numbers have that exponent without the bit.
template <Addend addend>
HWY_INLINE Cut cut_gradually(const Narrowing& p, Lanes magnitude) {
    const std::uint32_t step = 1U << p.layout.fraction_bits;
    const Lanes above = max(hn::Sub(magnitude, all(step)), hn::Zero(Tag()));
    const Lanes range = min(above, all(p.offset));
    const Lanes number = hn::Sub(magnitude, hn::And(range, all(0 - step)));
    const Lanes fields = hn::Shr(range, all(static_cast<std::uint32_t>(p.layout.fraction_bits)));
    const Lanes loss = hn::Sub(all(static_cast<std::uint32_t>(p.drop + p.first_field - 1)), fields);
    const Lanes shift = addend == Addend::Stochastic ? loss : min(loss, all(31));
    const Lanes half = hn::ShiftRight<1>(shifted_up(all(1), shift));
    return {number, shift, half, shifted_up(all(~0U), shift), hn::FirstN(Tag(), 0)};
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

template <Addend addend, Shape shape>
HWY_INLINE Cut cut(const Narrowing& p, Lanes magnitude) {
    if constexpr (shape == Shape::Gradual) return cut_gradually<addend>(p, magnitude);
    if constexpr (shape == Shape::NoZero) return cut_without_zero(p, magnitude);
    return cut_evenly(p, magnitude, hn::FirstN(Tag(), 0));
}

template <Addend addend>
HWY_INLINE Lanes added(const Narrowing& p, const Cut& c, Mask negative) {
    if constexpr (addend == Addend::Directed) return hn::AndNot(c.kept, by_sign(negative, p.away));
    return hn::Sub(c.half, hn::AndNot(hn::Shr(c.number, c.shift), all(p.ties_to_even)));
}

template <Addend addend, Shape shape, bool whole>
HWY_INLINE Lanes rounded(const Narrowing& p, const Cut& c, Mask negative, const Chance<whole>& chance) {
    if constexpr (addend == Addend::Stochastic && whole && shape != Shape::Gradual) {
        return shifted_down(hn::Add(c.number, leading(chance.random, c.shift)), c.shift);
    } else if constexpr (addend == Addend::Stochastic) {
        const Mask away = carries<shape == Shape::Gradual>(p, c.number, c.shift, chance);
        const Lanes down = shifted_down(c.number, c.shift);
        return hn::IfThenElse(away, hn::Add(down, all(p.one)), down);
    } else if constexpr (addend == Addend::ToOdd) {
        return hn::Or(hn::Shr(c.number, c.shift), where(is_nonzero(hn::AndNot(c.kept, c.number)), 1));
    } else {
        return hn::Shr(hn::Add(c.number, added<addend>(p, c, negative)), c.shift);
    }
}

/// Which magnitudes are tiny, by one of the two rules: those that what is added does not carry to the smallest normal number.
template <Addend addend, bool whole>
HWY_INLINE Mask tiny(const Narrowing& p, const BySign& carry, Lanes magnitude, Mask negative,
                     const Chance<whole>& chance) {
    const auto below = [&](Lanes least) { return greater(least, magnitude); };
    if constexpr (addend == Addend::Directed) return below(hn::Sub(all(p.first_normal), by_sign(negative, carry)));
    if (addend == Addend::Stochastic && carry.positive != 0) {
        const Lanes drop = all(static_cast<std::uint32_t>(p.tiny_drop));
        Lanes more = hn::Zero(Tag());
        if constexpr (whole) more = leading(chance.random, drop);
        if constexpr (!whole) more = where(carries<false>(p, magnitude, drop, chance), carry.positive);
        return below(hn::Sub(all(p.first_normal), more));
    }
    return below(all(p.first_normal - carry.positive));
}

/// Pre: no code has a sign yet.
HWY_INLINE Lanes with_sign(const Narrowing& p, Lanes codes, Lanes x) {
    if (HWY_UNLIKELY(!p.has_negative_zero)) x = hn::IfThenElseZero(is_nonzero(codes), x);
    return hn::OrAnd(codes, hn::Shr(x, all(static_cast<std::uint32_t>(p.sign_shift))), all(p.sign_bit));
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
    const Lanes magnitude = hn::And(x, all(p.all_but_sign));
    const Mask negative = addend == Addend::Directed ? is_negative(x) : hn::FirstN(Tag(), 0);
    const Chance<Origin::is_whole> chance{random, origin.lost};
    const Lanes zero = hn::Zero(Tag());
    if constexpr (shape == Shape::Same) {  // neither tiny nor overflown: the sign stays where it is
        const Mask ordinary = hn::Lt(hn::Sub(magnitude, all(p.first_normal)), all(p.max_number - p.first_normal));
        if (HWY_LIKELY(p.is_signed && hn::AllTrue(Tag(), ordinary))) {
            const Cut c = cut<addend, shape>(p, x);
            return {rounded<addend, shape>(p, c, negative, chance), hn::Or(hn::AndNot(c.kept, x), origin.lost), zero,
                    zero};
        }
    }
    Outcome r{zero, zero, zero, zero};
    if constexpr (Origin::is_summed) {
        r = rounded_by_addition(p, magnitude);
    } else {
        const Cut c = cut<addend, shape>(p, magnitude);
        r.codes = rounded<addend, shape>(p, c, negative, chance);
        r.lost = hn::Or(hn::AndNot(c.kept, c.number), origin.lost);
        if constexpr (shape == Shape::NoZero) r.raised = where(c.below, p.raises.underflow | p.raises.inexact);
    }
    const Mask over = Origin::is_summed ? greater(magnitude, all(p.last_kept)) : greater(r.codes, all(p.max_code));
    if constexpr (shape != Shape::NoZero) {
        r.tiny_lost = hn::IfThenElseZero(tiny<addend>(p, p.tiny_carry, magnitude, negative, chance), r.lost);
        if (!Origin::is_summed && HWY_UNLIKELY(p.flush)) flush<addend>(p, magnitude, negative, chance, r);
    }
    const bool any_over = !hn::AllFalse(Tag(), over);
    if (any_over) overflow<addend>(p, over, negative, r);
    r.codes = with_sign(p, r.codes, x);
    const bool is_signed = Origin::is_summed || HWY_LIKELY(p.is_signed);
    if (any_over || !is_signed) {
        Mask special = greater(magnitude, all(p.layout.infinity() - 1));
        if (!is_signed) special = hn::Or(special, is_negative(x));
        if (HWY_UNLIKELY(!hn::AllFalse(Tag(), special))) name_special(p, x, origin, r);
    }
    return r;
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
