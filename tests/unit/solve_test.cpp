// Claim: the low-precision factors are elimination with each result rounded once; scaling is exact and keeps its
// promises; GMRES solves; refinement reaches the accuracy of fp64 wherever theory promises it, fails with a reason
// where factors break down, and what it reports is measured.
// Oracle: elimination on exact rationals, rounded to multiples of the last place; exact residuals; published limits.
// Shared: the matrices, and of the backward errors those that tests/unit/matrix_condition_test.cpp holds against
// rationals.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <halfulp/lib/condition/backward_error.hpp>
#include <halfulp/lib/condition/problems/matrices.hpp>
#include <halfulp/lib/condition/problems/randsvd.hpp>
#include <halfulp/lib/solve/gmres.hpp>
#include <halfulp/lib/solve/lu.hpp>
#include <halfulp/lib/solve/scaling.hpp>
#include <halfulp/lib/solve/study.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/rational_matrix.hpp"

namespace halfulp::solve {
namespace {

using conditioning::randsvd;
using conditioning::Spectrum;
using test::rational;
using test::RationalMatrix;
using truth::Rational;

constexpr double infinity = std::numeric_limits<double>::infinity();
const std::vector<Format> formats = {binary16, bfloat16, binary32};

Matrix matrix(std::size_t rows, std::size_t columns, std::vector<double> numbers) {
    Matrix a(rows, columns);
    a.numbers = std::move(numbers);
    return a;
}

/// The textbook's, row by row of the trailing matrix, in rationals that are rounded.
RationalMatrix by_definition(const Format& f, const Matrix& a, std::vector<std::size_t>& rows) {
    RationalMatrix lu = rational(a);
    for (Rational& x : lu.numbers) x = test::rounded_to(f, x);
    const std::size_t n = a.rows;
    rows.resize(n);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k + 1; i < n; ++i)
            if (abs(lu(i, k)) > abs(lu(pivot, k))) pivot = i;
        std::swap(rows[k], rows[pivot]);
        for (std::size_t j = 0; j < n; ++j) std::swap(lu(k, j), lu(pivot, j));
        for (std::size_t i = k + 1; i < n; ++i) {
            lu(i, k) = test::rounded_to(f, lu(i, k) / lu(k, k));
            for (std::size_t j = k + 1; j < n; ++j) lu(i, j) = test::rounded_to(f, lu(i, j) - lu(i, k) * lu(k, j));
        }
    }
    return lu;
}

TEST(LowPrecisionFactors, AreEliminationRoundedOnce) {
    for (const Format& f : formats)
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const Matrix a = randsvd(12, 1e2, Spectrum::Geometric, seed);
            const Factors factors = factorise(a, f);
            std::vector<std::size_t> rows;
            const RationalMatrix expected = by_definition(f, a, rows);
            ASSERT_EQ(factors.breakdown, Breakdown::None);
            EXPECT_EQ(factors.rows, rows);
            for (std::size_t i = 0; i < expected.numbers.size(); ++i)
                ASSERT_EQ(rational(factors.lu.numbers[i]), expected.numbers[i]) << short_name(f) << " " << i;
        }
}

TEST(LowPrecisionFactors, TakeTheFirstOfEqualPivots) {
    for (const Format& f : formats) EXPECT_EQ(factorise(matrix(3, 3, {1, 0, 0, -2, 1, 0, 2, 0, 1}), f).rows[0], 1U);
}

