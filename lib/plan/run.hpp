#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <halfulp/lib/plan/policy.hpp>
#include <halfulp/lib/workload/computation.hpp>
#include <halfulp/lib/workload/workload.hpp>

namespace halfulp::plan {

/// The results of a problem by a policy, row by row: by the kernels of lib/kernel, or by the SIMD twin of a matrix unit; where
/// there is no kernel, as for vectors summed in bfloat16, by the emulator. The policy's scaling is undone.
/// Throws std::invalid_argument where bytes' sums could leave 32 bits. Pre: as of predicted.
std::vector<double> computed(const workload::Problem& problem, const Policy& policy, unsigned threads);

/// By a kernel of this CPU, which is there for all but what `computed` leaves to others. The policy's scaling is left out.
std::optional<workload::Computation> prepared(const workload::Problem& problem, const Policy& policy, unsigned threads);

/// How many pairs of each result saturate where they are computed by a policy that saturates.
std::vector<std::size_t> saturated_pairs(const workload::Problem& problem);

}  // namespace halfulp::plan
