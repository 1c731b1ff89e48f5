#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// A is m x k, B is k x n, C and D are m x n.
struct MatrixShape {
    std::size_t m, n, k;  ///< A is m x k, B k x n
};

/// Whether mma_matrix has a SIMD twin for a row, a hundred times as fast as mma_dot and more. It has for
///   - Family::AlignedSum that keeps at most 40 bits below the largest exponent of at most 32 products, with operands of at
///     most 12 bits of precision; with scales if these are powers of two;
///   - Family::ScaledGroups of fp4;
///   - Family::Integers with operands of at most 8 bits and blocks of whole fours.
/// That is every row of NVIDIA's but fp64's, and every row of bytes. Of the first kind, those that keep more than 25 bits,
/// and vectors of outputs that meet an infinity, a NaN, or a largest exponent above 120 or below -100, unless products
/// are cut off whole there, take about three times as long.
bool has_twin(const MmaSpec& spec);

/// The scales of a row with scaling, one for each block of elements along k, the last one perhaps of fewer: m x blocks of
/// A, blocks x n of B.
struct MatrixScales {
    std::span<const std::uint64_t> a = {}, b = {};  ///< codes, where the row has them
};

/// D = C + A B as the unit computes it: element (i, j) is mma_dot of row i of A, column j of B and element (i, j) of C,
/// bit for bit, whatever the number of threads. Matrices are codes in row-major order, and the sizes may be 0. D may be
/// C, and else overlaps nothing. Rows without a twin go through mma_dot, element by element. Throws InputError, before
/// anything is written, for a matrix that is not of the shape, and for a code wider than its element.
void mma_matrix(const MmaSpec& spec, const MatrixShape& shape, std::span<const std::uint64_t> a,
                std::span<const std::uint64_t> b, std::span<const std::uint64_t> c, std::span<std::uint64_t> d,
                unsigned threads = 1, const MatrixScales& scales = {});

}  // namespace halfulp
