#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <halfulp/lib/condition/matrix.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/name.hpp>

// A x = b to the accuracy of binary64 with factors of a low-precision format: what they miss is made up for by
// corrections, whose residuals b - A x are computed in binary64.

namespace halfulp::solve {

using conditioning::Matrix;

enum class Method : std::uint8_t { Refinement, Gmres };

struct MethodRow {
    Method value;
    std::string_view name;
    std::string_view description;
    Aliases aliases = {};
};

inline constexpr std::array methods = {
    MethodRow{Method::Refinement, "IR", "the correction is what the factors make of the residual"},
    MethodRow{Method::Gmres, "GMRES-IR", "the correction is by GMRES in fp64, preconditioned by the factors"},
};

/// The kappa below which theory promises convergence, but for factors that depend on the size and the matrix: for IR
/// kappa v < 1, v being the format's unit roundoff (Carson and Higham, SIAM J. Sci. Comput. 40(2), 2018); for GMRES-IR,
/// all else in binary64 with unit roundoff u, u kappa (v kappa)^2 < 1 (Amestoy, Buttari, Higham, L'Excellent, Mary,
/// Vieuble, SIAM J. Matrix Anal. Appl. 45(1), 2024).
double kappa_limit(Method method, const Format& format);

struct Refined {
    std::vector<double> x;
    std::string_view failure;  ///< empty if it converged, else why not
    int corrections;
    int products;                    ///< with A in GMRES
    double normwise, componentwise;  ///< backward errors of x, or infinity where there is none
    double hpl_mxp;  ///< ||A x - b|| / (||A|| ||x|| + ||b||) / (n u), infinity norms: HPL-MxP accepts up to 16
};

inline constexpr int most_corrections = 30;  // dsgesv's
inline constexpr double most_hpl_mxp = 16;   // hpl-mxp.org/rules.md

/// The matrix is scaled as scaling.hpp says and factorised as lu.hpp says; x begins as the factors make it of b, and is
/// corrected until LAPACK's dsgesv would stop, ||b - A x|| <= sqrt(n) u ||A|| ||x||, at most 30 times. Throws
/// std::invalid_argument as factorise, unless A is square with rows and finite, and unless b is as long and finite.
Refined solve(const Matrix& a, std::span<const double> b, const Format& format, Method method);

}  // namespace halfulp::solve
