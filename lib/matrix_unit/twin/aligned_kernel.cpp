#include <halfulp/lib/kernel/default_environment.h>
#include <halfulp/lib/matrix_unit/twin/aligned.h>

#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/matrix_unit/twin/aligned_kernel.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/doubles-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::twin::HWY_NAMESPACE {

using namespace kernel::HWY_NAMESPACE;

using Whole = hn::Vec<SignedTag>;
using DoubleLanes = hn::Vec<DoubleTag>;
using ExponentTag = hn::ScalableTag<std::int16_t>;
using Exponents = hn::Vec<ExponentTag>;

/// Vectors of outputs that are computed together: as many as a vector of exponents is for.
constexpr std::size_t abreast = HWY_TARGET == HWY_SCALAR ? 1 : 2;
template <class Vector>
using Abreast = std::array<Vector, abreast>;

/// f(0) and, where there is one, of the second vector.
template <class F>
HWY_INLINE auto of_each_vector(const F& f) {
    if constexpr (abreast == 1)
        return Abreast<decltype(f(0))>{f(0)};
    else
        return Abreast<decltype(f(0))>{f(0), f(1)};
}

/// Products, each less than 2^27, of which an int32 holds the sum.
constexpr std::size_t summed_at_once = 16;

HWY_INLINE Whole whole(int x) { return hn::Set(SignedTag(), x); }
/// 2^x, 0 if it is below the normal range, the largest power if it is above.
HWY_INLINE Floats power_of_two_within(Whole x) {
    const Whole field = hn::Min(hn::Max(hn::Add(x, whole(127)), whole(0)), whole(254));
    return hn::BitCast(FloatTag(), hn::ShiftLeft<23>(field));
}

HWY_INLINE Abreast<Whole> promoted(Exponents x) {
#if HWY_TARGET == HWY_SCALAR
    return {hn::PromoteTo(SignedTag(), x)};
#else
    const hn::Half<ExponentTag> half;
    return {hn::PromoteTo(SignedTag(), hn::LowerHalf(half, x)), hn::PromoteTo(SignedTag(), hn::UpperHalf(half, x))};
#endif
}

HWY_INLINE Whole magnitude_bits(Floats x) { return as_signed(hn::And(bits(x), all(0x7FFFFFFF))); }

/// Towards zero. Pre: |x| < 2^31, or the lane is outside: Highway's own conversion saturates, in twice the time, and of
/// NaNs says nothing.
HWY_INLINE Whole cut_off(Floats x) {
#if HWY_TARGET == HWY_AVX3
    return Whole{_mm512_cvttps_epi32(x.raw)};
#elif HWY_TARGET == HWY_AVX2
    return Whole{_mm256_cvttps_epi32(x.raw)};
#else
    return hn::ConvertTo(SignedTag(), hn::IfThenElseZero(hn::Eq(x, x), x));
#endif
}

HWY_INLINE Doubles whole_doubles(Whole x) {
#if HWY_TARGET == HWY_SCALAR
    const auto one = hn::PromoteTo(DoubleTag(), x);
    return {one, one};
#else
    const hn::Half<SignedTag> half;
    return {hn::PromoteTo(DoubleTag(), hn::LowerHalf(half, x)), hn::PromoteTo(DoubleTag(), hn::UpperHalf(half, x))};
#endif
}

HWY_INLINE DoubleLanes power_of_two(hn::Vec<hn::Rebind<std::int32_t, DoubleTag>> x) {
    const hn::Rebind<std::int64_t, DoubleTag> d;
    return hn::BitCast(DoubleTag(), hn::ShiftLeft<52>(hn::Add(hn::PromoteTo(d, x), hn::Set(d, 1023))));
}

/// 2^x. Pre: it is in the normal range of binary64.
HWY_INLINE Doubles powers_of_two(Whole x) {
#if HWY_TARGET == HWY_SCALAR
    const DoubleLanes one = power_of_two(x);
    return {one, one};
#else
    const hn::Half<SignedTag> half;
    return {power_of_two(hn::LowerHalf(half, x)), power_of_two(hn::UpperHalf(half, x))};
#endif
}

