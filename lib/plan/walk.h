#pragma once

#include <cstddef>

#include <halfulp/lib/plan/terms.h>

// What the order of a policy's sums does to them, by walks of the order itself.

namespace halfulp::plan {

/// Is nothing rounded but the result?
bool is_exact(const workload::Problem& problem, const Policy& policy);

/// What the roundings of one result will be.
Roundings roundings_of(const workload::Problem& problem, const Policy& policy, const Terms& terms, const Facts& facts);

/// How often a term is rounded, by how much at most, and what underflow takes at most of all terms together.
struct Depth {
    double roundings, roundoff, underflow;  ///< of a term, by how much each at most, and of all terms
    double further = 0;      ///< a share that other roundings take: of Kahan's sums, of a bias after a unit's blocks
    bool of_result = false;  ///< only the result is rounded

    /// Of what is summed, where the roundings take that share.
    double with(double share) const { return (1 + share) * (1 + further) - 1; }
};

/// Of the policy's order on so many terms.
Depth depth_of(const workload::Problem& problem, const Policy& policy);

/// The share of magnitudes that the roundings of one of so many results take with a probability of 1 %; of units that cut off,
/// which is no chance, all that they can.
double probable_share_of(const workload::Problem& problem, const Policy& policy, const Depth& depth,
                         std::size_t places);

/// Roundings of sums take a share of the terms' magnitudes, those of a result a share of it, and of its sum and bias. Errors of
/// the sums in these facts, of at most 4 roundings in binary64 a term, are included.
double bound_of(const Facts& facts, const Depth& depth, double share, std::size_t terms);

}  // namespace halfulp::plan
