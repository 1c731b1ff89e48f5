#pragma once

#include <span>
#include <string>
#include <vector>

#include <halfulp/lib/solve/refinement.hpp>

namespace halfulp::solve {

/// A matrix, what it is called, and its condition number, by which convergence is predicted.
struct Subject {
    std::string name;
    Matrix a;
    double kappa;
};

/// A format and a method tried on a subject.
struct Trial {
    std::string subject;
    double kappa;
    Format format;
    Method method;
    bool promised;  ///< kappa is below the limit: predicted before anything was factorised
    Refined result;

    bool converged() const { return result.failure.empty(); }
};

/// fp16, bf16 and fp32 by each method, with the right side A (1, ..., 1).
std::vector<Trial> trials(std::span<const Subject> subjects);

/// Random matrices: randsvd of mode 3, n rows, kappa 10^1 to 10^14.
std::vector<Subject> randsvd_subjects(std::size_t n);

}  // namespace halfulp::solve
