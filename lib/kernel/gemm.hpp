#pragma once

#include <cstdint>

#include <halfulp/lib/kernel/gemm_policy.hpp>
#include <halfulp/lib/kernel/matrix_view.hpp>

// C = alpha * A * B + beta * C, fast and with one meaning: every element is, bit for bit, what gemm_definition.hpp says,
// on every CPU, whatever the number of threads, the sizes and the strides.
//
// A running sum from +0 takes the products in ascending k, each a * b + c rounded as the policy says. Then
// C = alpha * sum + beta * C, where beta * C is rounded first, in the policy's format of accumulation and in its way, and
// stored in the result's. As in BLAS: with beta = 0 the old C is not read, and C = alpha * sum; with alpha = 0 or no
// steps along k, A and B are not read, and C = beta * C (zero if beta is); without rows or columns nothing happens. Every
// NaN is Format::nan_code(). alpha and beta are first rounded to the format of accumulation.
//
// A is m x k, B is k x n, C is m x n, each with any strides: op(A) is transposed(a). std::invalid_argument says, before
// anything is written, what is wrong with the views: sizes that do not fit each other, a view that does not fit into
// memory, elements of C that coincide or share memory with A or B, types that are not the policy's. std::bad_alloc comes
// where there is no room for packed blocks, at most 7 MB a thread; C then has no defined content. The
// floating-point environment of the caller takes no part, and is left as it was.

namespace halfulp::kernel {

/// What gemm is told besides the policy and the matrices.
struct GemmOptions {
    float alpha = 1;       ///< of the product; 0: A and B are not read
    float beta = 0;        ///< of the old C; 0: it is not read
    unsigned threads = 1;  ///< at most; small products take fewer
};

/// Pre: the policy's formats are all binary32.
void gemm(const GemmPolicy& policy, const MatrixView<const float>& a, const MatrixView<const float>& b,
          const MatrixView<float>& c, const GemmOptions& options = {});
/// Codes of A and B to numbers in binary32.
void gemm(const GemmPolicy& policy, const MatrixView<const std::uint16_t>& a, const MatrixView<const std::uint16_t>& b,
          const MatrixView<float>& c, const GemmOptions& options = {});
/// Codes throughout.
void gemm(const GemmPolicy& policy, const MatrixView<const std::uint16_t>& a, const MatrixView<const std::uint16_t>& b,
          const MatrixView<std::uint16_t>& c, const GemmOptions& options = {});

}  // namespace halfulp::kernel
