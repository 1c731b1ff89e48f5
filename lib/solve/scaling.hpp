#pragma once

#include <vector>

#include <halfulp/lib/condition/matrix.hpp>
#include <halfulp/softfloat/format.hpp>

namespace halfulp::solve {

using conditioning::Matrix;

/// 2^mu R A S, with powers of two on the diagonals of R and S, so that nothing is rounded: the exponents.
struct Scaling {
    std::vector<int> rows, columns;  ///< exponents of the powers of two by which each row and column is multiplied
    int mu;                          ///< the exponent of the power of two by which all of it is multiplied then
};

/// Rows and then columns are scaled to largest magnitudes within [1, 2); a row of zeros stays as it is. Then, in a
/// format of less range than binary32, all numbers by the largest power of two that leaves them below a tenth of its
/// largest number: far from its subnormal numbers, with room for factors to grow (Higham, Pranesh, Zounon, SIAM J. Sci.
/// Comput. 41(4), 2019, algorithms 2.3 and 2.4, theta = 0.1).
Scaling scaling_for(const Matrix& a, const Format& format);

/// The matrix times these powers of two, exactly.
Matrix scaled(const Matrix& a, const Scaling& scaling);

}  // namespace halfulp::solve
