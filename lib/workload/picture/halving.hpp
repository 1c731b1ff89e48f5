#pragma once

#include <vector>

#include <halfulp/lib/report/plot.hpp>
#include <halfulp/lib/workload/halving.hpp>

namespace halfulp::workload {

/// How much quicker than fp32 each format is, by size, measured and predicted: a picture a workload.
std::vector<Picture> halving_pictures(const std::vector<Halved>& rows);

}  // namespace halfulp::workload
