#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace halfulp::conditioning {

/// Replaces a vector by its product with a matrix.
using Product = std::function<void(std::vector<double>&)>;

/// What is known of a norm that is too expensive to compute.
struct OneNormEstimate {
    double value;  ///< at most the norm, but for rounding
    int products;  ///< with the matrix or its transpose
};

/// The 1-norm of a matrix of n rows and columns that is known by its products and those of its transpose: its inverse,
/// say, by solving. Seldom less than a third of the norm. The algorithm of Hager and Higham as LAPACK's xLACN2 has it
/// (Higham, ACM TOMS 14(4), 1988): ascent from vertex to vertex of the unit ball, at most 5, until signs or vertex
/// repeat, and in the end a vector of alternating signs, lest the gradient was deceived. Pre: n > 0.
OneNormEstimate one_norm_estimate(std::size_t n, const Product& by_matrix, const Product& by_transpose);

}  // namespace halfulp::conditioning
