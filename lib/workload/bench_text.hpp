#pragma once

#include <string>

#include <halfulp/lib/report/table.hpp>
#include <halfulp/lib/workload/bench.hpp>

namespace halfulp::workload {

/// A row a ceiling: its name, its rate, and in how large an array it was read.
Table ceiling_table(const Bench& bench);

/// A row a measurement of one problem.
Table measurement_table(const Benched& problem);

/// Everything, as one JSON object: rates in operations, numbers or bytes a second, times in seconds.
std::string to_json(const Bench& bench);

}  // namespace halfulp::workload
