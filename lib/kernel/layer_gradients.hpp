#pragma once

#include <halfulp/lib/kernel/gemm.hpp>

// The way back through a layer z = x W + bias, whose examples are rows: from dz, the gradients of its sums, to those of its
// inputs, weights and bias. Each is one product, with the bits, the types and the errors of gemm.hpp.

namespace halfulp::kernel {

/// dx = dz W^T.
template <class In, class Out>
void gradient_of_inputs(const GemmPolicy& policy, const MatrixView<const In>& dz, const MatrixView<const In>& weights,
                        const MatrixView<Out>& dx, const GemmOptions& options = {}) {
    gemm(policy, dz, transposed(weights), dx, options);
}

/// dW = x^T dz.
template <class In, class Out>
void gradient_of_weights(const GemmPolicy& policy, const MatrixView<const In>& x, const MatrixView<const In>& dz,
                         const MatrixView<Out>& dw, const GemmOptions& options = {}) {
    gemm(policy, transposed(x), dz, dw, options);
}

/// dbias = 1^T dz: the sums of the columns, as a row of ones has them. `one` is that number in the format of dz.
template <class In, class Out>
void gradient_of_bias(const GemmPolicy& policy, const In& one, const MatrixView<const In>& dz,
                      const MatrixView<Out>& dbias, const GemmOptions& options = {}) {
    gemm(policy, MatrixView<const In>{&one, 1, dz.rows, 0, 0}, dz, dbias, options);
}

}  // namespace halfulp::kernel
