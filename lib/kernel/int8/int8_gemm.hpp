#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <halfulp/lib/kernel/int8/certificate.hpp>
#include <halfulp/lib/kernel/matrix_view.hpp>

// Products of matrices of bytes, exact in 32 bits. The quick instructions of x86 saturate in between; here the weights decide,
// once they are packed, which kernel is exact on them (certificate.hpp), and the quickest of those takes each panel.

namespace halfulp::kernel {

struct Int8Options {
    int a_zero = 0, b_zero = 0;  ///< zero points, each a number of its operand's type
    bool accumulate = false;     ///< C += instead of C =
    unsigned threads = 1;
};

/// How many panels of B (parts of its columns and of k) each of int8_kernels took.
struct Int8Census {
    std::array<std::size_t, int8_kernels.size()> panels{};

    std::size_t of(Int8Kernel kernel) const { return panels[static_cast<std::size_t>(kernel)]; }
};

/// C(i, j) = sum over k of (A(i, k) - a_zero) * (B(k, j) - b_zero), exactly, for matrices of any strides; the same for any
/// number of threads and instruction set. Nothing happens if C is empty; with no k the sum is 0.
/// Throws std::invalid_argument if shapes do not match or C shares memory with an operand, and if the sum could leave 32
/// bits: with K, or K * max |A - a_zero| * max |B - b_zero| plus max |C| where it accumulates, of at least 2^31.
Int8Census int8_gemm(const MatrixView<const std::int8_t>& a, const MatrixView<const std::int8_t>& b,
                     const MatrixView<std::int32_t>& c, const Int8Options& options = {});
Int8Census int8_gemm(const MatrixView<const std::uint8_t>& a, const MatrixView<const std::int8_t>& b,
                     const MatrixView<std::int32_t>& c, const Int8Options& options = {});

}  // namespace halfulp::kernel
