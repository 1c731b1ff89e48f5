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
    double seconds;    ///< on one core
};

/// The longest of: its operations at the rate of their loop; its bytes, read once; its conversions at theirs. What a level
/// of the memory holds is read at that level's rate, the nearest first, as if each kept all it can. Where a loop is not
/// measured, it does not count; neither does one for sums in 16 bits, of which there is none.
Roof roof_of(const Problem& problem, const Policy& policy, const Computation& computation,
             const std::vector<measure::Ceiling>& ceilings);

/// What one computation took and left.
struct Measurement {
    std::string computed_by;            ///< the policy's name, or a peer's
    bool is_peer;                       ///< another library's
    std::string_view policy;            ///< its name
    double seconds;                     ///< processor time of one thread; of several threads by the clock on the wall
    double operations;                  ///< multiplications and additions
    std::size_t bytes;                  ///< of operands and result, each counted once
    Roof roof;                          ///< empty of several threads
    Error against_fp32, against_truth;  ///< of the results that the truth has
    std::size_t checked, wrong;  ///< a Count: this library's against the definition, unless the sums are too long
    std::uint64_t hash;          ///< of the bits of all results
};

/// So many results were looked at, and so many of them are wrong.
struct Count {
    std::size_t checked, wrong;  ///< results
};

/// Wrong is what differs from the policy's definition (definition.hpp) in a bit, or is not finite. Of the results that the
/// truth has.
Count against_definition(const Problem& problem, const Policy& policy, const Truth& truth,
                         const std::vector<double>& results);

/// For another order of the terms than the definition's. Wrong is what is further off than error_bounds allows, or not
/// finite; where these are infinite, nothing can be said. Of integers it is what is not the exact sum of the stored bytes'
/// products, scaled.
Count against_bounds(const Problem& problem, const Policy& policy, const Truth& truth,
                     const std::vector<double>& results);

/// A hash of numbers in their order: equal for equal bits.
std::uint64_t hash_of(const std::vector<double>& numbers);

}  // namespace halfulp::workload
