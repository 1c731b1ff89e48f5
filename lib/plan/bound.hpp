#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

// How much of the sum of the terms' magnitudes rounding can take, or will.

namespace halfulp::plan {

/// (1 + u)^n - 1 <= n u / (1 - n u): after n roundings, each of at most u (Higham, Accuracy and Stability, 2nd ed., lemma 3.1).
/// Infinite where n u reaches 1.
inline double gamma_of(double n, double u) {
    return n * u < 1 ? n * u / (1 - n * u) : std::numeric_limits<double>::infinity();
}

/// What n roundings whose errors are independent and of mean 0 exceed with a probability of at most 2 exp(-lambda^2 (1 - u)^2 / 2)
/// (Higham and Mary, SIAM J. Sci. Comput. 41(5), 2019, theorem 2.4).
inline double probable_gamma_of(double n, double u, double lambda) {
    return std::expm1(lambda * std::sqrt(n) * u + n * u * u / (1 - u));
}

/// The lambda for which each of so many bounds on sums of n terms is exceeded with a probability of at most 1 % in all.
inline double lambda_of(double n, std::size_t bounds) {
    return std::sqrt(2 * std::log(2 * n * static_cast<double>(bounds) / 0.01));
}

}  // namespace halfulp::plan
