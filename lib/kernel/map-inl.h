// A kernel on every element of arrays: whole vectors, then the ragged end in one more vector of its own.

#if defined(HALFULP_KERNEL_MAP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_MAP
#undef HALFULP_KERNEL_MAP
#else
#define HALFULP_KERNEL_MAP
#endif

#include <halfulp/lib/kernel/outcome-inl.h>
#include <halfulp/lib/kernel/results.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// The operands that the kernel has, and where the results go.
template <class In>
struct Arrays {
    const In *a, *b, *c;
    Results to;

    /// Pre: each element's flags are not asked for.
    Arrays part(std::size_t first, std::size_t count) const {
        const auto of = [&](const In* array) { return array == nullptr ? nullptr : array + first; };
        return {of(a), of(b), of(c), {static_cast<char*>(to.codes) + first * to.bytes, to.bytes, nullptr, count}};
    }
};

/// A kernel that need not say what it loses: the compiler drops what works that out.
template <class Kernel>
struct LossIsKnown : Kernel {
    HWY_INLINE LossIsKnown from(std::size_t i) const { return {Kernel::from(i)}; }

    template <class In>
    HWY_INLINE Outcome operator()(In a, In b, In c, std::size_t i) const {
        Outcome r = Kernel::operator()(a, b, c, i);
        r.lost = r.tiny_lost = hn::Zero(Tag());
        return r;
    }
};

HWY_INLINE void store_codes(const Results& to, std::size_t i, Lanes codes) {
    switch (to.bytes) {
        case 1: store(codes, static_cast<std::uint8_t*>(to.codes) + i); break;
        case 2: store(codes, static_cast<std::uint16_t*>(to.codes) + i); break;
        default: store(codes, static_cast<std::uint32_t*>(to.codes) + i);
    }
}

template <class Kernel, class In>
HWY_INLINE Outcome map_vector(const Kernel& kernel, const Arrays<In>& at, std::size_t i) {
    const hn::Rebind<In, Tag> d;
    const auto a = hn::LoadU(d, at.a + i);
    auto b = a, c = a;
    if constexpr (Kernel::operands > 1) b = hn::LoadU(d, at.b + i);
    if constexpr (Kernel::operands > 2) c = hn::LoadU(d, at.c + i);
    const Outcome r = kernel(a, b, c, i);
    store_codes(at.to, i, r.codes);
    if (at.to.each != nullptr) store(kernel.flags(r), at.to.each + i);
    return r;
}

/// The last elements of an array, fewer than a vector. Zeros fill it: they lose nothing, and what they raise is dropped.
template <class Kernel, class In>
HWY_INLINE void map_end(const Kernel& kernel, const Arrays<In>& at, std::size_t i, Outcome& sum) {
    constexpr std::size_t lanes = hn::MaxLanes(Tag());
    const std::size_t count = at.to.count - i, bytes = at.to.bytes;
    In a[lanes] = {}, b[lanes] = {}, c[lanes] = {};
    std::uint32_t codes[lanes];
    std::uint8_t each[lanes];
    std::memcpy(a, at.a + i, count * sizeof(In));
    if constexpr (Kernel::operands > 1) std::memcpy(b, at.b + i, count * sizeof(In));
    if constexpr (Kernel::operands > 2) std::memcpy(c, at.c + i, count * sizeof(In));
    Outcome r = map_vector(kernel.from(i), Arrays<In>{a, b, c, {codes, bytes, each, lanes}}, 0);
    r.raised = hn::IfThenElseZero(hn::FirstN(Tag(), count), r.raised);
    gather(r, sum);
    std::memcpy(static_cast<char*>(at.to.codes) + i * bytes, codes, count * bytes);
    if (at.to.each != nullptr) std::memcpy(at.to.each + i, each, count);
}

/// The flags of all elements together. The kernel is a copy of the caller's: no store can change its constants.
template <class Kernel, class In>
HWY_NOINLINE std::uint32_t map(Kernel kernel, Arrays<In> at) {
    const Lanes zero = hn::Zero(Tag());
    Outcome sum{zero, zero, zero, zero};
    std::size_t i = 0;
    for (const std::size_t step = hn::Lanes(Tag()); i + step <= at.to.count; i += step)
        gather(map_vector(kernel, at, i), sum);
    if (i < at.to.count) map_end(kernel, at, i, sum);
    return together(kernel.flags(sum));
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
