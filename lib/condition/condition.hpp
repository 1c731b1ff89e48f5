#pragma once

#include <span>
#include <vector>

#include <halfulp/lib/condition/matrix.hpp>

// By how much a relative change of each input can be magnified in the result, at worst and to first order: condition
// numbers of sums and products (Higham, Accuracy and Stability, 2nd ed., 4.1 and 3.5). The sums in them are exact and
// rounded once, so that they hold for results that cancel to nothing but their last bits. All are infinite where the
// result is 0 and the terms are not, and 0 where all terms are 0. Pre: finite numbers.

namespace halfulp::conditioning {

/// sum |x| / |sum x|.
double of_sum(std::span<const double> x);

/// 2 sum |x y| / |sum x y|: both factors are inputs. Pre: of one length.
double of_dot(std::span<const double> x, std::span<const double> y);

/// What of_dot says of each element of A B, row by row. Pre: A has as many columns as B has rows.
Matrix of_product(const Matrix& a, const Matrix& b);

/// The exact sum of the products, rounded once to binary64. Pre: of one length.
double exact_dot(std::span<const double> x, std::span<const double> y);

}  // namespace halfulp::conditioning