HWY_INLINE Floats floats(DoubleLanes low, DoubleLanes high) {
#if HWY_TARGET == HWY_SCALAR
    (void)high;
    return hn::Set(FloatTag(), static_cast<float>(hn::GetLane(low)));  // Highway's own gives no infinities
#else
    const hn::Half<FloatTag> half;
    return hn::Combine(FloatTag(), hn::DemoteTo(half, high), hn::DemoteTo(half, low));
#endif
}

HWY_INLINE Doubles plus(const Doubles& x, const Doubles& y) { return {hn::Add(x.low, y.low), hn::Add(x.high, y.high)}; }
HWY_INLINE Doubles product(const Doubles& x, const Doubles& y) {
    return {hn::Mul(x.low, y.low), hn::Mul(x.high, y.high)};
}

HWY_INLINE Doubles minus_zero() { return {hn::Set(DoubleTag(), -0.0), hn::Set(DoubleTag(), -0.0)}; }
HWY_INLINE Doubles whole_part(const Doubles& x) { return {hn::Trunc(x.low), hn::Trunc(x.high)}; }

/// The power of two at or below a number's magnitude, but the least normal one that is kept at least.
HWY_INLINE DoubleLanes binade(const AlignedRule& rule, DoubleLanes x) {
    const DoubleTag d;
    const DoubleLanes own = hn::And(x, hn::BitCast(d, hn::Set(WordTag(), 0x7FF0000000000000)));
    return hn::Max(own, hn::Set(d, rule.smallest));
}

/// Ties to even. A number is added, and taken away, so large that the last bit of the sum is the last one kept.
HWY_INLINE DoubleLanes nearest(const AlignedRule& rule, DoubleLanes x) {
    const DoubleLanes large = hn::Mul(binade(rule, x), hn::Set(DoubleTag(), rule.to_last_bit));
    return hn::CopySign(hn::Sub(hn::Add(x, large), large), x);
}

HWY_INLINE DoubleLanes towards_zero(const AlignedRule& rule, DoubleLanes x) {
    const DoubleLanes last = hn::Mul(binade(rule, x), hn::Set(DoubleTag(), rule.last_bit));
    return hn::CopySign(hn::Mul(hn::Trunc(hn::Div(x, last)), last), x);
}

/// Of numbers that are rounded, but may be as large as infinity or zeros of a sign that the row does not give.
HWY_INLINE Floats results(const AlignedRule& rule, DoubleLanes low, DoubleLanes high) {
    const FloatTag d;
    const Floats r = floats(low, high);
    const auto overflows = hn::Ge(hn::Abs(r), hn::Set(d, rule.infinite));
    const Floats infinity = hn::CopySign(number(all(0x7F800000)), r);
    return hn::Add(hn::IfThenElse(overflows, infinity, r), hn::Set(d, rule.zero));
}

HWY_INLINE Floats to_nearest(const AlignedRule& rule, const Doubles& x) {
    return results(rule, nearest(rule, x.low), nearest(rule, x.high));
}

/// Pre: the numbers are 0 or in the normal range of what is kept.
HWY_INLINE Floats truncated(const AlignedRule& rule, const Doubles& x) {
    const DoubleLanes kept = hn::BitCast(DoubleTag(), hn::Set(WordTag(), rule.kept_bits));
    return floats(hn::And(x.low, kept), hn::And(x.high, kept));
}

/// Numbers of any size.
HWY_INLINE Floats to_zero(const AlignedRule& rule, const Doubles& x) {
    return results(rule, towards_zero(rule, x.low), towards_zero(rule, x.high));
}

/// The exponent that a running value is aligned by.
HWY_INLINE Whole exponent(const AlignedRule& rule, Floats x) {
    const Whole magnitude = magnitude_bits(x);
    const Whole number = hn::Max(hn::Sub(hn::ShiftRight<23>(magnitude), whole(127)), whole(rule.emin));
    static_assert(AlignedRule::of_running_minus_zero - AlignedRule::of_running_zero == 1 << (31 - 22));
    const Whole zero = hn::Add(as_signed(hn::ShiftRight<22>(bits(x))), whole(AlignedRule::of_running_zero));
    return hn::IfThenElse(hn::Eq(magnitude, hn::Zero(SignedTag())), zero, number);
}

