// What a * b + c means to a product of matrices: a type each. Memory holds numbers of binary32, whatever their format is.
//
//   Sum, Factor              in registers; from and to memory and floats by load_sum, store_sum, floats, factor, broadcast
//   multiply_add, multiply   as the policy says, rounded to its format
//   WithScalars              the same for alpha and beta, which may be any numbers
//   tile_rows, tile_vectors  what fits the registers of the target

#if defined(HALFULP_KERNEL_GEMM_ARITHMETIC) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_ARITHMETIC
#undef HALFULP_KERNEL_GEMM_ARITHMETIC
#else
#define HALFULP_KERNEL_GEMM_ARITHMETIC
#endif

#include <cmath>

#include <halfulp/lib/kernel/gemm/rounding-inl.h>
#include <halfulp/lib/kernel/odd-inl.h>
#include <halfulp/softfloat/formats.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

inline constexpr bool has_32_registers = HWY_TARGET == HWY_AVX3;

/// Sums and factors are lanes of binary32.
struct InFloats {
    using Sum = Floats;
    using Factor = Floats;

    static HWY_INLINE Sum load_sum(const float* x) { return hn::LoadU(FloatTag(), x); }
    static HWY_INLINE void store_sum(Sum x, float* to) { hn::StoreU(x, FloatTag(), to); }
    static HWY_INLINE Floats floats(Sum x) { return x; }
    static HWY_INLINE Factor factor(Floats x) { return x; }
    static HWY_INLINE Factor broadcast(const float* x) { return hn::Set(FloatTag(), *x); }
};

/// binary32, a * b + c rounded once.
struct Single : InFloats {
    using WithScalars = Single;
    static constexpr std::size_t tile_rows = has_32_registers ? 14 : 6, tile_vectors = 2;

    static HWY_INLINE Sum multiply(Factor a, Factor b) { return hn::Mul(a, b); }
    static HWY_INLINE Sum multiply_add(Factor a, Factor b, Sum c) {
#if HWY_TARGET == HWY_SCALAR
        return Sum(std::fma(a.raw, b.raw, c.raw));  // Highway's rounds twice there
#else
        return hn::MulAdd(a, b, c);
#endif
    }
};

/// A format of 16 bits, the product rounded and then the sum. Both go through binary32, which does no harm: products are
/// exact there, or below half the least number of bfloat16, and sums have 2p + 2 bits there (claims *-through-fp32).
template <Format f>
struct Separate : InFloats {
    using WithScalars = Separate;
    static constexpr std::size_t tile_rows = has_32_registers ? 8 : 4, tile_vectors = has_32_registers ? 2 : 1;

    static HWY_INLINE Floats rounded(Floats x) {
        if constexpr (f == bfloat16) return to_upper_half(x);
        if constexpr (f != bfloat16) return Rounding<FloatTag, f>::any(x);
    }
    static HWY_INLINE Sum multiply(Factor a, Factor b) { return rounded(hn::Mul(a, b)); }
    static HWY_INLINE Sum multiply_add(Factor a, Factor b, Sum c) { return rounded(hn::Add(c, multiply(a, b))); }
};

/// The same where no product and no sum comes near infinity (bounded.h). No sum is -0, as the first one is +0: signs of
/// zeros among the products do not matter. Sums are multiples of the least number of f: below emin they are exact.
template <Format f>
struct SeparateBounded : InFloats {
    using WithScalars = Separate<f>;
    static constexpr std::size_t tile_rows = has_32_registers ? 8 : 6, tile_vectors = has_32_registers ? 2 : 1;
    using To = Rounding<FloatTag, f>;

    static HWY_INLINE Sum multiply_add(Factor a, Factor b, Sum c) {
        const Floats product = hn::Mul(a, b), sum = hn::Add(c, To::within(product, To::binade_or_least(product)));
        return To::within(sum, To::binade(sum));
    }
};

/// A format of 16 bits, a * b + c rounded once, by way of binary64: products are exact there. So are, for binary16, sums
/// that lie next to the middle between two numbers of the format; for bfloat16 sums are rounded to odd.
template <Format f>
struct Fused {
    using Sum = Doubles;
    using Factor = Doubles;
    using WithScalars = Fused;
    using To = Rounding<DoubleTag, f>;
    using Vector = hn::Vec<DoubleTag>;
    static constexpr std::size_t tile_rows = has_32_registers ? 8 : 4, tile_vectors = 1;

    static HWY_INLINE Sum load_sum(const float* x) { return doubles(hn::LoadU(FloatTag(), x)); }
    static HWY_INLINE void store_sum(const Sum& x, float* to) { hn::StoreU(floats(x), FloatTag(), to); }
    static HWY_INLINE Floats floats(const Sum& x) {
#if HWY_TARGET == HWY_SCALAR
        return Floats(static_cast<float>(x.low.raw));  // Highway makes infinity a number there
#else
        const hn::Half<FloatTag> half;
        return hn::Combine(FloatTag(), hn::DemoteTo(half, x.high), hn::DemoteTo(half, x.low));
#endif
    }
    static HWY_INLINE Factor factor(Floats x) { return doubles(x); }
    static HWY_INLINE Factor broadcast(const float* x) {
        const Vector all_lanes = hn::Set(DoubleTag(), double{*x});
        return {all_lanes, all_lanes};
    }

    static HWY_INLINE Sum multiply(const Factor& a, const Factor& b) {
        return {To::any(hn::Mul(a.low, b.low)), To::any(hn::Mul(a.high, b.high))};
    }
    static HWY_INLINE Vector multiply_add(Vector a, Vector b, Vector c) {
        if constexpr (f == binary16) return To::any(hn::MulAdd(a, b, c));
        return To::any(hn::BitCast(DoubleTag(), to_odd(DoubleTag(), two_sum(hn::Mul(a, b), c))));
    }
    static HWY_INLINE Sum multiply_add(const Factor& a, const Factor& b, const Sum& c) {
        return {multiply_add(a.low, b.low, c.low), multiply_add(a.high, b.high, c.high)};
    }
};

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
