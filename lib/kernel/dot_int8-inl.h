// Sums of bytes and of their products, exactly.

#if defined(HALFULP_KERNEL_DOT_INT8) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_DOT_INT8
#undef HALFULP_KERNEL_DOT_INT8
#else
#define HALFULP_KERNEL_DOT_INT8
#endif

#include <numeric>

#include <halfulp/lib/kernel/number-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3

using ByteTag = hn::ScalableTag<std::uint8_t>;
using ShortTag = hn::ScalableTag<std::int16_t>;
constexpr std::size_t bytes_at_once = hn::MaxLanes(ByteTag());

/// All lanes, in 64 bits.
template <class D>
HWY_INLINE std::int64_t total(D d, hn::Vec<D> x) {
    hn::TFromD<D> lanes[hn::MaxLanes(d)];
    hn::StoreU(x, d, lanes);
    return std::accumulate(lanes, lanes + hn::MaxLanes(d), std::int64_t{0});
}

HWY_INLINE hn::Vec<ShortTag> shorts(const std::int8_t* x) {
    return hn::PromoteTo(ShortTag(), hn::LoadU(hn::Rebind<std::int8_t, ShortTag>(), x));
}
HWY_INLINE hn::Vec<ShortTag> shorts(const std::int16_t* x) { return hn::LoadU(ShortTag(), x); }

#else

constexpr std::size_t bytes_at_once = 64;

#endif

/// As x + 128, which has no sign: one instruction sums eight of these.
HWY_INLINE std::int64_t sum_of_whole_vectors(const std::int8_t* x, std::size_t count) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
    const auto offset = hn::Set(ByteTag(), 0x80);
    auto sum = hn::Zero(WordTag());
    for (std::size_t i = 0; i < count; i += bytes_at_once) {
        fetch_ahead(x + i);
        const auto bytes = hn::LoadU(ByteTag(), reinterpret_cast<const std::uint8_t*>(x + i));
        sum = hn::Add(sum, hn::SumsOf8(hn::Xor(bytes, offset)));
    }
    return total(WordTag(), sum) - 128 * static_cast<std::int64_t>(count);
#else
    return std::accumulate(x, x + count, std::int64_t{0});
#endif
}

/// Two products at a time in a lane of 32 bits, at most 2^15. Y: bytes, or these widened. Pre: at most 2^18 products.
template <class Y>
HWY_INLINE std::int64_t dot_of_whole_vectors(const std::int8_t* x, const Y* y, std::size_t count) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
    constexpr std::size_t width = hn::MaxLanes(ShortTag());
    auto even = hn::Zero(SignedTag()), odd = even, unused = even;
    for (std::size_t i = 0; i < count; i += 2 * width) {
        fetch_ahead(x + i);
        if constexpr (sizeof(Y) == 1) fetch_ahead(y + i);
        even = hn::ReorderWidenMulAccumulate(SignedTag(), shorts(x + i), shorts(y + i), even, unused);
        odd = hn::ReorderWidenMulAccumulate(SignedTag(), shorts(x + i + width), shorts(y + i + width), odd, unused);
    }
    return total(SignedTag(), even) + total(SignedTag(), odd);
#else
    return std::inner_product(x, x + count, y, std::int64_t{0});
#endif
}

/// The ragged end in a vector of its own, filled by zeros.
HWY_INLINE std::int64_t sum_of_bytes(const std::int8_t* x, std::size_t count) {
    const std::size_t whole = count - count % bytes_at_once;
    std::int8_t end[bytes_at_once] = {};
    std::copy(x + whole, x + count, end);
    return sum_of_whole_vectors(x, whole) + sum_of_whole_vectors(end, bytes_at_once);
}
template <class Y>
HWY_INLINE std::int64_t dot_of_bytes(const std::int8_t* x, const Y* y, std::size_t count) {
    const std::size_t whole = count - count % bytes_at_once;
    std::int8_t x_end[bytes_at_once] = {};
    Y y_end[bytes_at_once] = {};
    std::copy(x + whole, x + count, x_end);
    std::copy(y + whole, y + count, y_end);
    return dot_of_whole_vectors(x, y, whole) + dot_of_whole_vectors(x_end, y_end, bytes_at_once);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
