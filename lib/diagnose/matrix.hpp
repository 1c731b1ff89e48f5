#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/matrix_unit/element.hpp>
#include <halfulp/softfloat/env.hpp>

namespace halfulp {

/// Codes of one format, or integers, row by row.
struct Matrix {
    Element element;                    ///< what each code is
    std::size_t rows = 0, columns = 0;  ///< how many
    std::vector<std::uint64_t> codes;   ///< rows * columns of them

    /// The code in that place, from 0.
    std::uint64_t at(std::size_t row, std::size_t column) const { return codes[row * columns + column]; }
    /// The codes of row i.
    std::span<const std::uint64_t> row(std::size_t i) const { return std::span(codes).subspan(i * columns, columns); }

    friend bool operator==(const Matrix&, const Matrix&) = default;
};

/// The elements in those rows and columns, in the order given.
Matrix part(const Matrix& matrix, std::span<const std::size_t> rows, std::span<const std::size_t> columns);

/// Rows for columns.
Matrix transposed(const Matrix& matrix);

/// The matrix in the corner of a larger one, whose other codes are 0.
Matrix enlarged(const Matrix& matrix, std::size_t rows, std::size_t columns);

/// A number, or an integer, rounded to a format.
std::uint64_t number_in(const Format& to, const Element& from, std::uint64_t code, const Env& env = {});

/// The same numbers in another format. In the same one nothing happens unless subnormal numbers are flushed.
Matrix converted(Matrix matrix, const Format& to, const Env& env = {});

/// How many of a row's elements share one of so many scales: the least power of two that may be. Pre: 0 < scales.
std::size_t block_length(std::size_t elements, std::size_t scales);

/// Each element times the scale of its block of its row, rounded once.
Matrix scaled(const Matrix& matrix, const Matrix& scales, const Format& to);

/// The least integer that is not below x / y. Pre: 0 < y.
constexpr std::size_t ceiling_of_ratio(std::size_t x, std::size_t y) { return (x + y - 1) / y; }

}  // namespace halfulp
