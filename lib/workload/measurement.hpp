#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <halfulp/lib/measure/ceiling.hpp>
#include <halfulp/lib/workload/computation.hpp>
#include <halfulp/lib/workload/error.hpp>
#include <halfulp/lib/workload/truth.hpp>

namespace halfulp::workload {

/// The least time that a computation can take by the ceilings of this machine, on one core.
struct Roof {
    std::string name;  ///< of the ceiling that says so
    double seconds;
};

/// The longest of: its operations at the rate of their loop, its bytes, read once, at the rate of the level of memory that
/// holds them all, its conversions at theirs. Where a loop is not measured, it does not count.
Roof roof_of(const Problem& problem, const Policy& policy, const Computation& computation,
             const std::vector<measure::Ceiling>& ceilings);

/// What one computation took and left.
struct Measurement {
    std::string computed_by;  ///< the policy's name, or a peer's
    bool is_peer;
    std::string_view policy;
    double seconds;  ///< processor time of one thread; of several threads by the clock on the wall
    double operations;
    std::size_t bytes;
    Roof roof;
    Error against_fp32, against_truth;  ///< of the results that the truth has
    std::size_t checked, wrong;         ///< so many results, of which so many break wrong_results' rule
    std::uint64_t hash;                 ///< of the bits of all results
};

/// How many of the results that the truth has are wrong: further off than error_bounds allows, or not finite. Of integers:
/// not the exact sum of the stored bytes' products, scaled.
std::size_t wrong_results(const Problem& problem, const Policy& policy, const Truth& truth,
                          const std::vector<double>& results);

/// A hash of numbers in their order: equal for equal bits.
std::uint64_t hash_of(const std::vector<double>& numbers);

}  // namespace halfulp::workload
