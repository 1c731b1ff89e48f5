#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace halfulp::conditioning {

/// Row by row: number (i, j) is numbers[i * columns + j].
struct Matrix {
    std::size_t rows = 0, columns = 0;  ///< how many
    std::vector<double> numbers = {};   ///< row by row

    Matrix() = default;
    /// Of zeros.
    Matrix(std::size_t row_count, std::size_t column_count)
        : rows(row_count), columns(column_count), numbers(row_count * column_count) {}

    /// The number in that place, from 0.
    double& operator()(std::size_t i, std::size_t j) { return numbers[i * columns + j]; }
    /// The number in that place, from 0.
    double operator()(std::size_t i, std::size_t j) const { return numbers[i * columns + j]; }
    /// The numbers of row i.
    std::span<const double> row(std::size_t i) const { return std::span(numbers).subspan(i * columns, columns); }

    friend bool operator==(const Matrix&, const Matrix&) = default;
};

}  // namespace halfulp::conditioning
