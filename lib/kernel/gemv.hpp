#pragma once

#include <cstdint>
#include <span>

#include <halfulp/lib/accumulate/reduction.hpp>
#include <halfulp/lib/kernel/gemm_policy.hpp>
#include <halfulp/lib/kernel/matrix_view.hpp>

// y = alpha * A * x + beta * y in an order of lib/accumulate/reduction.hpp: the same bits on every CPU, for any number of
// threads and any strides of A. op(A) is transposed(a).
//
// Element i is gemm's (gemm.hpp) with the column x for B, but its sum is the dot product of row i and x in that order, as
// reduce.hpp defines it, with products fused or rounded as the policy says; "sequential" is gemm's own. So alpha * sum and
// beta * y are as there: with beta = 0 the old y is not read, with alpha = 0 or no columns neither A nor x is. Every NaN is
// Format::nan_code(). The orders in lanes are quickest where rows lie together, "sequential" where columns do; elsewhere
// blocks of A are copied first. std::invalid_argument says, before anything is written, what is wrong: sizes that do not
// fit each other, a view that does not fit into memory, y in the memory of A or x, types that are not the policy's, a
// policy that does not accumulate in binary32 or binary16.

namespace halfulp::kernel {

/// What gemv is told besides the policy, the order, A, x and y.
struct GemvOptions {
    float alpha = 1;       ///< of the product; 0: A and x are not read
    float beta = 0;        ///< of the old y; 0: it is not read
    unsigned threads = 1;  ///< at most
};

/// Pre: the policy's formats are all binary32.
void gemv(const GemmPolicy& policy, const Reduction& order, const MatrixView<const float>& a, std::span<const float> x,
          std::span<float> y, const GemvOptions& options = {});
/// Codes of A and x to numbers in binary32.
void gemv(const GemmPolicy& policy, const Reduction& order, const MatrixView<const std::uint16_t>& a,
          std::span<const std::uint16_t> x, std::span<float> y, const GemvOptions& options = {});
/// Codes throughout.
void gemv(const GemmPolicy& policy, const Reduction& order, const MatrixView<const std::uint16_t>& a,
          std::span<const std::uint16_t> x, std::span<std::uint16_t> y, const GemvOptions& options = {});

/// Of more columns sums of products of bytes, up to 2^14 each, may leave 32 bits.
inline constexpr std::size_t most_columns_of_bytes = (std::size_t{1} << 17) - 1;
/// y = A * x in integers, exactly. Refused, too, are more columns than that.
void gemv(const MatrixView<const std::int8_t>& a, std::span<const std::int8_t> x, std::span<std::int32_t> y,
          unsigned threads = 1);

}  // namespace halfulp::kernel
