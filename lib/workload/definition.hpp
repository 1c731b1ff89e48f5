#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <halfulp/lib/workload/policy.hpp>
#include <halfulp/lib/workload/workload.hpp>

namespace halfulp::workload {

/// What a policy leaves in those places (i * n + j), by the definitions of lib/kernel: one operation after another in the
/// policy's order, each rounded. A layer adds its bias in the format of the result, and puts 0 in place of what is negative.
/// Of integers: the exact sums of the stored bytes' products, scaled. Pre: a kernel computes the workload in that policy.
std::vector<double> defined_results(const Problem& problem, const Policy& policy, std::span<const std::size_t> places);

}  // namespace halfulp::workload
