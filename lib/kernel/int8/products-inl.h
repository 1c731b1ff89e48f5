// The int8 kernels: each multiplies a panel of A by a panel of B, and is exact where the certificate says so.

#if defined(HALFULP_INT8_PRODUCTS) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_INT8_PRODUCTS
#undef HALFULP_INT8_PRODUCTS
#else
#define HALFULP_INT8_PRODUCTS
#endif

#include <hwy/cache_control.h>

#include <array>
#include <utility>

#include <halfulp/lib/kernel/int8/survey-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::int8::HWY_NAMESPACE {

/// A panel_rows x panel_columns part of C: becomes the products' sum plus both biases, plus itself if it `adds`.
struct Corner {
    std::int32_t* c;
    std::size_t stride;
    bool adds;
    const std::int32_t *row_bias, *column_bias;
};

/// a and b: panels of so many groups of k.
using Multiply = void (*)(const std::uint8_t* a, const std::uint8_t* b, std::size_t groups, const Corner& to);

struct KernelOfTarget {
    Int8Kernel kernel;
    Multiply multiply;
};

#if !HALFULP_INT8_VECTORS

inline void multiply_plainly(const std::uint8_t* a, const std::uint8_t* b, std::size_t groups, const Corner& to) {
    std::uint32_t sums[panel_rows][panel_columns];  // modulo 2^32, as all vectors are
    for (std::size_t i = 0; i < panel_rows; ++i)
        for (std::size_t j = 0; j < panel_columns; ++j)
            sums[i][j] = static_cast<std::uint32_t>(to.row_bias[i]) + static_cast<std::uint32_t>(to.column_bias[j]) +
                         (to.adds ? static_cast<std::uint32_t>(to.c[i * to.stride + j]) : 0);
    for (std::size_t g = 0; g < groups; ++g, a += group_bytes, b += panel_columns * group_bytes)
        for (std::size_t i = 0; i < panel_rows; ++i)
            for (std::size_t j = 0; j < panel_columns; ++j)
                for (std::size_t k = 0; k < group_bytes; ++k)
                    sums[i][j] +=
                        static_cast<std::uint32_t>(a[i * depth + k] * static_cast<std::int8_t>(b[j * group_bytes + k]));
    for (std::size_t i = 0; i < panel_rows; ++i)
        for (std::size_t j = 0; j < panel_columns; ++j) to.c[i * to.stride + j] = static_cast<std::int32_t>(sums[i][j]);
}

inline constexpr std::array<KernelOfTarget, 1> kernels_of_target = {{{Int8Kernel::Plain, multiply_plainly}}};

#else

/// A group of a row of A in every lane.
HWY_INLINE Bytes spread(const std::uint8_t* a) {
    std::int32_t four = 0;
    std::memcpy(&four, a, group_bytes);
    return hn::BitCast(ByteTag(), hn::Set(SumTag(), four));
}
HWY_INLINE Bytes load(const std::uint8_t* b) { return hn::Load(ByteTag(), b); }

/// VPMADDUBSW: sums of two products, saturated to 16 bits.
HWY_INLINE Shorts sums_of_pairs(Bytes a, Bytes b) {
#if HWY_TARGET == HWY_AVX2
    return Shorts{_mm256_maddubs_epi16(a.raw, b.raw)};
#else
    return Shorts{_mm512_maddubs_epi16(a.raw, b.raw)};
#endif
}

// A step of each kernel: sum + what `groups` groups of a row of A and of a vector of B make. Rows of A are `pitch` apart.

constexpr std::size_t next_of_b = panel_columns * group_bytes;

struct TwoPairs {
    static constexpr std::size_t groups = 2, pitch = depth;
    HWY_INLINE static Sums add(Sums sum, const std::uint8_t* a, const std::uint8_t* b) {
        const Shorts fours =
            hn::Add(sums_of_pairs(spread(a), load(b)), sums_of_pairs(spread(a + group_bytes), load(b + next_of_b)));
        return add_products(sum, fours, hn::Set(ShortTag(), 1));
    }
};

struct OnePair {
    static constexpr std::size_t groups = 1, pitch = depth;
    HWY_INLINE static Sums add(Sums sum, const std::uint8_t* a, const std::uint8_t* b) {
        return add_products(sum, sums_of_pairs(spread(a), load(b)), hn::Set(ShortTag(), 1));
    }
};

struct Widened {
    static constexpr std::size_t groups = 1, pitch = 2 * depth;
    HWY_INLINE static Sums add(Sums sum, const std::uint8_t* a, const std::uint8_t* b) {
        return add_products(sum, hn::BitCast(ShortTag(), spread(a)), hn::BitCast(ShortTag(), load(b)));
    }
};

struct DotOfFour {
    static constexpr std::size_t groups = 1, pitch = depth;
    HWY_INLINE static Sums add(Sums sum, const std::uint8_t* a, const std::uint8_t* b) {
        // By its name: Highway's target asks the CPU for AVX-512 VNNI, but not the compiler.
        asm("vpdpbusd %2, %1, %0" : "+v"(sum.raw) : "v"(spread(a).raw), "v"(load(b).raw));
        return sum;
    }
};

/// Written out by the indices of the vectors of C, two in a row, so that the compiler keeps every sum in a register.
template <class Step, std::size_t... i>
HWY_INLINE void multiply_vectors(const std::uint8_t* a, const std::uint8_t* b, std::size_t groups, const Corner& to,
                                 std::index_sequence<i...>) {
    const SumTag d;
    const auto bias = [&](std::size_t row, std::size_t column) HWY_ATTR {
        return hn::Add(hn::Set(d, to.row_bias[row]), hn::LoadU(d, to.column_bias + column));
    };
    const auto finish = [&](Sums sum, std::int32_t* c)
                            HWY_ATTR { hn::StoreU(to.adds ? hn::Add(sum, hn::LoadU(d, c)) : sum, d, c); };
    (hwy::Prefetch(to.c + i / 2 * to.stride + i % 2 * vector_columns), ...);
    Sums sums[] = {bias(i / 2, i % 2 * vector_columns)...};
    for (std::size_t g = 0; g < groups; g += Step::groups) {
        ((sums[i] = Step::add(sums[i], a + i / 2 * Step::pitch, b + i % 2 * vector_bytes)), ...);
        a += Step::groups * group_bytes;
        b += Step::groups * next_of_b;
    }
    (finish(sums[i], to.c + i / 2 * to.stride + i % 2 * vector_columns), ...);
}

template <class Step>
HWY_NOINLINE void multiply_by(const std::uint8_t* a, const std::uint8_t* b, std::size_t groups, const Corner& to) {
    multiply_vectors<Step>(a, b, groups, to, std::make_index_sequence<2 * panel_rows>());
}

#if HWY_TARGET == HWY_AVX3_DL
inline constexpr std::array<KernelOfTarget, 1> kernels_of_target = {{{Int8Kernel::DotOfFour, multiply_by<DotOfFour>}}};
#else
inline constexpr std::array<KernelOfTarget, 3> kernels_of_target = {{
    {Int8Kernel::TwoPairs, multiply_by<TwoPairs>},
    {Int8Kernel::OnePair, multiply_by<OnePair>},
    {Int8Kernel::Widened, multiply_by<Widened>},
}};
#endif

#endif

}  // namespace halfulp::kernel::int8::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
