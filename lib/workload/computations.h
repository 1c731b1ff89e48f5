#pragma once

#include <optional>

#include <halfulp/lib/workload/computation.hpp>

// Each of some kinds of storage: what prepare() chooses among. Pre: what the name says of the problem and the policy.

namespace halfulp::workload {

/// Sums and dot products, and matrices by vectors, of numbers of a format.
std::optional<Computation> prepare_reduction(const Problem& problem, const Policy& policy, unsigned threads);
/// Matrices by vectors.
std::optional<Computation> prepare_gemv(const Problem& problem, const Policy& policy, unsigned threads);
/// Products of matrices and layers, of numbers of a format.
std::optional<Computation> prepare_product(const Problem& problem, const Policy& policy, unsigned threads);
/// The way back through a layer, of numbers of a format: nothing is differentiated in bytes.
std::optional<Computation> prepare_layer_gradients(const Problem& problem, const Policy& policy, unsigned threads);
/// All other kinds, of bytes.
std::optional<Computation> prepare_bytes(const Problem& problem, const Policy& policy, unsigned threads);

}  // namespace halfulp::workload
