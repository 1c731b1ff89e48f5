#include <halfulp/lib/diagnose/matrix.hpp>

#include <algorithm>
#include <bit>

#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>

namespace halfulp {

Matrix part(const Matrix& matrix, std::span<const std::size_t> rows, std::span<const std::size_t> columns) {
    Matrix chosen{matrix.element, rows.size(), columns.size(), {}};
    chosen.codes.reserve(rows.size() * columns.size());
    for (const std::size_t i : rows)
        for (const std::size_t j : columns) chosen.codes.push_back(matrix.at(i, j));
    return chosen;
}

Matrix transposed(const Matrix& matrix) {
    Matrix turned{matrix.element, matrix.columns, matrix.rows, {}};
    turned.codes.reserve(matrix.codes.size());
    for (std::size_t j = 0; j < matrix.columns; ++j)
        for (std::size_t i = 0; i < matrix.rows; ++i) turned.codes.push_back(matrix.at(i, j));
    return turned;
}

Matrix enlarged(const Matrix& matrix, std::size_t rows, std::size_t columns) {
    Matrix large{matrix.element, rows, columns, std::vector<std::uint64_t>(rows * columns)};
    for (std::size_t i = 0; i < matrix.rows; ++i)
        std::copy_n(matrix.row(i).begin(), matrix.columns, &large.codes[i * columns]);
    return large;
}

std::uint64_t number_in(const Format& to, const Element& from, std::uint64_t code, const Env& env) {
    return (from.integer ? from_integer(to, *from.integer, code, env) : convert(to, from.format, code, env)).code;
}

Matrix converted(Matrix matrix, const Format& to, const Env& env) {
    const Element from = matrix.element;
    const bool flushes = env.flush_inputs || env.flush_outputs != Flush::Never;
    if (from == to && !flushes) return matrix;
    // A unit of tf32 does not read the last bits of a binary32: of a NaN they may be all that make it one.
    const bool cut_off = to == tf32 && from == binary32 && env.rounding == Rounding::TowardZero && !flushes;
    const int unread = binary32.width - tf32.width;
    for (std::uint64_t& code : matrix.codes) code = cut_off ? code >> unread : number_in(to, from, code, env);
    matrix.element = to;
    return matrix;
}

std::size_t block_length(std::size_t elements, std::size_t scales) {
    return std::bit_ceil(ceiling_of_ratio(elements, scales));
}

Matrix scaled(const Matrix& matrix, const Matrix& scales, const Format& to) {
    const std::size_t block = block_length(matrix.columns, scales.columns);
    Matrix products{to, matrix.rows, matrix.columns, {}};
    products.codes.reserve(matrix.codes.size());
    for (std::size_t i = 0; i < matrix.rows; ++i)
        for (std::size_t k = 0; k < matrix.columns; ++k) {
            const std::array factors{Operand{matrix.element.format, matrix.at(i, k)},
                                     Operand{scales.element.format, scales.at(i, k / block)}};
            products.codes.push_back(compute(Operation::Mul, to, factors).code);
        }
    return products;
}

}  // namespace halfulp
