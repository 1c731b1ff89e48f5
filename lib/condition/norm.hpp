#pragma once

#include <span>
#include <vector>

#include <halfulp/lib/condition/matrix.hpp>

namespace halfulp::conditioning {

/// The largest sum of a column's magnitudes.
double norm_1(const Matrix& a);

/// The largest sum of a row's magnitudes.
double norm_inf(const Matrix& a);

/// The sum of the magnitudes, and the largest one.
double norm_1(std::span<const double> x);
/// The largest magnitude.
double norm_inf(std::span<const double> x);

/// |A| |x| + |b|: what the terms of each row come to where nothing cancels.
std::vector<double> magnitudes(const Matrix& a, std::span<const double> x, std::span<const double> b);

}  // namespace halfulp::conditioning
