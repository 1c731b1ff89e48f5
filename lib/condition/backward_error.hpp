#pragma once

#include <span>
#include <vector>

#include <halfulp/lib/condition/matrix.hpp>

// How little A and b must change for an approximate x to solve A x = b exactly. Residuals are exact sums, rounded once,
// so that what is measured is the solution and not the measuring. Pre: finite numbers; x as long as A has columns, b as
// it has rows.

namespace halfulp::conditioning {

/// b - A x.
std::vector<double> exact_residual(const Matrix& a, std::span<const double> x, std::span<const double> b);

/// In norm: ||b - A x|| / (||A|| ||x|| + ||b||), infinity norms (Rigal and Gaches 1967); 0 for 0 / 0.
double normwise_backward_error(const Matrix& a, std::span<const double> x, std::span<const double> b);

/// Of every entry: the largest |b - A x| / (|A| |x| + |b|) of a row, 0 / 0 being 0 (Oettli and Prager 1964).
double componentwise_backward_error(const Matrix& a, std::span<const double> x, std::span<const double> b);

}  // namespace halfulp::conditioning