/// A block of a row, and of vectors of columns, and the scales of its runs, if the row scales.
struct Block {
    std::size_t size, runs;
    const float *a, *b;
    const std::int16_t *a_exponents, *b_exponents;
    const float *a_significands, *b_significands;
    const std::int16_t *a_scales, *b_scales;

    HWY_INLINE Abreast<Whole> largest_exponents() const {
        const ExponentTag d;
        Exponents largest = hn::Set(d, 2 * Operands::of_zero);
        for (std::size_t i = 0; i < size; ++i) {
            const Exponents sum = hn::Add(hn::Set(d, a_exponents[i]), hn::LoadU(d, b_exponents + i * panel_width));
            largest = hn::Max(largest, sum);
        }
        return promoted(largest);
    }

    HWY_INLINE Abreast<Whole> exponents_of_scales(std::size_t run) const {
        const ExponentTag d;
        return promoted(hn::Add(hn::Set(d, a_scales[run]), hn::LoadU(d, b_scales + run * panel_width)));
    }

    HWY_INLINE Floats factor(std::size_t i, std::size_t vector) const {
        const FloatTag d;
        return hn::LoadU(d, b + i * panel_width + vector * hn::Lanes(d));
    }

    /// Of the products from..to, each times `scale` and cut off.
    HWY_INLINE Abreast<Whole> sums(std::size_t from, std::size_t to, const Abreast<Floats>& scale) const {
        Abreast<Whole> sums = of_each_vector([](std::size_t) HWY_ATTR { return whole(0); });
        for (std::size_t i = from; i < to; ++i) {
            const Floats one = hn::Set(FloatTag(), a[i]);
            for (std::size_t v = 0; v < abreast; ++v)
                sums[v] = hn::Add(sums[v], cut_off(hn::Mul(hn::Mul(one, factor(i, v)), scale[v])));
        }
        return sums;
    }

    /// Of all products of a vector, each cut off to whole multiples of 2^last.
    HWY_INLINE Doubles sum_of_products(std::size_t vector, Whole last) const {
        const Doubles scale = powers_of_two(hn::Sub(runs > 0 ? exponents_of_scales(0)[vector] : whole(0), last));
        Doubles sum = minus_zero();
        for (std::size_t i = 0; i < size; ++i) {
            const DoubleLanes one = hn::Set(DoubleTag(), static_cast<double>(a[i]));
            sum = plus(sum, whole_part(product(product({one, one}, doubles(factor(i, vector))), scale)));
        }
        return sum;
    }

    /// Of all groups of a vector, each summed exactly, then scaled and cut off.
    HWY_INLINE Doubles sum_of_groups(std::size_t vector, Whole last) const {
        const FloatTag d;
        Doubles sum = minus_zero();
        for (std::size_t run = 0; run < runs; ++run) {
            Floats group = hn::Set(d, -0.0F);
            for (std::size_t i = run * summed_exactly; i < (run + 1) * summed_exactly; ++i)
                group = hn::MulAdd(hn::Set(d, a[i]), factor(i, vector), group);
            const float* const of_b = b_significands + run * panel_width + vector * hn::Lanes(d);
            const Floats significands = hn::Mul(hn::Set(d, a_significands[run]), hn::LoadU(d, of_b));
            const Doubles scale = powers_of_two(hn::Sub(exponents_of_scales(run)[vector], last));
            sum = plus(sum, whole_part(product(doubles(hn::Mul(group, significands)), scale)));
        }
        return sum;
    }
};

/// The exponent field of the power of two that makes the last bit kept 1. `outside` gets the lanes that are not exact.
HWY_INLINE Whole field_of_scale(const AlignedRule& rule, Whole of_products, Floats running, Mask& outside) {
    const auto count = hn::Gt(of_products, whole(rule.vanishing));
    const Whole largest =
        hn::Max(hn::IfThenElse(count, of_products, whole(AlignedRule::of_running_zero)), exponent(rule, running));
    const auto not_all_zero = hn::Gt(largest, whole(AlignedRule::of_running_zero));
    const auto small = hn::And(not_all_zero, hn::Lt(largest, whole(rule.exact_from)));
    const auto large = hn::Gt(largest, whole(AlignedRule::greatest));
    outside = hn::Or(outside, hn::RebindMask(Tag(), hn::Or(small, large)));
    return hn::Sub(whole(127 + rule.fraction_bits), hn::Max(largest, whole(rule.floor)));
}

