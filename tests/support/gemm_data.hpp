#pragma once

#include <algorithm>
#include <cstdint>
#include <halfulp/lib/diagnose/predict.hpp>
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
inline Matrix whole_numbers(const Element& e, std::size_t rows, std::size_t columns, std::uint64_t seed) {
    property::SplitMix bits(seed);
    Matrix matrix{e, rows, columns, {}};
    while (matrix.codes.size() < rows * columns) {
        const Exact x = exact(static_cast<int>(bits() % 3) - 1);
        matrix.codes.push_back((e.integer ? to_integer(*e.integer, x) : round_pack(e.format, x)).code);
    }
    return matrix;
}

/// Any integers.
inline Matrix random_integers(const IntegerType& type, std::size_t rows, std::size_t columns, std::uint64_t seed) {
    property::SplitMix bits(seed);
    Matrix matrix{type, rows, columns, std::vector<std::uint64_t>(rows * columns)};
    for (std::uint64_t& code : matrix.codes) code = bits() & type.code_mask();
    return matrix;
}

/// Integers of 32 bits near both ends of their range: sums leave it.
inline Matrix extreme_integers(std::size_t rows, std::size_t columns, std::uint64_t seed) {
    property::SplitMix bits(seed);
    Matrix matrix{s32, rows, columns, std::vector<std::uint64_t>(rows * columns)};
    for (std::uint64_t& code : matrix.codes)
        code = bits() % 2 == 0 ? s32.greatest() - bits() % 256 : s32.least() + bits() % 256;
    return matrix;
}

/// Scales that differ by a few binades and, where their format has some, in their significands.
inline Matrix random_scales(const Format& f, std::size_t rows, std::size_t columns, std::uint64_t seed) {
    property::SplitMix bits(seed);
    const std::uint64_t one = round_pack(f, exact(1)).code, spread = std::uint64_t{3} << f.fraction_bits();
    Matrix matrix{f, rows, columns, std::vector<std::uint64_t>(rows * columns)};
    for (std::uint64_t& code : matrix.codes) code = one - spread + bits() % (2 * spread);
    return matrix;
}

/// Scales for A and B of a unit: random ones or, without a seed, ones.
inline void add_scales(Gemm& gemm, const Scaling& scaling, std::uint64_t seed) {
    const std::size_t blocks = ceiling_of_ratio(gemm.a.columns, static_cast<std::size_t>(scaling.block));
    gemm.a_scales = random_scales(scaling.format, gemm.a.rows, blocks, seed);
    gemm.b_scales = random_scales(scaling.format, blocks, gemm.b.columns, seed + 1);
    if (seed != 0) return;
    for (Matrix* scales : {&*gemm.a_scales, &*gemm.b_scales})
        std::fill(scales->codes.begin(), scales->codes.end(), round_pack(scaling.format, exact(1)).code);
}

/// c + a b by mma_dot, element by element.
inline Matrix by_mma_dot(const MmaSpec& spec, const Gemm& gemm) {
    const auto& [a, b, c, a_scales, b_scales] = gemm;
    const auto row = [](const std::optional<Matrix>& m, std::size_t i) {
        return m ? m->row(i) : std::span<const std::uint64_t>();
    };
    const Matrix columns = transposed(b);
    const std::optional<Matrix> scales_of_columns = b_scales ? std::optional(transposed(*b_scales)) : std::nullopt;
    Matrix d{spec.accumulator, a.rows, b.columns, {}};
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < b.columns; ++j)
            d.codes.push_back(mma_dot(spec, {.a = a.row(i),
                                             .b = columns.row(j),
                                             .c = c ? c->at(i, j) : 0,
                                             .a_scales = row(a_scales, i),
                                             .b_scales = row(scales_of_columns, j)}));
    return d;
}

inline Matrix by_mma_dot(const MmaSpec& spec, const Matrix& a, const Matrix& b, const std::optional<Matrix>& c = {}) {
    return by_mma_dot(spec, Gemm{a, b, c});
}

}  // namespace halfulp::test
