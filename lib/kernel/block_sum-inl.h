// The sum of one block of terms, as the orders of lib/accumulate/reduction.hpp have it within a block: in 128 lanes,
// whatever the vectors, or in one.

#if defined(HALFULP_KERNEL_BLOCK_SUM) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_BLOCK_SUM
#undef HALFULP_KERNEL_BLOCK_SUM
#else
#define HALFULP_KERNEL_BLOCK_SUM
#endif

#include <algorithm>
#include <utility>

#include <halfulp/lib/kernel/number-inl.h>
#include <halfulp/lib/accumulate/reduction.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Elements as terms, for accumulators of lib/accumulate/accumulator.hpp that are vectors.
template <class X>
struct Elements {
    const typename X::Element* x;

    template <std::size_t offset>
    HWY_INLINE void fetch(std::size_t i) const {
        fetch_narrow<X, offset>(x + i + offset);
    }
    template <class Accumulator>
    HWY_INLINE void add_to(Accumulator& sum, std::size_t i) const {
        sum.add(X::load(sum.d, x + i));
    }
    /// The last ones, to the first `count` lanes.
    template <class Accumulator>
    HWY_INLINE void add_first_to(Accumulator& sum, std::size_t i, std::size_t count) const {
        const Accumulator before = sum;
        sum.add(load_first<X>(sum.d, x + i, count));
        sum.keep_from(count, before);
    }
};

/// Products of elements.
template <class X, class Y>
struct ElementProducts {
    const typename X::Element* x;
    const typename Y::Element* y;

    template <std::size_t offset>
    HWY_INLINE void fetch(std::size_t i) const {
        fetch_narrow<X, offset>(x + i + offset);
        fetch_narrow<Y, offset>(y + i + offset);
    }
    template <class Accumulator>
    HWY_INLINE void add_to(Accumulator& sum, std::size_t i) const {
        sum.add(X::load(sum.d, x + i), Y::load(sum.d, y + i));
    }
    template <class Accumulator>
    HWY_INLINE void add_first_to(Accumulator& sum, std::size_t i, std::size_t count) const {
        const Accumulator before = sum;
        sum.add(load_first<X>(sum.d, x + i, count), load_first<Y>(sum.d, y + i, count));
        sum.keep_from(count, before);
    }
};

template <class D, class Arithmetic>
struct PlainSums {
    static constexpr D d{};
    static constexpr int registers = 1;
    hn::Vec<D> sum;

    HWY_INLINE PlainSums() : sum(hn::Zero(d)) {}
    HWY_INLINE void add(hn::Vec<D> x) { sum = Arithmetic::add(sum, x); }
    HWY_INLINE void add(hn::Vec<D> x, hn::Vec<D> y) { sum = Arithmetic::fma(x, y, sum); }
    /// Zeros have been added: of all sums they change -0 alone, to +0, and so does the halving of the lanes.
    HWY_INLINE void keep_from(std::size_t, const PlainSums&) {}
};

template <class D, class Arithmetic>
struct KahanSums {
    static constexpr D d{};
    static constexpr int registers = 2;
    hn::Vec<D> sum, excess;

    HWY_INLINE KahanSums() : sum(hn::Zero(d)), excess(hn::Zero(d)) {}
    HWY_INLINE void add(hn::Vec<D> x) {
        const hn::Vec<D> wanted = Arithmetic::sub(x, excess), next = Arithmetic::add(sum, wanted);
        excess = Arithmetic::sub(Arithmetic::sub(next, sum), wanted);
        sum = next;
    }
    HWY_INLINE void add(hn::Vec<D> x, hn::Vec<D> y) { add(Arithmetic::mul(x, y)); }
    /// An infinite sum, whose excess is NaN, would not survive a zero. What the excess is no longer matters.
    HWY_INLINE void keep_from(std::size_t lane, const KahanSums& before) {
        sum = hn::IfThenElse(hn::FirstN(d, lane), sum, before.sum);
    }
};

constexpr std::size_t sum_lanes = in_128_lanes.count;
static_assert(in_128_kahan_lanes.count == sum_lanes);

