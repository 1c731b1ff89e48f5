#pragma once

#include <vector>

#include <halfulp/lib/workload/bench.hpp>

namespace halfulp::workload {

/// Of the measurements without a wrong result those to which no other of them is to be preferred: none takes at most their
/// time and is at most as far from the truth, and less in one of both. From the quickest to the slowest.
std::vector<const Measurement*> pareto_set(const Benched& problem);

}  // namespace halfulp::workload
