#pragma once

#include <cstdint>

#include <halfulp/lib/kernel/gemm_policy.hpp>
#include <halfulp/lib/kernel/matrix_view.hpp>

namespace halfulp::kernel {

/// Whether no product of an element of A and one of B, and no sum of these along k, comes so near infinity that kernels
/// must look out for it. Rounding is monotone: no sum exceeds that of as many products of the largest magnitudes, which
/// is computed; it grows no more once a product is less than half a unit of its last place. Pre: the policy sums in its
/// 16-bit format of storage, product and sum rounded.
bool is_bounded(const GemmPolicy& policy, const MatrixView<const std::uint16_t>& a,
                const MatrixView<const std::uint16_t>& b);

}  // namespace halfulp::kernel
