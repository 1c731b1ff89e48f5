#pragma once

#include <functional>
#include <vector>

namespace halfulp::solve {

/// Replaces a vector by its product with a matrix.
using Operator = std::function<void(std::vector<double>&)>;

/// What GMRES found.
struct GmresResult {
    std::vector<double> x;  ///< the solution
    int steps;              ///< products with the matrix
};

/// x with ||b - A x||_2 <= tolerance ||b||_2, or what it has come to in that many steps: GMRES from x = 0 without
/// restart, orthogonalised by modified Gram and Schmidt, in binary64 (Saad and Schultz, SIAM J. Sci. Stat. Comput.
/// 7(3), 1986).
GmresResult gmres(const Operator& a, std::vector<double> b, double tolerance, int most_steps);

}  // namespace halfulp::solve
