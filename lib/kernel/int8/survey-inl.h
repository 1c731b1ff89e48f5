// What a packed panel of weights tells: the sums of its columns, and which kernels are exact on it.

#if defined(HALFULP_INT8_SURVEY) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_INT8_SURVEY
#undef HALFULP_INT8_SURVEY
#else
#define HALFULP_INT8_SURVEY
#endif

#include <halfulp/lib/kernel/int8/words-inl.h>
#include <halfulp/lib/kernel/int8/certificate.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::int8::HWY_NAMESPACE {

#if !HALFULP_INT8_VECTORS

/// Writes the sum of each column. No kernel of this target asks for more.
inline PanelWeights survey(const std::uint8_t* panel, std::size_t groups, std::int32_t* sums) {
    for (std::size_t j = 0; j < panel_columns; ++j) {
        sums[j] = 0;
        for (std::size_t g = 0; g < groups; ++g)
            for (std::size_t k = 0; k < group_bytes; ++k)
                sums[j] += static_cast<std::int8_t>(panel[(g * panel_columns + j) * group_bytes + k]);
    }
    return {};
}

#else

/// VPMADDWD and VPADDD.
HWY_INLINE Sums add_products(Sums sum, Shorts a, Shorts b) {
    Sums unused = hn::Zero(SumTag());
    return hn::ReorderWidenMulAccumulate(SumTag(), a, b, sum, unused);
}

/// The sums of the positive and of the negative weights that one VPMADDUBSW takes together, and of all.
struct Pairs {
    Shorts positive, negative, sum;

    HWY_INLINE explicit Pairs(const std::uint8_t* from) {
        const Weights x(from);
        const Shorts zero = hn::Zero(ShortTag());
        positive = hn::Add(hn::Max(x.even, zero), hn::Max(x.odd, zero));
        negative = hn::Add(hn::Min(x.even, zero), hn::Min(x.odd, zero));
        sum = hn::Add(x.even, x.odd);
    }
};

/// The extremes of what was seen.
struct Extremes {
    Shorts most, least;

    HWY_INLINE Extremes() : most(hn::Zero(ShortTag())), least(most) {}
    HWY_INLINE void see(Shorts positive, Shorts negative) {
        most = hn::Max(most, positive);
        least = hn::Min(least, negative);
    }
    HWY_INLINE WeightSums sums() const {
        const ShortTag d;
        return {hn::GetLane(hn::MaxOfLanes(d, most)), hn::GetLane(hn::MinOfLanes(d, least))};
    }
};

/// Writes the sum of each column.
inline PanelWeights survey(const std::uint8_t* panel, std::size_t groups, std::int32_t* sums) {
    Extremes pairs, fours;
    const Shorts ones = hn::Set(ShortTag(), 1);
    for (std::size_t j = 0; j < panel_columns; j += vector_columns) {
        Sums sum = hn::Zero(SumTag());
        for (std::size_t g = 0; g < groups; g += 2) {
            const std::uint8_t* at = panel + (g * panel_columns + j) * group_bytes;
            const Pairs x(at), y(at + panel_columns * group_bytes);
            pairs.see(hn::Max(x.positive, y.positive), hn::Min(x.negative, y.negative));
            fours.see(hn::Add(x.positive, y.positive), hn::Add(x.negative, y.negative));
            sum = add_products(sum, hn::Add(x.sum, y.sum), ones);
        }
        hn::StoreU(sum, SumTag(), sums + j);
    }
    return {pairs.sums(), fours.sums()};
}

#endif

}  // namespace halfulp::kernel::int8::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
