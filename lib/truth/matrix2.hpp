#pragma once

#include <array>

#include <halfulp/lib/truth/rational.hpp>

// Linear algebra of two rows and two columns on exact rationals.

namespace halfulp::truth {

using Vector2 = std::array<Rational, 2>;

/// Row by row: a11, a12, a21, a22.
using Matrix2 = std::array<Rational, 4>;

Rational determinant(const Matrix2& a);

/// Pre: a is regular, here and below where it is inverted.
Matrix2 inverse(const Matrix2& a);

/// The one x with a x = c.
Vector2 solution(const Matrix2& a, const Vector2& c);

Vector2 product(const Matrix2& a, const Vector2& x);

/// The largest magnitude; of a matrix the largest sum of a row's magnitudes.
Rational norm_inf(const Vector2& x);
Rational norm_inf(const Matrix2& a);

/// ||a|| * ||inverse of a|| in that norm.
Rational kappa_inf(const Matrix2& a);

/// kappa + 1 / kappa for kappa = kappa_2, which may be irrational: with singular values s and t, s^2 + t^2 is the sum of
/// the squares of all entries, and s * t is |determinant|.
Rational kappa_2_plus_inverse(const Matrix2& a);

/// Whether kappa_2 is exactly that number.
bool has_kappa_2(const Matrix2& a, const Rational& kappa);

}  // namespace halfulp::truth
