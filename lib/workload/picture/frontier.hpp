#pragma once

#include <halfulp/lib/report/plot.hpp>
#include <halfulp/lib/workload/bench.hpp>

namespace halfulp::workload {

/// Time against error to the truth, of all that compute a problem: what another precision, or library, costs and gives.
/// Pre: there are measurements.
Picture frontier(const Benched& problem);

}  // namespace halfulp::workload
