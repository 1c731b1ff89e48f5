#include <halfulp/lib/kernel/default_environment.hpp>
#include <halfulp/lib/matrix_unit/twin/aligned.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/matrix_unit/twin/aligned_kernel.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/doubles-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::twin::HWY_NAMESPACE {

using namespace kernel::HWY_NAMESPACE;

using Whole = hn::Vec<SignedTag>;
using ExponentTag = hn::Rebind<std::int16_t, FloatTag>;
using DoubleLanes = hn::Vec<DoubleTag>;

/// Products, each less than 2^27, of which an int32 holds the sum.
constexpr std::size_t summed_at_once = 16;

HWY_INLINE Whole whole(int x) { return hn::Set(SignedTag(), x); }
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

HWY_INLINE Floats floats(DoubleLanes low, DoubleLanes high) {
#if HWY_TARGET == HWY_SCALAR
    (void)high;
    return hn::DemoteTo(FloatTag(), low);
#else
    const hn::Half<FloatTag> half;
    return hn::Combine(FloatTag(), hn::DemoteTo(half, high), hn::DemoteTo(half, low));
#endif
}

HWY_INLINE Doubles sum(const Doubles& x, const Doubles& y) { return {hn::Add(x.low, y.low), hn::Add(x.high, y.high)}; }
HWY_INLINE Doubles product(const Doubles& x, const Doubles& y) {
    return {hn::Mul(x.low, y.low), hn::Mul(x.high, y.high)};
}

/// Ties to even. A number is added, and taken away, so large that the last bit of the sum is the last one kept.
HWY_INLINE DoubleLanes nearest(const AlignedRule& rule, DoubleLanes x) {
    const DoubleTag d;
    const DoubleLanes binade = hn::And(x, hn::BitCast(d, hn::Set(WordTag(), 0x7FF0000000000000)));
    const DoubleLanes large = hn::Mul(hn::Max(binade, hn::Set(d, rule.smallest)), hn::Set(d, rule.to_last_bit));
    return hn::CopySign(hn::Sub(hn::Add(x, large), large), x);
}

HWY_INLINE Floats to_nearest(const AlignedRule& rule, const Doubles& x) {
    const FloatTag d;
    const Floats r = floats(nearest(rule, x.low), nearest(rule, x.high));
    const auto overflows = hn::Ge(hn::Abs(r), hn::Set(d, rule.infinite));
    const Floats infinity = hn::CopySign(number(all(0x7F800000)), r);
    return hn::Add(hn::IfThenElse(overflows, infinity, r), hn::Set(d, rule.zero));
}

/// Pre: the numbers are 0 or in the normal range of what is kept.
HWY_INLINE Floats truncated(const AlignedRule& rule, const Doubles& x) {
    const DoubleLanes kept = hn::BitCast(DoubleTag(), hn::Set(WordTag(), rule.kept_bits));
    return floats(hn::And(x.low, kept), hn::And(x.high, kept));
}

template <bool truncates>
HWY_INLINE Floats rounded(const AlignedRule& rule, const Doubles& x) {
    return truncates ? truncated(rule, x) : to_nearest(rule, x);
}

/// The exponent that a running value is aligned by.
HWY_INLINE Whole exponent(const AlignedRule& rule, Floats x) {
    const Whole magnitude = magnitude_bits(x);
    const Whole number = hn::Max(hn::Sub(hn::ShiftRight<23>(magnitude), whole(127)), whole(rule.emin));
    static_assert(AlignedRule::of_running_minus_zero - AlignedRule::of_running_zero == 1 << (31 - 22));
    const Whole zero = hn::Add(as_signed(hn::ShiftRight<22>(bits(x))), whole(AlignedRule::of_running_zero));
    return hn::IfThenElse(hn::Eq(magnitude, hn::Zero(SignedTag())), zero, number);
}

/// A block of a row, and of a vector of columns.
struct Block {
    std::size_t size;
    const float *a, *b;
    const std::int16_t *a_exponents, *b_exponents;

    HWY_INLINE Whole largest_exponent() const {
        const ExponentTag d;
        auto largest = hn::Set(d, 2 * Operands::of_zero);
        for (std::size_t i = 0; i < size; ++i) {
            const auto sum = hn::Add(hn::Set(d, a_exponents[i]), hn::LoadU(d, b_exponents + i * panel_width));
            largest = hn::Max(largest, sum);
        }
        return hn::PromoteTo(SignedTag(), largest);
    }

    /// Of the products from..to, each times `scale` and cut off.
    HWY_INLINE Whole sum(std::size_t from, std::size_t to, Floats scale) const {
        const FloatTag d;
        Whole sum = whole(0);
        for (std::size_t i = from; i < to; ++i) {
            const Floats product = hn::Mul(hn::Set(d, a[i]), hn::LoadU(d, b + i * panel_width));
            sum = hn::Add(sum, cut_off(hn::Mul(product, scale)));
        }
        return sum;
    }
};

