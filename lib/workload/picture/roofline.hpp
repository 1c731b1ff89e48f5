#pragma once

#include <halfulp/lib/report/plot.hpp>
#include <halfulp/lib/workload/bench.hpp>

namespace halfulp::workload {

/// Operations for each byte against operations a second, of all problems, below the ceilings of one core.
/// Pre: there are ceilings, and a measurement of this library.
Picture roofline(const Bench& bench);

}  // namespace halfulp::workload
