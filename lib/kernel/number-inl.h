// Elements as lanes of binary32, exactly, and the arithmetic that accumulators do with them.

#if defined(HALFULP_KERNEL_NUMBER) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_NUMBER
#undef HALFULP_KERNEL_NUMBER
#else
#define HALFULP_KERNEL_NUMBER
#endif

#include <algorithm>
#include <bit>
#include <cmath>

#include <hwy/cache_control.h>

#include <halfulp/lib/kernel/adders.h>
#include <halfulp/lib/kernel/odd-inl.h>
#include <halfulp/lib/accumulate/adder.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

// How elements are stored, and become lanes of any number.

struct OfBinary32 {
    using Element = float;

    template <class D>
    static HWY_INLINE hn::Vec<D> load(D d, const float* from) {
        return hn::LoadU(d, from);
    }
};

struct OfBfloat16 {
    using Element = std::uint16_t;

    template <class D>
    static HWY_INLINE hn::Vec<D> load(D d, const std::uint16_t* from) {
        const hn::Rebind<std::uint16_t, D> codes;
        return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(hn::RebindToUnsigned<D>(), hn::LoadU(codes, from))));
    }
};

struct OfBinary16 {
    using Element = std::uint16_t;

    template <class D>
    static HWY_INLINE hn::Vec<D> load(D d, const std::uint16_t* from) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
        const hn::Rebind<std::uint16_t, D> codes;
        return hn::PromoteTo(d, hn::BitCast(hn::Rebind<hwy::float16_t, D>(), hn::LoadU(codes, from)));
#else
        const std::uint64_t code = narrow::convert<binary32, binary16>(*from).code;
        return hn::Set(d, std::bit_cast<float>(static_cast<std::uint32_t>(code)));
#endif
    }
};

/// The first `count` elements, fewer than a vector; zeros fill it.
template <class Storage, class D>
HWY_INLINE hn::Vec<D> load_first(D d, const typename Storage::Element* from, std::size_t count) {
    typename Storage::Element padded[hn::MaxLanes(d)] = {};
    std::copy_n(from, count, padded);
    return Storage::load(d, padded);
}

/// Asks for what lies 4 KiB ahead. From DRAM, elements of less than 32 bits come 1.27 times as fast so (measured, binary16),
/// and no slower from caches; those of 32 bits do not need it.
template <class Element>
HWY_INLINE void fetch_ahead(const Element* from) {
    // By way of an integer, as it may lie beyond the array, where it is not read. NOLINTNEXTLINE(performance-no-int-to-ptr)
    hwy::Prefetch(reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(from) + 4096));
}
/// Once a cache line. Pre: from is `offset` elements behind the begin of a row of lanes.
template <class Storage, std::size_t offset>
HWY_INLINE void fetch_narrow(const typename Storage::Element* from) {
    constexpr std::size_t bytes = sizeof(typename Storage::Element);
    if constexpr (bytes < sizeof(float) && offset * bytes % 64 == 0) fetch_ahead(from);
}

/// binary32, to nearest even.
struct SingleArithmetic {
    using Adder = SingleAdder;

    static std::uint64_t code(float x) { return std::bit_cast<std::uint32_t>(x); }
    template <class V>
    static HWY_INLINE V add(V a, V b) {
        return hn::Add(a, b);
    }
    template <class V>
    static HWY_INLINE V sub(V a, V b) {
        return hn::Sub(a, b);
    }
    template <class V>
    static HWY_INLINE V mul(V a, V b) {
        return hn::Mul(a, b);
    }
    template <class V>
    static HWY_INLINE V fma(V a, V b, V c) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
        return hn::MulAdd(a, b, c);
#else
        return hn::Set(hn::DFromV<V>(), std::fma(hn::GetLane(a), hn::GetLane(b), hn::GetLane(c)));
#endif
    }
};

/// binary16, to nearest even, of its numbers in lanes of binary32: see odd-inl.h for what may be rounded twice.
struct HalfArithmetic {
    using Adder = HalfAdder;

    static std::uint64_t code(float x) {
        return narrow::convert<binary16, binary32>(std::bit_cast<std::uint32_t>(x)).code;
    }
    template <class V>
    static HWY_INLINE V rounded(V x) {
        const hn::DFromV<V> d;
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
        return hn::PromoteTo(d, hn::DemoteTo(hn::Rebind<hwy::float16_t, hn::DFromV<V>>(), x));
#else
        const std::uint64_t single = narrow::convert<binary32, binary16>(code(hn::GetLane(x))).code;
        return hn::Set(d, std::bit_cast<float>(static_cast<std::uint32_t>(single)));
#endif
    }
    template <class V>
    static HWY_INLINE V add(V a, V b) {
        return rounded(hn::Add(a, b));
    }
    template <class V>
    static HWY_INLINE V sub(V a, V b) {
        return rounded(hn::Sub(a, b));
    }
    template <class V>
    static HWY_INLINE V mul(V a, V b) {
        return rounded(hn::Mul(a, b));
    }
    template <class V>
    static HWY_INLINE V fma(V a, V b, V c) {
        const hn::DFromV<V> d;
        return rounded(hn::BitCast(d, to_odd(d, two_sum(hn::Mul(a, b), c))));
    }
};

/// The same, but a product is rounded before it is added.
struct UnfusedHalfArithmetic : HalfArithmetic {
    using Adder = RoundsProducts<HalfAdder>;

    template <class V>
    static HWY_INLINE V fma(V a, V b, V c) {
        return add(mul(a, b), c);
    }
};

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
