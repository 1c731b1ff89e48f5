#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>

#include <halfulp/lib/kernel/matrix_view.hpp>

// Matrices in spans, which know how much there is: std::invalid_argument where it is too little.

namespace halfulp::kernel {

/// Do `rows` of `columns` elements, `leading` from one's begin to the next one's, fit into `available`?
constexpr bool fits(std::size_t rows, std::size_t columns, std::size_t leading, std::size_t available) {
    if (rows == 0 || columns == 0) return true;
    return columns <= available && (rows == 1 || leading == 0 || rows - 1 <= (available - columns) / leading);
}

/// Throws std::invalid_argument unless it `fits`.
inline void require_room(std::size_t rows, std::size_t columns, std::size_t leading, std::size_t available) {
    if (fits(rows, columns, leading, available)) return;
    throw std::invalid_argument("matrix in a span: expected room for " + std::to_string(rows) + " x " +
                                std::to_string(columns) + " elements, " + std::to_string(leading) +
                                " from one begin to the next, got " + std::to_string(available) + " elements");
}

/// Rows one after another, `leading` elements from the begin of one to the begin of the next.
template <class T>
MatrixView<T> row_major(std::span<T> data, std::size_t rows, std::size_t columns, std::size_t leading) {
    require_room(rows, columns, leading, data.size());
    return row_major(data.data(), rows, columns, leading);
}
/// Without a gap between rows.
template <class T>
MatrixView<T> row_major(std::span<T> data, std::size_t rows, std::size_t columns) {
    return row_major(data, rows, columns, columns);
}
/// Columns one after another, as in BLAS.
template <class T>
MatrixView<T> column_major(std::span<T> data, std::size_t rows, std::size_t columns, std::size_t leading) {
    require_room(columns, rows, leading, data.size());
    return column_major(data.data(), rows, columns, leading);
}
/// Without a gap between columns.
template <class T>
MatrixView<T> column_major(std::span<T> data, std::size_t rows, std::size_t columns) {
    return column_major(data, rows, columns, rows);
}

}  // namespace halfulp::kernel
