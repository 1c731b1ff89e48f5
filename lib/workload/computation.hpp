#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include <halfulp/lib/workload/policy.hpp>
#include <halfulp/lib/workload/workload.hpp>

namespace halfulp::workload {

/// A problem whose numbers are stored as a policy says, to be computed again and again.
struct Computation {
    std::function<void()> run;                     ///< computes it once
    std::function<std::vector<double>()> results;  ///< of the last run, exactly as they were left; row by row
    std::size_t bytes = 0;                         ///< of the stored operands and of the results
    std::size_t conversions = 0;                   ///< of single numbers, which a run has to do at least
};

/// By the kernels of lib/kernel, on at most so many threads; nothing where no kernel computes that in this policy.
std::optional<Computation> prepare(const Problem& problem, const Policy& policy, unsigned threads);

}  // namespace halfulp::workload