/// The running value after a block. `outside` gets the lanes where that is not exact.
template <bool truncates>
HWY_INLINE Floats add_block(const AlignedRule& rule, const Block& block, Floats running, Mask& outside) {
    const Whole of_products = block.largest_exponent();
    const auto count = hn::Gt(of_products, whole(rule.vanishing));
    const Whole largest =
        hn::Max(hn::IfThenElse(count, of_products, whole(AlignedRule::of_running_zero)), exponent(rule, running));
    const auto not_all_zero = hn::Gt(largest, whole(AlignedRule::of_running_zero));
    const auto small = hn::And(not_all_zero, hn::Lt(largest, whole(rule.exact_from)));
    const auto large = hn::Gt(largest, whole(AlignedRule::greatest));
    outside = hn::Or(outside, hn::RebindMask(Tag(), hn::Or(small, large)));
    // The last bit kept is 1 / scale.
    const Whole field = hn::Sub(whole(127 + rule.fraction_bits), hn::Max(largest, whole(rule.floor)));
    const Floats scale = hn::BitCast(FloatTag(), hn::ShiftLeft<23>(field));
    const Floats last = hn::BitCast(FloatTag(), hn::ShiftLeft<23>(hn::Sub(whole(254), field)));
    Doubles total = whole_doubles(cut_off(hn::Mul(running, scale)));
    for (std::size_t i = 0; i < block.size; i += summed_at_once) {
        const Whole part = block.sum(i, HWY_MIN(block.size, i + summed_at_once), scale);
        total = sum(total, whole_doubles(part));
    }
    return rounded<truncates>(rule, product(total, doubles(last)));
}

template <bool truncates>
struct Kernel {
    const Aligned& x;
    const Tile& tile;

    HWY_INLINE Block block(std::size_t index, std::size_t row, std::size_t column) const {
        const Operands& o = x.operands();
        const std::size_t a = o.a_at(index, tile.first_row + row), b = o.b_at(index, tile.panel) + column;
        return {o.group(), &o.a().values[a], &o.b().values[b], &o.a().exponents[a], &o.b().exponents[b]};
    }

    /// A vector of outputs, from a column on, by one step.
    HWY_INLINE Floats after(std::size_t step, std::size_t row, std::size_t column, Floats running) const {
        const AlignedRule& rule = x.rule();
        Mask outside = hn::FirstN(Tag(), 0);
        Floats sums = rule.c_last ? hn::Zero(FloatTag()) : running;
        for (std::size_t i = 0; i < rule.groups_in_step; ++i)
            sums = add_block<truncates>(rule, block(step * rule.groups_in_step + i, row, column), sums, outside);
        if (rule.c_last) sums = plus(running, sums, outside);
        if (HWY_UNLIKELY(!hn::AllFalse(Tag(), outside))) sums = redone(step, row, column, outside, running, sums);
        return sums;
    }

    HWY_INLINE Floats plus(Floats c, Floats sums, Mask& outside) const {
        const Whole larger = hn::Max(exponent(x.rule(), c), exponent(x.rule(), sums));
        outside = hn::Or(outside, hn::RebindMask(Tag(), hn::Gt(larger, whole(AlignedRule::greatest))));
        return to_nearest(x.rule(), sum(doubles(c), doubles(sums)));
    }

    /// The lanes outside by mma_dot.
    HWY_NOINLINE Floats redone(std::size_t step, std::size_t row, std::size_t column, Mask outside, Floats running,
                               Floats sums) const {
        const FloatTag d;
        constexpr std::size_t lanes = hn::MaxLanes(d);
        std::uint32_t which[lanes];
        float from[lanes], to[lanes];
        hn::StoreU(hn::VecFromMask(Tag(), outside), Tag(), which);
        hn::StoreU(running, d, from);
        hn::StoreU(sums, d, to);
        for (std::size_t i = 0; i < hn::Lanes(d); ++i)
            if (which[i] != 0)
                to[i] = x.exactly(step, tile.first_row + row, tile.panel * panel_width + column + i, from[i]);
        return hn::LoadU(d, to);
    }
};

/// Steps outside rows: a block of B stays in the first cache, and rows do not wait for each other.
template <bool truncates>
void walk(const Aligned& x, const Tile& tile, float* running) {
    const Kernel<truncates> kernel{x, tile};
    const FloatTag d;
    const std::size_t steps = x.operands().blocks() / x.rule().groups_in_step;
    for (std::size_t step = 0; step < steps; ++step)
        for (std::size_t row = 0; row < tile.rows; ++row)
            for (std::size_t column = 0; column < panel_width; column += hn::Lanes(d)) {
                float* const at = running + row * panel_width + column;
                hn::StoreU(kernel.after(step, row, column, hn::LoadU(d, at)), d, at);
            }
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
