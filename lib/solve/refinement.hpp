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

/// How corrections are computed.
enum class Method : std::uint8_t { Refinement, Gmres };

/// A row of the table of methods.
struct MethodRow {
    Method value;                  ///< which one
    std::string_view name;         ///< as the program takes it
    std::string_view description;  ///< a sentence
    Aliases aliases = {};          ///< other names
};

/// A row for each enumerator, in their order.
inline constexpr std::array methods = {
    MethodRow{Method::Refinement, "IR", "the correction is what the factors make of the residual"},
    MethodRow{Method::Gmres, "GMRES-IR", "the correction is by GMRES in fp64, preconditioned by the factors"},
};

/// The kappa below which theory promises convergence, but for factors that depend on the size and the matrix: for IR
/// kappa v < 1, v being the format's unit roundoff (Carson and Higham, SIAM J. Sci. Comput. 40(2), 2018); for GMRES-IR,
/// all else in binary64 with unit roundoff u, u kappa (v kappa)^2 < 1 (Amestoy, Buttari, Higham, L'Excellent, Mary,
/// Vieuble, SIAM J. Matrix Anal. Appl. 45(1), 2024).
double kappa_limit(Method method, const Format& format);

/// What a method made of a system.
struct Refined {
    std::vector<double> x;           ///< the solution
    std::string_view failure;        ///< empty if it converged, else why not
    int corrections;                 ///< steps of refinement that were taken
    int products;                    ///< with A in GMRES
    double normwise, componentwise;  ///< backward errors of x, or infinity where there is none
    double hpl_mxp;  ///< ||A x - b|| / (||A|| ||x|| + ||b||) / (n u), infinity norms: HPL-MxP accepts up to 16
};

/// That many steps are taken at most, as by LAPACK's dsgesv.
inline constexpr int most_corrections = 30;
/// What HPL-MxP accepts at most (hpl-mxp.org/rules.md).
inline constexpr double most_hpl_mxp = 16;  // hpl-mxp.org/rules.md

/// The matrix is scaled as scaling.hpp says and factorised as lu.hpp says; x begins as the factors make it of b, and is
/// corrected until LAPACK's dsgesv would stop, ||b - A x|| <= sqrt(n) u ||A|| ||x||, at most 30 times. Throws
/// std::invalid_argument as factorise, unless A is square with rows and finite, and unless b is as long and finite.
Refined solve(const Matrix& a, std::span<const double> b, const Format& format, Method method);

}  // namespace halfulp::solve
