#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/accumulate/reduction.hpp>
#include <halfulp/lib/kernel/gemm_policy.hpp>
#include <halfulp/lib/kernel/matrix_view.hpp>

// How gemv cuts a matrix into tiles of rows, and lays out those that do not lie as the kernel wants them.

namespace halfulp::kernel {

/// Of the orders in lanes, which want the elements of a row to be neighbours.
inline constexpr std::size_t row_tile = 16;
/// Of "sequential", which wants those of a column to be: the sums stay in the first cache.
inline constexpr std::size_t column_tile = 2048, column_tile_steps = 32;

/// A tile's rows of A times x, a code each.
struct GemvTile {
    const GemmPolicy& policy;  ///< the formats
    const Reduction& order;    ///< in which a row's products are summed
    MatrixPlace a;             ///< the tile's rows, with all columns
    const float* x;            ///< a number a column, widened to binary32
    std::uint64_t* codes;      ///< where a row's sum goes, in policy.accumulate
};

/// Memory of a thread that copies tiles: no more than one block of a tile.
struct GemvBuffer {
    std::vector<float> singles;        ///< for elements of binary32
    std::vector<std::uint16_t> codes;  ///< for codes

    std::vector<float>& of(float) { return singles; }                ///< chosen by an element's type
    std::vector<std::uint16_t>& of(std::uint16_t) { return codes; }  ///< chosen by an element's type
};

/// A vector as a matrix of one column.
template <class X>
MatrixPlace vector_place(std::span<X> x) {
    return place(column_major(x.data(), x.size(), 1));
}

/// Throws std::invalid_argument unless y = A * x makes sense: see gemv.hpp.
void require_gemv(const MatrixPlace& a, const MatrixPlace& x, const MatrixPlace& y);

/// Rows one after another, `leading` elements apart. Reads neighbours one after another.
template <class T>
void copy_to_rows(const MatrixView<const T>& from, T* to, std::size_t leading) {
    if (from.column_stride <= from.row_stride) {
        for (std::size_t i = 0; i < from.rows; ++i)
            for (std::size_t j = 0; j < from.columns; ++j) to[i * leading + j] = from(i, j);
    } else {
        for (std::size_t j = 0; j < from.columns; ++j)
            for (std::size_t i = 0; i < from.rows; ++i) to[i * leading + j] = from(i, j);
    }
}

/// The same elements in rows of neighbours, whose number is a multiple of `width` (zeros fill them up): where they lie, or
/// in the buffer.
template <class T>
MatrixView<const T> in_rows(const MatrixView<const T>& a, std::size_t width, std::vector<T>& buffer) {
    if (a.column_stride == 1 && a.columns % width == 0) return a;
    const std::size_t leading = (a.columns + width - 1) / width * width;
    buffer.assign(a.rows * leading, T{});
    copy_to_rows(a, buffer.data(), leading);
    return row_major<const T>(buffer.data(), a.rows, leading);
}

}  // namespace halfulp::kernel
