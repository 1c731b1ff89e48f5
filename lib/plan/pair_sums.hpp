#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// Products of bytes as quick kernels without VNNI take them: VPMADDUBSW multiplies unsigned by signed bytes and adds two
// products with saturation to 16 bits. Signed factors are made unsigned by adding 128, and 128 times the sum of the others is
// taken off in the end, as oneDNN does for signed bytes. This library's own kernels never saturate (lib/kernel/int8); these
// sums say what another library's would.

namespace halfulp::plan {

/// Bytes of A, m x k, and of B, k x n, row by row.
struct ByteMatrices {
    std::size_t m, n, k;                ///< the sizes
    const std::vector<std::int8_t>& a;  ///< lives as long
    const std::vector<std::int8_t>& b;  ///< lives as long
};

/// One element of the product.
struct PairSum {
    std::int64_t sum = 0;       ///< as it is left
    std::int64_t lost = 0;      ///< the exact sum less this one
    double squares = 0;         ///< of what each pair lost
    std::size_t saturated = 0;  ///< pairs
};

/// The element in that place, from 0.
PairSum pair_sum(const ByteMatrices& x, std::size_t row, std::size_t column);

/// Whether there can be a pair that saturates: by the least and the largest byte of each column of A, so that it takes a time
/// of m k + k n. If not, there is none.
bool may_saturate(const ByteMatrices& x);

}  // namespace halfulp::plan
