#pragma once

#include <span>

#include <halfulp/lib/condition/matrix.hpp>
#include <halfulp/lib/condition/one_norm_estimate.hpp>

// Condition numbers of matrices and linear systems, in binary64: beyond 1 / u = 2^53 they say no more than that. Each
// is infinite where elimination meets a pivot of 0, or an infinite or NaN result. Each function throws
// std::invalid_argument, in one line, unless the matrix is square, has elements, and these are finite.

namespace halfulp::conditioning {

/// The largest singular value over the least (Eigen's BDCSVD).
double kappa_2(const Matrix& a);

/// ||A||_1 ||inverse of A||_1, the inverse by LU factors.
double kappa_1(const Matrix& a);

/// What LAPACK's estimator says of a condition number.
struct Kappa1Estimate {
    double value;  ///< seldom less than a third of kappa_1
    int solves;    ///< with A or its transpose, of n^2 operations each, where an inverse takes n^3
};

/// ||A||_1 times the estimate of ||inverse of A||_1. LAPACK's xGECON leaves the permutation of rows out, which permutes
/// the columns of the inverse and so changes what the alternating vector finds, sometimes by a factor of ten: this does
/// not.
Kappa1Estimate estimated_kappa_1(const Matrix& a);

/// By how much more than the backward error of an approximate solution x of A x = b it may be off, in norm and
/// relatively to its own (Higham, Accuracy and Stability, 2nd ed., 7.1 and 7.2, at the approximation instead of the
/// solution, which turns the bounds of first order into bounds): ||x - exact|| <= condition * backward error * ||x||,
/// infinity norms.
struct SolveCondition {
    double normwise;       ///< ||inv A|| (||A|| ||x|| + ||b||) / ||x||
    double componentwise;  ///< || |inv A| (|A| |x| + |b|) || / ||x||
};

/// Pre: x and b as long as A has rows, x not 0.
SolveCondition of_solve(const Matrix& a, std::span<const double> x, std::span<const double> b);

}  // namespace halfulp::conditioning
