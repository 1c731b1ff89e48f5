#pragma once

#include <algorithm>
#include <cstdint>
#include <halfulp/lib/diagnose/matrix.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/property/operands.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <optional>
#include <utility>
#include <vector>

// Matrices for tests of what multiplies them.

namespace halfulp::test {

/// Numbers of any sign and fraction, with exponents from -spread to spread as far as the format has them.
inline Matrix random_matrix(const Format& f, std::size_t rows, std::size_t columns, std::uint64_t seed,
                            int spread = 2) {
    property::SplitMix bits(seed);
    Matrix matrix{f, rows, columns, {}};
    while (matrix.codes.size() < rows * columns) {
        const std::uint64_t code = property::at_exponent(f, bits() & f.code_mask(), 0, spread, bits);
        if ((code & f.magnitude_mask()) <= f.max_code()) matrix.codes.push_back(code);
    }
    return matrix;
}

/// Small whole numbers, whose products and sums every arithmetic has exactly.
inline Matrix whole_numbers(const Format& f, std::size_t rows, std::size_t columns, std::uint64_t seed) {
    property::SplitMix bits(seed);
    Matrix matrix{f, rows, columns, {}};
    while (matrix.codes.size() < rows * columns)
        matrix.codes.push_back(round_pack(f, exact(static_cast<int>(bits() % 3) - 1)).code);
    return matrix;
}

/// c + a b by mma_dot, element by element.
inline Matrix by_mma_dot(const MmaSpec& spec, const Matrix& a, const Matrix& b, const std::optional<Matrix>& c = {}) {
    Matrix d{spec.accumulator.format, a.rows, b.columns, {}};
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < b.columns; ++j) {
            std::vector<std::uint64_t> column;
            for (std::size_t k = 0; k < b.rows; ++k) column.push_back(b.codes[k * b.columns + j]);
            const std::uint64_t start = c ? c->codes[i * c->columns + j] : 0;
            d.codes.push_back(mma_dot(spec, std::span(a.codes).subspan(i * a.columns, a.columns), column, start));
        }
    return d;
}

}  // namespace halfulp::test
