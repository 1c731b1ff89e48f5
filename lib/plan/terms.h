#pragma once

#include <cstddef>
#include <vector>

#include <halfulp/lib/plan/operand.h>
#include <halfulp/lib/plan/policy.hpp>
#include <halfulp/lib/plan/trace.hpp>
#include <halfulp/lib/workload/workload.hpp>

// What single results are made of, and what is known of their errors before anything is run.

namespace halfulp::plan {

/// A problem with its operands as a policy stores them.
struct Stored {
    const workload::Problem& p;  ///< lives as long
    StoredOperand a, b, bias;    ///< a bias is stored as results are
    /// Of integers the product of their scales in binary32 over that of the scales; infinite if there is none, and 0 if it is lost.
    double scaling = 1;

    Stored(const workload::Problem& problem, const Policy& policy);  ///< stores the operands
};

/// How many terms a result has: a bias is the last one, times 1.
std::size_t terms_of(const workload::Problem& problem);

/// Those of one result.
struct Terms {
    std::vector<double> a, b;                    ///< as they are
    std::vector<double> stored_a, stored_b;      ///< of a sum the second ones are ones
    std::vector<double> variance_a, variance_b;  ///< of what storing changes in each
    double scaling = 1;                          ///< of their products

    explicit Terms(std::size_t count);                     ///< with room for so many
    void gather(const Stored& stored, std::size_t place);  ///< Those of the result in that place, i * n + j.
};

/// One result.
struct Facts {
    double value = 0;          ///< of the terms as they are, exact
    double terms = 0;          ///< the sum of their magnitudes
    double magnitude = 0;      ///< the same of the stored terms
    double variance = 0;       ///< of what storing changes, were it independent
    double change = 0;         ///< what it does change
    double lost = 0;           ///< by pairs that saturate
    double bias = 0;           ///< of a layer, as it is stored; else 0
    Roundings roundings = {};  ///< of its sum

    double stored() const { return value + change - lost; }  ///< the exact sum of what was stored
};

/// Of the terms of one result. Roundings are left to roundings_of.
Facts facts_of(const workload::Problem& problem, const Terms& terms);

/// A layer's: what is below 0 becomes 0, before and after.
void cut_off(Facts& facts);

}  // namespace halfulp::plan
