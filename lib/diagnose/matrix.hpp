#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/softfloat/format.hpp>

namespace halfulp {

/// Codes of one format, row by row.
struct Matrix {
    Format format;
    std::size_t rows = 0, columns = 0;
    std::vector<std::uint64_t> codes;  ///< rows * columns of them

    std::uint64_t at(std::size_t row, std::size_t column) const { return codes[row * columns + column]; }
    std::span<const std::uint64_t> row(std::size_t i) const { return std::span(codes).subspan(i * columns, columns); }

    friend bool operator==(const Matrix&, const Matrix&) = default;
};

/// The elements in those rows and columns, in the order given.
inline Matrix part(const Matrix& matrix, std::span<const std::size_t> rows, std::span<const std::size_t> columns) {
    Matrix chosen{matrix.format, rows.size(), columns.size(), {}};
    chosen.codes.reserve(rows.size() * columns.size());
    for (const std::size_t i : rows)
        for (const std::size_t j : columns) chosen.codes.push_back(matrix.at(i, j));
    return chosen;
}

inline Matrix transposed(const Matrix& matrix) {
    Matrix turned{matrix.format, matrix.columns, matrix.rows, {}};
    turned.codes.reserve(matrix.codes.size());
    for (std::size_t j = 0; j < matrix.columns; ++j)
        for (std::size_t i = 0; i < matrix.rows; ++i) turned.codes.push_back(matrix.at(i, j));
    return turned;
}

}  // namespace halfulp
