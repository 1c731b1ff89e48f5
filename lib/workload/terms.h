#pragma once

#include <cstddef>
#include <vector>

#include <halfulp/lib/workload/workload.hpp>

namespace halfulp::workload {

/// What a result is the sum of: products a * b in ascending order or, where there is no b, a alone.
struct Terms {
    std::vector<float> a, b;  ///< factors, equally long, or b empty
};

/// Of the result in that place, i * n + j: row i of a and column j of b. Of the gradients of a layer: row i of dz and row j of
/// W; below, column i of x and column j of dz; in the last row ones and column j of dz.
Terms terms_of(const Problem& problem, std::size_t place);

}  // namespace halfulp::workload