HWY_INLINE Floats with_field(Whole field) { return hn::BitCast(FloatTag(), hn::ShiftLeft<23>(field)); }

/// The running values after a block. `outside` gets the lanes of either vector where they are not exact.
template <bool truncates>
HWY_INLINE void add_block(const AlignedRule& rule, const Block& block, Abreast<Floats>& running, Mask& outside) {
    const Abreast<Whole> of_products = block.largest_exponents();
    const auto fields = of_each_vector(
        [&](std::size_t v) HWY_ATTR { return field_of_scale(rule, of_products[v], running[v], outside); });
    const auto scales = of_each_vector([&](std::size_t v) HWY_ATTR { return with_field(fields[v]); });
    Abreast<Floats> of_each = scales;
    if (block.runs > 0) {
        const Abreast<Whole> exponents = block.exponents_of_scales(0);
        of_each = of_each_vector([&](std::size_t v) HWY_ATTR {
            return power_of_two_within(hn::Add(hn::Sub(fields[v], whole(127)), exponents[v]));
        });
    }
    auto totals =
        of_each_vector([&](std::size_t v) HWY_ATTR { return whole_doubles(cut_off(hn::Mul(running[v], scales[v]))); });
    for (std::size_t i = 0; i < block.size; i += summed_at_once) {
        const Abreast<Whole> part = block.sums(i, HWY_MIN(block.size, i + summed_at_once), of_each);
        for (std::size_t v = 0; v < abreast; ++v) totals[v] = plus(totals[v], whole_doubles(part[v]));
    }
    for (std::size_t v = 0; v < abreast; ++v) {
        const Doubles exact = product(totals[v], doubles(with_field(hn::Sub(whole(254), fields[v]))));
        running[v] = truncates ? truncated(rule, exact) : to_nearest(rule, exact);
    }
}

/// The running value after any block, of a vector, in binary64.
template <bool truncates>
HWY_INLINE Floats add_any_block(const AlignedRule& rule, const Block& block, std::size_t vector, Floats running) {
    const FloatTag d;
    const Whole of_products = block.largest_exponents()[vector], of_running = exponent(rule, running);
    const Whole largest = hn::Max(of_products, of_running);
    const Whole within = hn::Min(hn::Max(largest, whole(rule.exponent_floor)), whole(AlignedRule::beyond));
    const Whole last = hn::Sub(within, whole(rule.fraction_bits));
    const Doubles cut = whole_part(product(doubles(running), powers_of_two(hn::Sub(whole(0), last))));
    const Doubles total =
        plus(cut, rule.sums_groups ? block.sum_of_groups(vector, last) : block.sum_of_products(vector, last));
    // Of numbers that cancel, or are cut off, the sum is +0; of zeros it has the sign that IEEE arithmetic gives.
    const auto not_all_zero = hn::RebindMask(d, hn::Gt(largest, whole(AlignedRule::of_running_minus_zero)));
    const Floats zero = hn::IfThenElse(not_all_zero, hn::Zero(d), hn::Set(d, rule.zero_sum));
    const Doubles exact = product(plus(total, doubles(zero)), powers_of_two(last));
    const auto is_special = hn::Or(hn::Gt(of_products, whole(AlignedRule::beyond)),
                                   hn::Gt(of_running, whole(AlignedRule::greatest_of_numbers)));
    const Floats number = truncates ? to_zero(rule, exact) : to_nearest(rule, exact);
    return hn::IfThenElse(hn::RebindMask(d, is_special), floats(exact.low, exact.high), number);
}

template <bool truncates>
struct Kernel {
    const Aligned& x;
    const Tile& tile;

