// Blocks of matrices copied to rows of binary32, whole vectors each: what fills the last one is zero.

#if defined(HALFULP_KERNEL_GEMM_PACK) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_PACK
#undef HALFULP_KERNEL_GEMM_PACK
#else
#define HALFULP_KERNEL_GEMM_PACK
#endif

#include <algorithm>
#include <array>

#include <halfulp/lib/kernel/gemm/tile-inl.h>
#include <halfulp/lib/kernel/matrix_view.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Consecutive elements, widened.
template <class Storage>
HWY_INLINE void copy_line(const Storage& storage, const typename Storage::Element* from, std::size_t count, float* to) {
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) hn::StoreU(storage.load(from + i), FloatTag(), to + i);
    if (i == count) return;
    typename Storage::Element end[lanes] = {};
    std::memcpy(end, from + i, (count - i) * sizeof(end[0]));
    hn::StoreU(storage.load(end), FloatTag(), to + i);
}

/// Columns that become rows: so many lines at a time are widened, then dealt out.
template <class Storage>
void copy_transposed(const Storage& storage, const MatrixView<const typename Storage::Element>& from, float* to,
                     std::size_t pitch) {
    constexpr std::size_t length = 16 * lanes;
    typename Storage::Element elements[length];
    float numbers[length];
    for (std::size_t first = 0; first < from.rows; first += length) {
        const std::size_t count = std::min(length, from.rows - first);
        for (std::size_t j = 0; j < from.columns; ++j) {
            const auto* line = from.at(first, j);
            if (from.row_stride != 1) {
                for (std::size_t i = 0; i < count; ++i) elements[i] = line[i * from.row_stride];
                line = elements;
            }
            copy_line(storage, line, count, numbers);
            for (std::size_t i = 0; i < count; ++i) to[(first + i) * pitch + j] = numbers[i];
        }
    }
}

/// Row i goes to to + i * pitch, and is filled up with zeros to `width` numbers, a whole number of vectors.
template <class Storage>
void copy_block(const Storage& storage, const MatrixView<const typename Storage::Element>& from, float* to,
                std::size_t pitch, std::size_t width) {
    const std::size_t written = pieces(from.columns, lanes) * lanes;
    for (std::size_t i = 0; i < from.rows; ++i) {
        float* row = to + i * pitch;
        if (from.column_stride == 1) {
            copy_line(storage, from.at(i, 0), from.columns, row);
            std::fill(row + written, row + width, 0.0F);
        } else {
            std::fill(row + from.columns, row + width, 0.0F);
        }
    }
    if (from.column_stride != 1) copy_transposed(storage, from, to, pitch);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
