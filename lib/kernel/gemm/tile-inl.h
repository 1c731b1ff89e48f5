// A tile of sums in registers: the innermost loop of every product of floating-point matrices. Which products and sums it
// computes is an Arithmetic's (arithmetic-inl.h).

#if defined(HALFULP_KERNEL_GEMM_TILE) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_TILE
#undef HALFULP_KERNEL_GEMM_TILE
#else
#define HALFULP_KERNEL_GEMM_TILE
#endif

#include <array>
#include <utility>

#include <halfulp/lib/kernel/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

inline constexpr std::size_t lanes = hn::MaxLanes(FloatTag());

/// One step along k. Written out by the pack of indices, so that the compiler keeps every sum in a register.
template <class Arithmetic, std::size_t vectors, class Pitch, std::size_t... i>
HWY_INLINE void step(typename Arithmetic::Sum (&sums)[sizeof...(i)], const float* a, Pitch pitch, const float* b,
                     std::index_sequence<i...>) {
    ((sums[i] = Arithmetic::multiply_add(Arithmetic::broadcast(a + i / vectors * pitch),
                                         Arithmetic::factor(hn::LoadU(FloatTag(), b + i % vectors * lanes)), sums[i])),
     ...);
}

/// Rows of A, `pitch` apart, times a panel of B, whose rows lie `b_pitch` apart: `steps` of each are added to the sums in
/// memory, or to zeros if there are none. `end` gets each vector of sums and its index.
template <class Arithmetic, std::size_t vectors, class Pitch, class End, std::size_t... i>
HWY_INLINE void multiply_tile(const float* HWY_RESTRICT a, Pitch pitch, const float* HWY_RESTRICT b,
                              std::size_t b_pitch, std::size_t steps, const float* sums, const End& end,
                              std::index_sequence<i...> indices) {
    typename Arithmetic::Sum x[sizeof...(i)];
    if (sums == nullptr)
        ((x[i] = Arithmetic::factor(hn::Zero(FloatTag()))), ...);
    else
        ((x[i] = Arithmetic::load_sum(sums + i * lanes)), ...);
    for (std::size_t k = 0; k < steps; ++k, ++a, b += b_pitch) step<Arithmetic, vectors>(x, a, pitch, b, indices);
    (end(x[i], i), ...);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