    HWY_INLINE Block block(std::size_t index, std::size_t row, std::size_t column) const {
        const Operands& o = x.operands();
        const std::size_t a = o.a_at(index, tile.first_row + row), b = o.b_at(index, tile.panel) + column;
        const float *significands = o.a_scales().values.data(), *of_b = o.b_scales().values.data();
        const std::int16_t *exponents = o.a_scales().exponents.data(), *exponents_of_b = o.b_scales().exponents.data();
        const std::size_t p = o.a_scales_at(index, tile.first_row + row),
                          q = o.runs() > 0 ? o.b_scales_at(index, tile.panel) + column : 0;
        return {o.group(),           o.runs(),         &o.a().values[a], &o.b().values[b], &o.a().exponents[a],
                &o.b().exponents[b], significands + p, of_b + q,         exponents + p,    exponents_of_b + q};
    }

    /// Vectors of outputs, from a column on, by one step.
    HWY_INLINE void advance(std::size_t step, std::size_t row, std::size_t column, float* running) const {
        const AlignedRule& rule = x.rule();
        if (!rule.fits_binary32) return advance_any(step, row, column, running);
        const FloatTag d;
        Mask outside = hn::FirstN(Tag(), 0);
        const auto before =
            of_each_vector([&](std::size_t v) HWY_ATTR { return hn::LoadU(d, running + v * hn::Lanes(d)); });
        Abreast<Floats> sums = before;
        if (rule.c_last) sums = of_each_vector([&](std::size_t) HWY_ATTR { return hn::Zero(d); });
        for (std::size_t i = 0; i < rule.groups_in_step; ++i)
            add_block<truncates>(rule, block(step * rule.groups_in_step + i, row, column), sums, outside);
        if (HWY_UNLIKELY(!hn::AllFalse(Tag(), outside))) return advance_any(step, row, column, running);
        for (std::size_t v = 0; v < abreast; ++v)
            hn::StoreU(rule.c_last ? added_last(before[v], sums[v]) : sums[v], d, running + v * hn::Lanes(d));
    }

    HWY_NOINLINE void advance_any(std::size_t step, std::size_t row, std::size_t column, float* running) const {
        const FloatTag d;
        const AlignedRule& rule = x.rule();
        for (std::size_t v = 0; v < abreast; ++v) {
            float* const at = running + v * hn::Lanes(d);
            const Floats before = hn::LoadU(d, at);
            Floats sum = rule.c_last ? hn::Zero(d) : before;
            for (std::size_t i = 0; i < rule.groups_in_step; ++i)
                sum = add_any_block<truncates>(rule, block(step * rule.groups_in_step + i, row, column), v, sum);
            hn::StoreU(rule.c_last ? added_last(before, sum) : sum, d, at);
        }
    }

    HWY_INLINE Floats added_last(Floats c, Floats sums) const {
        const Whole larger = hn::Max(exponent(x.rule(), c), exponent(x.rule(), sums));
        const auto is_special = hn::Gt(larger, whole(AlignedRule::greatest_of_numbers));
        const DoubleLanes zero = hn::Set(DoubleTag(), static_cast<double>(x.rule().zero_sum));
        const Doubles exact = plus(plus(doubles(c), doubles(sums)), {zero, zero});
        return hn::IfThenElse(hn::RebindMask(FloatTag(), is_special), floats(exact.low, exact.high),
                              to_nearest(x.rule(), exact));
    }
};

/// Steps outside rows: a block of B stays in the first cache, and rows do not wait for each other.
template <bool truncates>
void walk(const Aligned& x, const Tile& tile, float* running) {
    const Kernel<truncates> kernel{x, tile};
    const std::size_t steps = x.operands().blocks() / x.rule().groups_in_step;
    for (std::size_t step = 0; step < steps; ++step)
        for (std::size_t row = 0; row < tile.rows; ++row)
            for (std::size_t column = 0; column < panel_width; column += abreast * hn::Lanes(FloatTag()))
                kernel.advance(step, row, column, running + row * panel_width + column);
}

void advance(const Aligned& x, const Tile& tile, float* running) {
    if (x.rule().truncates)
        walk<true>(x, tile, running);
    else
        walk<false>(x, tile, running);
}

}  // namespace halfulp::twin::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::twin {

HWY_EXPORT(advance);

void advance(const Aligned& matrices, const Tile& tile, float* running) {
    const kernel::DefaultEnvironment environment;
    HWY_DYNAMIC_DISPATCH(advance)(matrices, tile, running);
}

}  // namespace halfulp::twin
#endif