TEST(LowPrecisionFactors, SayWhenTheyBreakDown) {
    for (const Format& f : formats) {
        EXPECT_EQ(factorise(matrix(2, 2, {1, 2, 2, 4}), f).breakdown, Breakdown::ZeroPivot);
        EXPECT_EQ(factorise(matrix(1, 1, {1e300}), f).breakdown, Breakdown::Overflow);
        EXPECT_EQ(factorise(matrix(1, 1, {0}), f).breakdown, Breakdown::ZeroPivot);
    }
    // 60000 - (-1) 60000 is beyond fp16 alone.
    const Matrix grows = matrix(2, 2, {1, 60000, -1, 60000});
    EXPECT_EQ(factorise(grows, binary16).breakdown, Breakdown::Overflow);
    EXPECT_EQ(factorise(grows, bfloat16).breakdown, Breakdown::None);
    EXPECT_EQ(factorise(matrix(2, 2, {1, 70000, 0, 1}), binary16).breakdown, Breakdown::Overflow);
    // [[1, b], [b, 1]] of exercise 3: its rows become equal in fp16 and bf16.
    const Matrix equal = matrix(2, 2, {1, 1 - 0x1p-13, 1 - 0x1p-13, 1});
    EXPECT_EQ(factorise(equal, binary16).breakdown, Breakdown::ZeroPivot);
    EXPECT_EQ(factorise(equal, bfloat16).breakdown, Breakdown::ZeroPivot);
    EXPECT_EQ(factorise(equal, binary32).breakdown, Breakdown::None);
    EXPECT_THROW(factorise(equal, binary64), std::invalid_argument);
}

TEST(Substitution, SolvesWithTheFactors) {
    const Matrix a = randsvd(10, 1e3, Spectrum::Arithmetic, 3);
    std::vector<double> x(10, 1);
    substitute(factorise(a, binary32), x);
    EXPECT_LT(conditioning::normwise_backward_error(a, x, std::vector<double>(10, 1)), 10 * 0x1p-24);
}

TEST(Scaling, IsExactAndKeepsItsPromises) {
    Matrix a = randsvd(20, 1e3, Spectrum::Geometric, 1);
    for (std::size_t i = 0; i < 20; ++i)
        for (std::size_t j = 0; j < 20; ++j)
            a(i, j) = std::ldexp(a(i, j), static_cast<int>(40 * i) - static_cast<int>(17 * j));
    for (std::size_t j = 0; j < 20; ++j) a(7, j) = 0;
    for (const Format& f : formats) {
        const Scaling s = scaling_for(a, f);
        const Matrix b = scaled(a, s);
        EXPECT_EQ(s.mu, f == binary16 ? 11 : 0);  // 2^12 < 0.1 * 65504 < 2^13
        for (std::size_t j = 0; j < 20; ++j) {
            double largest = 0;
            for (std::size_t i = 0; i < 20; ++i) {
                largest = std::max(largest, std::abs(b(i, j)));
                EXPECT_EQ(rational(b(i, j)), rational(a(i, j)) * truth::pow2(s.mu + s.rows[i] + s.columns[j]));
            }
            EXPECT_GE(largest, std::ldexp(1, s.mu));
            EXPECT_LT(largest, std::ldexp(2, s.mu));
        }
    }
}

TEST(Gmres, ReducesTheResidualByTheToleranceOrInNSteps) {
    for (const double tolerance : {1e-2, 1e-10})
        for (const Spectrum spectrum : {Spectrum::Geometric, Spectrum::OneLarge}) {
            const Matrix a = randsvd(30, 1e3, spectrum, 5);
            const std::vector<double> b(30, 1);
            const Operator by = [&](std::vector<double>& x) {
                std::vector<double> y(30);
                for (std::size_t i = 0; i < 30; ++i)
                    for (std::size_t j = 0; j < 30; ++j) y[i] += a(i, j) * x[j];
                x = y;
            };
            const GmresResult result = gmres(by, b, tolerance, 30);
            double squares = 0;
            for (const double r : conditioning::exact_residual(a, result.x, b)) squares += r * r;
            EXPECT_LE(std::sqrt(squares), 1.01 * tolerance * std::sqrt(30.0));
            // One large singular value and 29 equal ones: not symmetric, yet A^T A - s I has rank 1.
            EXPECT_LE(result.steps, 30);
            EXPECT_EQ(gmres(by, b, 0, 3).steps, 3);
        }
    const Operator identity = [](std::vector<double>&) {};
    EXPECT_EQ(gmres(identity, {3, 4}, 1e-10, 9).steps, 1);
    EXPECT_EQ(gmres(identity, {0, 0}, 1e-10, 9).steps, 0);
    EXPECT_NEAR(gmres(identity, {3, 4}, 1e-10, 9).x[1], 4, 1e-14);
}