/// As many of the terms from i on as there are before the end.
template <class Accumulator, class Terms>
HWY_INLINE void add_rest_to(Accumulator& sum, const Terms& terms, std::size_t i, std::size_t end) {
    if (i + hn::MaxLanes(sum.d) <= end)
        terms.add_to(sum, i);
    else if (i < end)
        terms.add_first_to(sum, i, end - i);
}

/// Neighbouring vectors of the lanes, as many as stay in registers, and the terms that belong to them.
template <class Accumulator, class Terms, std::size_t... j>
HWY_INLINE void sum_vectors(const Terms& terms, std::size_t begin, std::size_t end, float* to,
                            std::index_sequence<j...>) {
    constexpr std::size_t width = hn::MaxLanes(Accumulator::d);
    Accumulator sums[] = {((void)j, Accumulator())...};
    std::size_t i = begin;
    for (; i + sizeof...(j) * width <= end; i += sum_lanes) {
        (terms.template fetch<j * width>(i), ...);
        (terms.add_to(sums[j], i + j * width), ...);
    }
    (add_rest_to(sums[j], terms, i + j * width, end), ...);
    (hn::StoreU(sums[j].sum, Accumulator::d, to + j * width), ...);
}

/// Neighbours added, which makes one vector of two.
template <class Arithmetic>
HWY_INLINE Floats add_neighbours(Floats first, Floats second) {
#if HWY_TARGET == HWY_SCALAR
    return Arithmetic::add(first, second);
#else
    return Arithmetic::add(hn::ConcatEven(FloatTag(), second, first), hn::ConcatOdd(FloatTag(), second, first));
#endif
}

/// The first half of the lanes plus the second, each made in the same way: neighbours first, then neighbouring pairs.
template <class Arithmetic, std::size_t vectors>
HWY_INLINE float in_halves(const float* sums) {
    constexpr std::size_t width = hn::MaxLanes(FloatTag()), half = vectors / 2;
    if constexpr (half > 0) {
        HWY_ALIGN float pairs[half * width];
        for (std::size_t j = 0; j < half * width; j += width) {
            const Floats first = hn::Load(FloatTag(), sums + 2 * j);
            const Floats second = hn::Load(FloatTag(), sums + 2 * j + width);
            hn::Store(add_neighbours<Arithmetic>(first, second), FloatTag(), pairs + j);
        }
        return in_halves<Arithmetic, half>(pairs);
    }
    Floats all = hn::Load(FloatTag(), sums);
    for (std::size_t left = width; left > 1; left /= 2) all = add_neighbours<Arithmetic>(all, all);
    return hn::GetLane(all);
}

/// In 128 lanes. As the definition starts from +0 there, too, -0 in all of them comes to +0.
template <template <class, class> class Accumulator, class Arithmetic, class Terms>
HWY_NOINLINE float sum_in_lanes(Terms terms, std::size_t begin, std::size_t end) {
    using Vectors = Accumulator<FloatTag, Arithmetic>;
    constexpr std::size_t width = hn::MaxLanes(FloatTag()), vectors = sum_lanes / width;
    constexpr std::size_t at_once =
        std::min<std::size_t>(vectors, HWY_TARGET == HWY_AVX3 ? 8 : std::size_t{8} / Vectors::registers);
    HWY_ALIGN float sums[sum_lanes];
    for (std::size_t j = 0; j < vectors; j += at_once)
        sum_vectors<Vectors>(terms, begin + j * width, end, sums + j * width, std::make_index_sequence<at_once>());
    return in_halves<Arithmetic, vectors>(sums) + 0.0F;
}

/// One after another.
template <class Arithmetic, class Terms>
HWY_NOINLINE float sum_in_sequence(Terms terms, std::size_t begin, std::size_t end) {
    PlainSums<hn::CappedTag<float, 1>, Arithmetic> sum;
    for (std::size_t i = begin; i < end; ++i) terms.add_to(sum, i);
    return hn::GetLane(sum.sum);
}

template <class Arithmetic, class Terms>
HWY_INLINE float block_sum(const Order& within, const Terms& terms, std::size_t begin, std::size_t end) {
    if (within.count == 1) return sum_in_sequence<Arithmetic>(terms, begin, end);
    if (within.accumulation == Accumulation::Kahan) return sum_in_lanes<KahanSums, Arithmetic>(terms, begin, end);
    return sum_in_lanes<PlainSums, Arithmetic>(terms, begin, end);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
