#pragma once

#include <span>
#include <string>
#include <vector>

#include <halfulp/lib/solve/refinement.hpp>

namespace halfulp::solve {

/// A matrix, what it is called, and its condition number, by which convergence is predicted.
struct Subject {
    std::string name;  ///< as tables print it
    Matrix a;          ///< of the system
    double kappa;      ///< of the matrix, as it is known
};

/// A format and a method tried on a subject.
struct Trial {
    std::string subject;  ///< of the problem
    double kappa;         ///< of its matrix
    Format format;        ///< of the factors
    Method method;        ///< how it was solved
    bool promised;        ///< kappa is below the limit: predicted before anything was factorised
    Refined result;       ///< what came of it

    bool converged() const { return result.failure.empty(); }  ///< Is there a solution?
};

/// fp16, bf16 and fp32 by each method, with the right side A (1, ..., 1).
std::vector<Trial> trials(std::span<const Subject> subjects);

/// Random matrices: randsvd of mode 3, n rows, kappa 10^1 to 10^14.
std::vector<Subject> randsvd_subjects(std::size_t n);

}  // namespace halfulp::solve