/// Amestoy and others 2024 (MIMS EPrint 2021.5): of LU in fp16 and bf16 "kappa << 2 x 10^3" and "3 x 10^2"; of GMRES-IR without
/// extra precision kappa^3 u v^2 << 1, which for fp16 is "kappa << 3 x 10^7".
TEST(KappaLimits, AreThePublishedOnes) {
    EXPECT_EQ(kappa_limit(Method::Refinement, binary16), 2048);
    EXPECT_EQ(kappa_limit(Method::Refinement, bfloat16), 256);
    EXPECT_EQ(kappa_limit(Method::Refinement, binary32), 0x1p24);
    for (const Format& f : formats) {
        const double kappa = kappa_limit(Method::Gmres, f), v = std::ldexp(1, -f.precision);
        EXPECT_NEAR(0x1p-53 * kappa * (v * kappa) * (v * kappa), 1, 1e-12);
    }
    EXPECT_NEAR(kappa_limit(Method::Gmres, binary16), 3.4e7, 1e6);
}

TEST(Refinement, ConvergesWhereItIsPromisedAndFailsFarBeyond) {
    for (const Trial& t : trials(randsvd_subjects(40))) {
        SCOPED_TRACE(std::to_string(t.kappa) + " " + std::string(short_name(t.format)) +
                     (t.method == Method::Gmres ? " GMRES" : ""));
        if (t.promised) {
            EXPECT_TRUE(t.converged()) << t.result.failure;
        }
        if (t.method == Method::Refinement && t.kappa > 1e4 * kappa_limit(t.method, t.format)) {
            EXPECT_FALSE(t.converged());
        }
        EXPECT_EQ(t.result.products > 0, t.method == Method::Gmres && t.result.corrections > 0);
        EXPECT_LE(t.result.corrections, most_corrections);
        if (!t.converged()) continue;
        EXPECT_LE(t.result.hpl_mxp, most_hpl_mxp);
        // sqrt(n) u ||A|| ||x||, and the rounding of the residual that was tested, n u as much.
        EXPECT_LE(t.result.normwise, (std::sqrt(40) + 41) * 0x1p-53);
        EXPECT_EQ(t.result.hpl_mxp, t.result.normwise / (40 * 0x1p-53));
    }
}

TEST(Refinement, ScalesWhatFp16CannotHold) {
    Matrix a = randsvd(20, 1e2, Spectrum::Geometric, 2);
    for (std::size_t j = 0; j < 20; ++j) a(3, j) *= 1e9;
    const std::vector<double> b(20, 1);
    EXPECT_EQ(factorise(a, binary16).breakdown, Breakdown::Overflow);
    const Refined result = solve(a, b, binary16, Method::Refinement);
    EXPECT_EQ(result.failure, "");
    EXPECT_LT(conditioning::normwise_backward_error(a, result.x, b), 20 * 0x1p-53);
}

TEST(Refinement, SaysWhyNot) {
    const std::vector<double> b = {1, 1};
    const Refined result = solve(matrix(2, 2, {1, 2, 2, 4}), b, binary32, Method::Gmres);
    EXPECT_EQ(result.failure, "zero pivot");
    EXPECT_EQ(result.normwise, infinity);
    EXPECT_EQ(solve(matrix(2, 2, {0, 0, 0, 0}), b, binary16, Method::Refinement).failure, "zero pivot");
    EXPECT_THROW(solve(matrix(1, 2, {1, 2}), b, binary16, Method::Refinement), std::invalid_argument);
    EXPECT_THROW(solve(Matrix(), {}, binary16, Method::Refinement), std::invalid_argument);
    EXPECT_THROW(solve(matrix(2, 2, {1, 2, 3, infinity}), b, binary16, Method::Refinement), std::invalid_argument);
    EXPECT_THROW(solve(matrix(1, 1, {1}), std::vector{std::nan("")}, binary16, Method::Refinement),
                 std::invalid_argument);
    EXPECT_EQ(solve(matrix(1, 1, {2}), std::vector{0.0}, binary16, Method::Gmres).x, std::vector{0.0});
}

}  // namespace
}  // namespace halfulp::solve
