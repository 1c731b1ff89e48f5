#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <halfulp/lib/plan/flag.hpp>
#include <halfulp/lib/plan/policy.hpp>
#include <halfulp/lib/workload/workload.hpp>

// The error of a workload by a policy, before it is run: from its numbers, in binary64, and at the results in some places
// alone, so that of products of matrices it takes a time of O(n^2).

namespace halfulp::plan {

/// Of some results; errors are in the Euclidean norm over these, bounds and norm, too.
struct Prediction {
    std::vector<std::size_t> places;  ///< i * n + j of the results that were looked at, ascending
    std::vector<double> bounds;       ///< for each place: what its error cannot exceed
    double norm = 0;                  ///< of the results
    double rms = 0;                   ///< of the errors, were all roundings independent
    double expected = 0;              ///< with what is known of each: what storing changes, and what goes one way
    double bound = 0;                 ///< the norm of the bounds
    double probable = 0;              ///< what is exceeded once in 100 times; of units that cut off, the bound
    double kappa = 0;                 ///< the norm of the sums of magnitudes over that of the results: what cancels
    std::size_t saturated = 0;        ///< of these results' pairs, where the policy saturates
    std::vector<Raised> flags;        ///< that were raised, in the order of their rows

    /// Relative to the norm: what is expected.
    double error() const;
    /// -log10 of that.
    double digits() const;
    bool raised(Flag flag) const;  ///< Is it among the flags?
    /// Has it a flag that forbids to run it?
    bool is_forbidden() const;
};

/// Of results that a problem has so many of: all or, if they are more than `most`, so many, one of each part of equal length.
std::vector<std::size_t> places_among(std::size_t results, std::size_t most);

/// Pre: finite numbers; the places are of the problem; with a unit, or a policy that saturates, no vector's sum.
Prediction predicted(const workload::Problem& problem, const Policy& policy, std::span<const std::size_t> places);

}  // namespace halfulp::plan
