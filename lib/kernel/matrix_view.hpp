#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Matrices where they lie in the caller's memory, and what the kernels ask of them.

namespace halfulp::kernel {

/// Element (i, j) is data[i * row_stride + j * column_stride]. Strides count elements, and may be 0 in what is only read.
template <class T>
struct MatrixView {
    T* data;                                ///< element (0, 0)
    std::size_t rows, columns;              ///< i is below the one, j below the other
    std::size_t row_stride, column_stride;  ///< from an element to the next one in its column; in its row

    /// Where an element lies. Unchecked, as is operator().
    constexpr T* at(std::size_t i, std::size_t j) const { return data + i * row_stride + j * column_stride; }
    constexpr T& operator()(std::size_t i, std::size_t j) const { return *at(i, j); }  ///< element (i, j)
    constexpr bool empty() const { return rows == 0 || columns == 0; }                 ///< are there no elements?

    /// The same elements, to be read only.
    constexpr operator MatrixView<const T>() const { return {data, rows, columns, row_stride, column_stride}; }
};

/// Rows one after another, `leading` elements from the begin of one to the begin of the next.
template <class T>
constexpr MatrixView<T> row_major(T* data, std::size_t rows, std::size_t columns, std::size_t leading) {
    return {data, rows, columns, leading, 1};
}
/// Without a gap between rows.
template <class T>
constexpr MatrixView<T> row_major(T* data, std::size_t rows, std::size_t columns) {
    return row_major(data, rows, columns, columns);
}

/// Columns one after another, as in BLAS.
template <class T>
constexpr MatrixView<T> column_major(T* data, std::size_t rows, std::size_t columns, std::size_t leading) {
    return {data, rows, columns, 1, leading};
}
/// Without a gap between columns.
template <class T>
constexpr MatrixView<T> column_major(T* data, std::size_t rows, std::size_t columns) {
    return column_major(data, rows, columns, rows);
}

/// The same memory, with (i, j) where (j, i) was.
template <class T>
constexpr MatrixView<T> transposed(const MatrixView<T>& x) {
    return {x.data, x.columns, x.rows, x.column_stride, x.row_stride};
}

/// Rows [first, first + count) and columns likewise.
template <class T>
constexpr MatrixView<T> block(const MatrixView<T>& x, std::size_t first_row, std::size_t rows, std::size_t first_column,
                              std::size_t columns) {
    return {x.at(first_row, first_column), rows, columns, x.row_stride, x.column_stride};
}

/// A view without its element type: strides in bytes would not tell more.
struct MatrixPlace {
    const void* data;  ///< element (0, 0)
    /// as in MatrixView, strides in elements; the bytes of an element
    std::size_t rows, columns, row_stride, column_stride, element_bytes;
};
/// Where a view lies.
template <class T>
MatrixPlace place(const MatrixView<T>& x) {
    return {x.data, x.rows, x.columns, x.row_stride, x.column_stride, sizeof(T)};
}

/// What a caller calls a matrix. Errors begin with both; put together only there, as that takes longer than small products.
struct ArgumentName {
    std::string_view function, name;  ///< of the function; of its argument
};

// Each throws std::invalid_argument, in one line.

/// From the first element to the last there are no more bytes than memory may have, and there is memory if there are
/// elements. A negative stride is a huge one here.
void require_within_memory(const ArgumentName& argument, const MatrixPlace& x);
/// No two elements of a result are one.
void require_distinct_elements(const ArgumentName& argument, const MatrixPlace& result);
/// No byte of one is one of the other's. Rows of the one between rows of the other are fine (or columns, where
/// their elements lie closer together); single elements between elements are not.
void require_apart(const ArgumentName& argument, const MatrixPlace& x, std::string_view other_name,
                   const MatrixPlace& other);
/// All of this of A, B and C, for the function that multiplies them.
void require_product(std::string_view function, const MatrixPlace& a, const MatrixPlace& b, const MatrixPlace& c);

}  // namespace halfulp::kernel
