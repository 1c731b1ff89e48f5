#pragma once

#include <halfulp/lib/report/table.hpp>

namespace halfulp::quantize {

/// In how many of the 10^6 sums from -500000 to 499999 two ways to requantise give different codes of 16 bits: a row a pair, a
/// column a factor, two with ties, one next to ties, one far from them.
Table requantisation_table();

}  // namespace halfulp::quantize
