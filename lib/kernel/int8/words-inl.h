// Packed panels in 16 bits: first the bytes of even k, then those of odd k, so that pairs of them are lanes of 32 bits.

#if defined(HALFULP_INT8_WORDS) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_INT8_WORDS
#undef HALFULP_INT8_WORDS
#else
#define HALFULP_INT8_WORDS
#endif

#include <halfulp/lib/kernel/int8/panels-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::int8::HWY_NAMESPACE {

#if HALFULP_INT8_VECTORS

HWY_INLINE Shorts load_shorts(const std::uint8_t* from) { return hn::BitCast(ShortTag(), hn::Load(ByteTag(), from)); }
HWY_INLINE void store_shorts(Shorts x, std::uint8_t* to) { hn::Store(hn::BitCast(ByteTag(), x), ByteTag(), to); }

/// Weights, which are signed.
struct Weights {
    Shorts even, odd;

    HWY_INLINE explicit Weights(const std::uint8_t* from) {
        const Shorts both = load_shorts(from);
        even = hn::ShiftRight<8>(hn::ShiftLeft<8>(both));
        odd = hn::ShiftRight<8>(both);
    }
};

inline void widen_b(const std::uint8_t* bytes, std::size_t groups, std::uint8_t* to) {
    const std::size_t half = groups * group_bytes * panel_columns;
    for (std::size_t at = 0; at < half; at += vector_bytes) {
        const Weights weights(bytes + at);
        store_shorts(weights.even, to + at);
        store_shorts(weights.odd, to + half + at);
    }
}

/// A row is twice as long. Vectors reach beyond its groups: of even k first, as those of odd k then begin there.
inline void widen_a(const std::uint8_t* bytes, std::size_t groups, std::uint8_t* to) {
    const hn::Repartition<std::uint16_t, ByteTag> d;
    const auto low = hn::Set(d, 0xFF);
    const std::size_t half = groups * group_bytes;
    for (std::size_t i = 0; i < panel_rows; ++i, bytes += depth, to += 2 * depth) {
        for (std::size_t at = 0; at < half; at += vector_bytes) {
            const auto both = hn::BitCast(d, hn::Load(ByteTag(), bytes + at));
            hn::Store(hn::BitCast(ByteTag(), hn::And(both, low)), ByteTag(), to + at);
        }
        for (std::size_t at = 0; at < half; at += vector_bytes) {
            const auto both = hn::BitCast(d, hn::Load(ByteTag(), bytes + at));
            hn::StoreU(hn::BitCast(ByteTag(), hn::ShiftRight<8>(both)), ByteTag(), to + half + at);
        }
    }
}

#endif

}  // namespace halfulp::kernel::int8::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
