#pragma once

#include <halfulp/lib/plan/policy.hpp>
#include <halfulp/lib/workload/workload.hpp>

namespace halfulp::plan {

/// Powers of two by which the operands are multiplied before they are stored.
struct Exponents {
    int a = 0, b = 0;  ///< of the powers for each operand

    int of_result() const { return a + b; }  ///< by whose power the result is divided
};

/// Of a policy that scales, those that bring the largest magnitudes up to the largest number that is safe: of the storage, and
/// as far as the sums reach by Cauchy's inequality, of the format that sums. Else 0.
Exponents exponents_of(const workload::Problem& problem, const Policy& policy);

/// The problem with its operands, and a bias, multiplied; its result is that of the problem times 2^of_result().
workload::Problem scaled_problem(const workload::Problem& problem, const Exponents& exponents);

}  // namespace halfulp::plan
