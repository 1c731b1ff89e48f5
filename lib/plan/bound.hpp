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

/// What Kahan's sum of n terms can be wrong by: 4 u and a multiple of n u^2, infinite where that is not small. Let term x
/// become y = fl(x - c), the sum s' = fl(s + y) = s + y + e, and the next c = fl(fl(s' - s) - y) = e + r. Then s' - c' is s - c
/// plus x, the rounding of y and r, and what is wrong in the end is the last c, and all roundings of y, and all r. Each is
/// within u of what it rounds, |e| <= u |s'|, and |r| <= (1 + u) u (|y| + |e|) + u |e|; for terms whose magnitudes sum up to 1
/// the largest sum, the sum of |e| and that of |r| bound each other. (Less sharp, with every constant, than 2 u + O(n u^2):
/// Higham, Accuracy and Stability, 2nd ed., 4.3.)
inline double kahan_share_of(double n, double u) {
    const double v = u * (1 + u) * (1 + u), r = v / (1 - v);  // sum |r| <= r (1 + 3 sum |e|)
    const double room = 1 - u - n * u * u - (2 + u) * 3 * n * u * r;
    if (room <= 0) return std::numeric_limits<double>::infinity();
    const double largest = (1 + u + (2 + u) * r) / room, errors = n * u * largest, rests = r * (1 + 3 * errors);
    return u * largest + rests + u * (1 + errors + rests) + rests;
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
