#pragma once

#include <vector>

#include <halfulp/lib/plan/policy.hpp>
#include <halfulp/lib/workload/workload.hpp>

namespace halfulp::plan {

/// The results of a problem by a policy, row by row: by the kernels of lib/kernel, or by the SIMD twin of a matrix unit; where
/// there is no kernel, as for vectors summed in bfloat16, by the emulator. The policy's scaling is undone.
/// Throws std::invalid_argument where bytes' sums could leave 32 bits. Pre: as of predicted.
std::vector<double> computed(const workload::Problem& problem, const Policy& policy, unsigned threads);

}  // namespace halfulp::plan
