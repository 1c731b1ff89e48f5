// The Kernel (blocks-inl.h) of every product of floating-point matrices: elements are widened to binary32 while they are
// packed, and an Arithmetic sums them.

#if defined(HALFULP_KERNEL_GEMM_PRODUCT) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_PRODUCT
#undef HALFULP_KERNEL_GEMM_PRODUCT
#else
#define HALFULP_KERNEL_GEMM_PRODUCT
#endif

#include <type_traits>

#include <halfulp/lib/kernel/gemm/arithmetic-inl.h>
#include <halfulp/lib/kernel/gemm/blocks-inl.h>
#include <halfulp/lib/kernel/gemm/direct-inl.h>
#include <halfulp/lib/kernel/gemm/finish-inl.h>
#include <halfulp/lib/kernel/gemm/pack-inl.h>
#include <halfulp/lib/kernel/gemm/problem.h>
#include <halfulp/lib/kernel/gemm/storage-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

template <class Arithmetic, class OperandStorage, class ResultStorage>
struct FloatKernel {
    using Element = typename OperandStorage::Element;
    using Result = typename ResultStorage::Element;
    using PackedA = float;
    using PackedB = float;
    using Sum = float;

    static constexpr std::size_t vectors = Arithmetic::tile_vectors;
    static constexpr std::size_t tile_rows = Arithmetic::tile_rows, tile_columns = vectors * lanes;
    static constexpr std::size_t depth = 384, block_rows = 168;
    /// An odd number of cache lines: rows of a tile lie in different sets.
    static constexpr std::size_t pitch = depth + 16;

    OperandStorage operand;
    Finish<typename Arithmetic::WithScalars, ResultStorage> end;

    void pack_a(const MatrixView<const Element>& rows, float* to) const {
        copy_block(operand, rows, to, pitch, pieces(rows.columns, lanes) * lanes);
    }
    void pack_b(const MatrixView<const Element>& rows, float* to) const {
        copy_block(operand, rows, to, tile_columns, tile_columns);
    }

    template <std::size_t rows>
    static void multiply_rows(const float* a, const float* b, std::size_t steps, bool is_first, float* sums) {
        multiply_tile<Arithmetic, vectors>(
            a, std::integral_constant<std::size_t, pitch>(), b, tile_columns, steps, is_first ? nullptr : sums,
            [sums](const auto& x, std::size_t i) HWY_ATTR { Arithmetic::store_sum(x, sums + i * lanes); },
            std::make_index_sequence<rows * vectors>());
    }
    void multiply(std::size_t rows, const float* a, const float* b, std::size_t steps, bool is_first,
                  float* sums) const {
        static constexpr auto by_rows = []<std::size_t... i>(std::index_sequence<i...>) {
            return std::array{&multiply_rows<i + 1>...};
        }
        (std::make_index_sequence<tile_rows>());
        by_rows[rows - 1](a, b, steps, is_first, sums);
    }

    void finish(const float* sums, const MatrixView<Result>& c) const { end(sums, tile_columns, c); }
};

/// Rows and columns of C.
template <class Arithmetic, class OperandStorage, class ResultStorage>
void multiply_block(const Problem<typename OperandStorage::Element, typename ResultStorage::Element>& x,
                    const Range& rows, const Range& columns, const OperandStorage& operand,
                    const ResultStorage& result) {
    const auto c = block(x.c, rows.first, rows.count, columns.first, columns.count);
    if (c.empty()) return;
    const Finish<typename Arithmetic::WithScalars, ResultStorage> finish(result, x.alpha, x.beta);
    if (x.a.columns == 0 || x.alpha == 0) return finish.without_product(c);
    const auto a = block(x.a, rows.first, rows.count, 0, x.a.columns);
    const auto b = block(x.b, 0, x.b.rows, columns.first, columns.count);
    if constexpr (std::is_same_v<OperandStorage, Numbers>)
        if (const DirectProduct direct{a, b, c, x.alpha, x.beta}; is_direct(direct)) return multiply_direct(direct);
    const FloatKernel<Arithmetic, OperandStorage, ResultStorage> kernel{operand, finish};
    Blocks(kernel, a, b, c).multiply();
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
