// A function of vectors on arrays, once for each target: see Highway's foreach_target.h.

#if defined(HALFULP_QUANTIZE_MAP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_QUANTIZE_MAP
#undef HALFULP_QUANTIZE_MAP
#else
#define HALFULP_QUANTIZE_MAP
#endif

#include <halfulp/lib/kernel/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::quantize::HWY_NAMESPACE {

/// Whole vectors, then the ragged end in one more of its own. The function returns Lanes that fit into To.
template <class Function, class From, class To>
void map(Function f, const From* from, To* to, std::size_t count) {
    namespace hn = hwy::HWY_NAMESPACE;
    using kernel::HWY_NAMESPACE::store;
    using kernel::HWY_NAMESPACE::Tag;
    const hn::Rebind<From, Tag> d;
    constexpr std::size_t most = hn::MaxLanes(Tag());
    std::size_t i = 0;
    for (const std::size_t step = hn::Lanes(Tag()); i + step <= count; i += step)
        store(f(hn::LoadU(d, from + i)), to + i);
    if (i == count) return;
    From last[most] = {};
    To results[most];
    std::memcpy(last, from + i, (count - i) * sizeof(From));
    store(f(hn::LoadU(d, last)), results);
    std::memcpy(to + i, results, (count - i) * sizeof(To));
}

}  // namespace halfulp::quantize::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
