#pragma once

#include <optional>

#include <halfulp/lib/truth/matrix2.hpp>

// How far an approximate solution of a linear system is off, exactly. All norms are infinity norms.

namespace halfulp::truth {

/// a * x = c.
struct System2 {
    Matrix2 a;
    Vector2 c;
};

/// ||computed - exact|| / ||exact||. Pre: exact is not 0.
Rational forward_error(const Vector2& computed, const Vector2& exact);

/// The smallest e for which x solves a system whose matrix and right side are off by at most e in norm, relatively:
/// ||c - a x|| / (||a|| ||x|| + ||c||) (Rigal and Gaches 1967; Higham 2002, theorem 7.1). Pre: c is not 0.
Rational normwise_backward_error(const System2& system, const Vector2& x);

/// The smallest e for which x solves a system each of whose entries is off by at most e, relatively: the largest
/// |c - a x| / (|a| |x| + |c|) of a row, 0 / 0 being 0 (Oettli and Prager 1964; Higham 2002, theorem 7.3).
Rational componentwise_backward_error(const System2& system, const Vector2& x);

/// How far, in norm and relatively, the solution moves at most if matrix and right side move by at most u each:
/// 2 kappa u / (1 - kappa u) (Higham 2002, theorem 7.2). Empty unless kappa u < 1, the theorem's hypothesis: a matrix
/// so near may be singular.
std::optional<Rational> perturbation_bound(const Rational& kappa, const Rational& u);

}  // namespace halfulp::truth
