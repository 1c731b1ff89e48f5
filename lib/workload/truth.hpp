#pragma once

#include <cstddef>
#include <vector>

#include <halfulp/lib/workload/policy.hpp>
#include <halfulp/lib/workload/workload.hpp>

namespace halfulp::workload {

/// What some results of a problem are, were there no rounding: each the exact sum of the terms, rounded once to binary64.
struct Truth {
    std::vector<std::size_t> places;  ///< i * n + j of the results that were computed, ascending
    std::vector<double> values;       ///< of these results
    std::vector<double> magnitudes;   ///< the sums of the magnitudes of the terms, in binary64
};

/// Of the results in those places.
Truth truth_at(const Problem& problem, std::vector<std::size_t> places);

/// Of all results or, where they have more terms than `most_terms`, of so many that they have not (but one at least), one
/// somewhere in each part of the results, the same ones each time.
Truth truth_of(const Problem& problem, std::size_t most_terms);

/// Bounds on the error of results computed in that policy, whatever the order of their terms (Higham, Accuracy and
/// Stability, 2nd ed., 3.1): for each result (2u + u^2 + (1 + u)^2 k v / (1 - k v)) times its magnitudes, with the unit
/// roundoffs u of the storage and v of the accumulation, and with half a unit in the last place of the result; infinite
/// where k v reaches 1. What the smallest number of a format adds to each term is part of it. Of integers the storage is
/// off by half a step, and no sum is rounded.
std::vector<double> error_bounds(const Problem& problem, const Policy& policy, const Truth& truth);

}  // namespace halfulp::workload
