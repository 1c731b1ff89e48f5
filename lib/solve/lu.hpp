#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <halfulp/lib/condition/matrix.hpp>
#include <halfulp/softfloat/format.hpp>

namespace halfulp::solve {

using conditioning::Matrix;

/// Why there are no factors.
enum class Breakdown : std::uint8_t {
    None,
    Overflow,   ///< a number of the matrix or of its factors is beyond the format's largest
    ZeroPivot,  ///< a column has nothing left to eliminate with
};

/// P A = L U in a low-precision format.
struct Factors {
    Matrix lu;                      ///< U, and below its diagonal L, whose diagonal is 1; all numbers are of the format
    std::vector<std::size_t> rows;  ///< row i of P A is row rows[i] of A
    Breakdown breakdown;            ///< if there is one, the others mean nothing
};

/// Gaussian elimination with partial pivoting. Each number of A is rounded to the format once, and so is each result,
/// to nearest even: for column k, with the largest magnitude below it, the first one of several, as pivot, l = a[i][k]
/// / a[k][k], then a[i][j] = fma(-l, a[k][j], a[i][j]). Throws std::invalid_argument unless the format is binary32, or
/// one of at most 16 bits that lib/kernel/arithmetic.hpp takes. Pre: A is square.
Factors factorise(const Matrix& a, const Format& format);

/// Replaces b by the solution of A x = b with these factors, in binary64. Pre: they have no breakdown.
void substitute(const Factors& factors, std::vector<double>& b);

}  // namespace halfulp::solve
