// A block of terms as a few numbers of binary64 that have the same sum, exactly (Rump, Ogita & Oishi, SIAM J. Sci. Comput.
// 31(1), 2008, "ExtractVector"): what of each term is a multiple of a unit, coarse enough for all partial sums of such
// parts to be exact in any order; then the same of what is left.

#if defined(HALFULP_KERNEL_EXACT_SUM) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_EXACT_SUM
#undef HALFULP_KERNEL_EXACT_SUM
#else
#define HALFULP_KERNEL_EXACT_SUM
#endif

#include <algorithm>
#include <cmath>
#include <vector>

#include <halfulp/lib/kernel/block_sum-inl.h>
#include <halfulp/lib/kernel/reduce_blocks.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// A vector of terms in binary64, which holds numbers of binary32 and products of two.
struct ExactTerm {
    static constexpr hn::Rebind<float, DoubleTag> d{};
    hn::Vec<DoubleTag> term;

    HWY_INLINE ExactTerm() : term(hn::Zero(DoubleTag())) {}
    HWY_INLINE void add(hn::Vec<decltype(d)> x) { term = hn::PromoteTo(DoubleTag(), x); }
    HWY_INLINE void add(hn::Vec<decltype(d)> x, hn::Vec<decltype(d)> y) {
        term = hn::Mul(hn::PromoteTo(DoubleTag(), x), hn::PromoteTo(DoubleTag(), y));
    }
    HWY_INLINE void keep_from(std::size_t, const ExactTerm&) {}  // zeros have been added
};

/// What a walk along the terms has seen.
struct Seen {
    hn::Vec<DoubleTag> sum, greatest;  ///< of magnitudes

    HWY_INLINE Seen() : sum(hn::Zero(DoubleTag())), greatest(hn::Zero(DoubleTag())) {}
    HWY_INLINE void see(hn::Vec<DoubleTag> summand, hn::Vec<DoubleTag> x) {
        sum = hn::Add(sum, summand);
        greatest = hn::Max(greatest, hn::Abs(x));
    }
    HWY_INLINE double total() const { return hn::GetLane(hn::SumOfLanes(DoubleTag(), sum)); }
    HWY_INLINE double magnitude() const { return hn::GetLane(hn::MaxOfLanes(DoubleTag(), greatest)); }
};

/// Adds the part of each term that is a multiple of sigma * 2^-53, and leaves the rest. Pre: no term is above
/// sigma * 2^-(exact_block_exponent + 1).
HWY_INLINE Seen extract(double sigma, double* terms, std::size_t count) {
    const auto shift = hn::Set(DoubleTag(), sigma);
    Seen seen;
    for (std::size_t i = 0; i < count; i += hn::Lanes(DoubleTag())) {
        const auto term = hn::Load(DoubleTag(), terms + i);
        const auto part = hn::Sub(hn::Add(shift, term), shift), rest = hn::Sub(term, part);
        hn::Store(rest, DoubleTag(), terms + i);
        seen.see(part, rest);
    }
    return seen;
}

/// Of a block with an infinity or NaN, what these sum to. Pre: at most exact_block terms.
template <class Terms>
HWY_NOINLINE void sum_exactly(Terms terms, std::size_t begin, std::size_t end, std::vector<double>& sums) {
    constexpr std::size_t width = hn::MaxLanes(DoubleTag());
    HWY_ALIGN double exact[exact_block];
    Seen seen;
    for (std::size_t i = begin; i < end; i += width) {
        ExactTerm next;
        add_rest_to(next, terms, i, end);
        hn::Store(next.term, DoubleTag(), exact + (i - begin));
        seen.see(next.term, next.term);
    }
    if (!std::isfinite(seen.total())) return sums.push_back(seen.total());
    for (double greatest = seen.magnitude(); greatest > 0; greatest = seen.magnitude()) {
        seen = extract(std::ldexp(1.0, std::ilogb(greatest) + exact_block_exponent + 2), exact, end - begin);
        sums.push_back(seen.total());
    }
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
