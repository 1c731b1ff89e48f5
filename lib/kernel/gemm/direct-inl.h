// A small product of binary32 matrices where they lie: nothing is packed, and there is one block of everything.

#if defined(HALFULP_KERNEL_GEMM_DIRECT) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_DIRECT
#undef HALFULP_KERNEL_GEMM_DIRECT
#else
#define HALFULP_KERNEL_GEMM_DIRECT
#endif

#include <halfulp/lib/kernel/gemm/arithmetic-inl.h>
#include <halfulp/lib/kernel/gemm/ranges.h>
#include <halfulp/lib/kernel/gemm/storage-inl.h>
#include <halfulp/lib/kernel/gemm/tile-inl.h>
#include <halfulp/lib/kernel/matrix_view.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Beyond, packing pays.
inline constexpr std::size_t direct_steps = 128, direct_elements = direct_steps * direct_steps;

struct DirectProduct {
    MatrixView<const float> a, b;
    MatrixView<float> c;
    float alpha, beta;
};

/// Rows are contiguous, with a whole vector at least. The last vectors of rows may overlap the ones before, where C is
/// only written.
inline bool is_direct(const DirectProduct& x) {
    const auto& [a, b, c, alpha, beta] = x;
    return a.column_stride == 1 && b.column_stride == 1 && c.column_stride == 1 && c.columns >= lanes &&
           (beta == 0 || c.columns % lanes == 0) && a.columns <= direct_steps && c.rows * c.columns <= direct_elements;
}

/// What a tile begins with, and what lies between its rows.
struct DirectTile {
    const float *a, *b;
    float* c;
    std::size_t a_pitch, b_pitch, c_pitch, steps;
    float alpha, beta;
};

/// How C comes of the sums.
enum class Ending : std::uint8_t { Sum, AlphaSum, AlphaSumAndBetaC };

template <Ending ending>
HWY_INLINE Floats ended(const DirectTile& x, Floats sum, const float* c) {
    if constexpr (ending == Ending::Sum) return sum;
    const Floats alpha = hn::Set(FloatTag(), x.alpha);
    if constexpr (ending == Ending::AlphaSum) return hn::Mul(alpha, sum);
    return Single::multiply_add(alpha, sum, hn::Mul(hn::Set(FloatTag(), x.beta), hn::LoadU(FloatTag(), c)));
}

/// NaNs are looked for in the whole tile at once: times 0 they are not 0, and neither are infinities.
template <Ending ending, std::size_t rows, std::size_t vectors>
void multiply_direct_tile(const DirectTile& x) {
    const auto at = [&x](std::size_t i) { return x.c + i / vectors * x.c_pitch + i % vectors * lanes; };
    const Floats zero = hn::Zero(FloatTag());
    Floats trace = zero;
    multiply_tile<Single, vectors>(
        x.a, x.a_pitch, x.b, x.b_pitch, x.steps, nullptr,
        [&](Floats sum, std::size_t i) HWY_ATTR {
            const Floats result = ended<ending>(x, sum, at(i));
            trace = hn::MulAdd(result, zero, trace);
            hn::StoreU(result, FloatTag(), at(i));
        },
        std::make_index_sequence<rows * vectors>());
    if (HWY_LIKELY(hn::AllTrue(FloatTag(), hn::Eq(trace, zero)))) return;
    for (std::size_t i = 0; i < rows * vectors; ++i) Numbers().store(Numbers().load(at(i)), at(i));
}

/// Columns of C from `first` on.
template <Ending ending, std::size_t vectors>
void multiply_panel(const DirectProduct& x, std::size_t first) {
    static constexpr auto by_rows = []<std::size_t... i>(std::index_sequence<i...>) {
        return std::array{&multiply_direct_tile<ending, i + 1, vectors>...};
    }
    (std::make_index_sequence<Single::tile_rows>());
    const std::size_t down = pieces(x.c.rows, Single::tile_rows);
    for (std::size_t i = 0; i < down; ++i) {
        const Range rows = piece(x.c.rows, down, i);
        by_rows[rows.count - 1]({x.a.at(rows.first, 0), x.b.at(0, first), x.c.at(rows.first, first), x.a.row_stride,
                                 x.b.row_stride, x.c.row_stride, x.a.columns, x.alpha, x.beta});
    }
}

/// Panels of two vectors, and one of one vector where no more is left.
template <Ending ending>
void multiply_panels(const DirectProduct& x) {
    const std::size_t columns = x.c.columns;
    for (std::size_t begin = 0; begin < columns;) {
        const std::size_t vectors = columns - begin > lanes && columns >= 2 * lanes ? 2 : 1;
        const std::size_t first = std::min(begin, columns - vectors * lanes);
        vectors == 2 ? multiply_panel<ending, 2>(x, first) : multiply_panel<ending, 1>(x, first);
        begin = first + vectors * lanes;
    }
}

/// Pre: is_direct(x).
inline void multiply_direct(const DirectProduct& x) {
    if (x.beta != 0) return multiply_panels<Ending::AlphaSumAndBetaC>(x);
    if (x.alpha != 1) return multiply_panels<Ending::AlphaSum>(x);
    multiply_panels<Ending::Sum>(x);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
