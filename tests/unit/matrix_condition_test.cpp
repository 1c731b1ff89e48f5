// Claim: the closed forms of the known matrices are right; condition numbers of matrices and systems are what their
// definitions say, to the digits that binary64 leaves; the estimator is LAPACK's, at most the exact value and here at
// least a quarter; backward errors follow their definitions, and no forward error exceeds condition times backward
// error.
// Oracle: exact rationals (Boost), by elimination from the definitions; LAPACK's dlacn2 and dgecon, where liblapack is.
// Shared: the matrices.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <halfulp/lib/condition/backward_error.hpp>
#include <halfulp/lib/condition/matrix_condition.hpp>
#include <halfulp/lib/condition/norm.hpp>
#include <halfulp/lib/condition/problems/draw.hpp>
#include <halfulp/lib/condition/problems/matrices.hpp>
#include <halfulp/lib/condition/problems/randsvd.hpp>
#include <halfulp/lib/io/shared_library.hpp>

#include "support/rational_matrix.hpp"

namespace halfulp::conditioning {
namespace {

using test::eliminate;
using test::inverted;
using test::rational;
using test::RationalMatrix;
using truth::Rational;

constexpr double u = 0x1p-53, infinity = std::numeric_limits<double>::infinity();

double off(double observed, const Rational& exact) {
    return Rational(abs(rational(observed) - exact) / abs(exact)).convert_to<double>();
}

Matrix matrix(std::size_t rows, std::size_t columns, std::vector<double> numbers) {
    Matrix a(rows, columns);
    a.numbers = std::move(numbers);
    return a;
}

/// The known ones of every small size, and random ones of every spectrum.
void for_each_problem(std::size_t most, const std::function<void(const std::string&, const Matrix&)>& visit) {
    for (const KnownMatrix& row : known_matrices())
        for (std::size_t n = row.least; n <= std::min(most, row.most); ++n)
            visit(std::string(row.name) + " " + std::to_string(n), row.make(n));
    for (const SpectrumRow& row : spectra)
        for (const double kappa : {1e1, 1e4, 1e8, 1e14})
            visit(std::string(row.name) + " " + std::to_string(kappa), randsvd(most, kappa, row.value, 1));
}

TEST(KnownMatrices, HaveTheTruthsThatTheyState) {
    for (const KnownMatrix& row : known_matrices())
        for (std::size_t n = row.least; n <= std::min<std::size_t>(row.most, 14); ++n) {
            SCOPED_TRACE(std::string(row.name) + " " + std::to_string(n));
            const Matrix a = row.make(n);
            const auto exact = inverted(rational(a));
            ASSERT_NE(exact.determinant, 0);
            if (row.determinant != nullptr) {
                EXPECT_LE(off(row.determinant(n), exact.determinant), 100 * u);
            }
            if (row.inverse == nullptr) continue;
            const Matrix inverse = row.inverse(n);
            for (std::size_t i = 0; i < n * n; ++i)
                if (exact.solution.numbers[i] == 0) {
                    EXPECT_EQ(inverse.numbers[i], 0);
                } else {
                    ASSERT_LE(off(inverse.numbers[i], exact.solution.numbers[i]), 100 * u) << i;
                }
        }
}

/// Their entries by other definitions than the code's.
TEST(KnownMatrices, AreThoseOfTheirNames) {
    const auto made = [](std::string_view name, std::size_t n) {
        const auto table = known_matrices();
        return std::ranges::find(table, name, &KnownMatrix::name)->make(n).numbers;
    };
    EXPECT_EQ(made("hilbert", 3), (std::vector<double>{60, 30, 20, 30, 20, 15, 20, 15, 12}));
    EXPECT_EQ(made("vandermonde", 3), (std::vector<double>{1, 1, 1, 0, 1, 2, 0, 1, 4}));
    EXPECT_EQ(made("kahan", 3), (std::vector<double>{1, -0.375, -0.375, 0, 0.9375, -0.3515625, 0, 0, 0.87890625}));
    EXPECT_EQ(made("frank", 4), (std::vector<double>{4, 3, 2, 1, 3, 3, 2, 1, 0, 2, 2, 1, 0, 0, 1, 1}));
    EXPECT_EQ(made("pascal", 4), (std::vector<double>{1, 1, 1, 1, 1, 2, 3, 4, 1, 3, 6, 10, 1, 4, 10, 20}));
}

/// kappa_2 + 1 / kappa_2 = (sum of squares) / |determinant| for two rows.
TEST(KnownMatrices, OfTwoRowsHaveThatKappa2) {
    for (const KnownMatrix& row : known_matrices()) {
        if (row.kappa_2 == nullptr) continue;
        const auto a = rational(row.make(2));
        Rational squares = 0;
        for (const Rational& x : a.numbers) squares += x * x;
        const double kappa = row.kappa_2(2);
        EXPECT_LE(off(kappa + 1 / kappa, squares / abs(inverted(a).determinant)), 4 * u) << row.name;
        EXPECT_NEAR(kappa_2(row.make(2)), kappa, 10 * u * kappa * kappa) << row.name;
    }
}

/// By the definition of the mode; of random ones none.
std::vector<double> singular_values(Spectrum spectrum, std::size_t n, double kappa) {
    std::vector<double> values(n, 1);
    for (std::size_t i = 0; i < n; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(n - 1);
        if (spectrum == Spectrum::Geometric) values[i] = std::pow(1 / kappa, share);
        if (spectrum == Spectrum::Arithmetic) values[i] = (1 - share) + share / kappa;
    }
    if (spectrum == Spectrum::OneLarge) std::fill(values.begin() + 1, values.end(), 1 / kappa);
    if (spectrum == Spectrum::OneSmall) values[0] = 1 / kappa;
    return values;
}

double sum_of_squares(const std::vector<double>& x) { return std::inner_product(x.begin(), x.end(), x.begin(), 0.0); }

TEST(Randsvd, HasThatConditionNumberAndSpectrum) {
    constexpr std::size_t n = 30;
    for (const SpectrumRow& row : spectra)
        for (double kappa = 1e1; kappa <= 1e14; kappa *= 10) {
            const Matrix a = randsvd(n, kappa, row.value, 7);
            EXPECT_NEAR(kappa_2(a) / kappa, 1, 10 * n * u * kappa) << row.name;
            if (row.value == Spectrum::RandomLogarithm) continue;
            const double expected = sum_of_squares(singular_values(row.value, n, kappa));  // whatever U and V are
            EXPECT_NEAR(sum_of_squares(a.numbers), expected, 100 * u * expected) << row.name;
        }
}

TEST(Randsvd, RefusesWhatThereIsNot) {
    EXPECT_THROW(randsvd(1, 10, Spectrum::OneLarge, 1), std::invalid_argument);
    EXPECT_THROW(randsvd(2, 0.5, Spectrum::OneLarge, 1), std::invalid_argument);
    EXPECT_THROW(randsvd(2, infinity, Spectrum::OneLarge, 1), std::invalid_argument);
}

/// The inverse is off by a small multiple of kappa u; so are singular values, relatively to the least.
TEST(MatrixCondition, IsThatOfTheExactInverse) {
    for_each_problem(8, [](const std::string& name, const Matrix& a) {
        SCOPED_TRACE(name);
        const auto exact = rational(a);
        const auto inverse = inverted(exact);
        const Rational kappa = norm_1(exact) * norm_1(inverse.solution);
        const double tolerance = 20 * u * kappa.convert_to<double>();
        EXPECT_LE(off(kappa_1(a), kappa), tolerance);
        const Kappa1Estimate estimate = estimated_kappa_1(a);
        EXPECT_LE(estimate.value, kappa.convert_to<double>() * (1 + tolerance));
        EXPECT_GE(estimate.value, kappa.convert_to<double>() / 4 * (1 - tolerance));
        EXPECT_LE(estimate.solves, 11);
        // kappa_1 / n <= kappa_2 <= n kappa_1.
        const double n = static_cast<double>(a.rows), by_values = kappa_2(a);
        EXPECT_LE(by_values, n * kappa.convert_to<double>() * (1 + tolerance));
        EXPECT_GE(by_values * (1 + tolerance), kappa.convert_to<double>() / n);
    });
}

TEST(MatrixCondition, OfWhatHasNone) {
    const Matrix singular = matrix(2, 2, {1, 2, 2, 4}), zero = matrix(1, 1, {0});
    for (const Matrix& a : {singular, zero}) {
        EXPECT_EQ(kappa_1(a), infinity);
        EXPECT_EQ(kappa_2(a), infinity);
        EXPECT_EQ(estimated_kappa_1(a).value, infinity);
        EXPECT_EQ(of_solve(a, std::vector(a.rows, 1.0), std::vector(a.rows, 1.0)).normwise, infinity);
    }
    for (const Matrix& a : {matrix(2, 1, {1, 2}), Matrix(), matrix(1, 1, {std::nan("")}), matrix(1, 1, {infinity})}) {
        EXPECT_THROW(kappa_1(a), std::invalid_argument);
        EXPECT_THROW(kappa_2(a), std::invalid_argument);
        EXPECT_THROW(estimated_kappa_1(a), std::invalid_argument);
    }
    EXPECT_EQ(kappa_1(matrix(1, 1, {-3})), 1);
    EXPECT_EQ(estimated_kappa_1(matrix(1, 1, {-3})).value, 1);
}

/// LAPACK's estimator, given the same products in its reverse communication.
class Lapack {
  public:
    std::shared_ptr<void> library = open_library({"liblapack.so.3", "libopenblas.so.0"});
    void (*dlacn2)(const int*, double*, double*, int*, double*, int*, int*) = nullptr;
    void (*dgetrf)(const int*, const int*, double*, const int*, int*, int*) = nullptr;
    void (*dgecon)(const char*, const int*, const double*, const int*, const double*, double*, double*, int*, int*,
                   std::size_t) = nullptr;
    std::string lacking = find_functions(library, [&](const auto& find) {
        find("dlacn2_", dlacn2);
        find("dgetrf_", dgetrf);
        find("dgecon_", dgecon);
    });

    OneNormEstimate estimate(std::size_t size, const Product& by_matrix, const Product& by_transpose) const {
        const int n = static_cast<int>(size);
        std::vector<double> v(size), x(size);
        std::vector<int> signs(size);
        OneNormEstimate result{0, 0};
        for (int state[3] = {}, request = 0;; ++result.products) {
            dlacn2(&n, v.data(), x.data(), signs.data(), &result.value, &request, state);
            if (request == 0) return result;
            (request == 1 ? by_matrix : by_transpose)(x);
        }
    }

    /// The rows exchanged as dgetrf does: what then needs no exchange.
    Matrix exchanged(Matrix a) const {
        const std::vector<int> pivots = factorise(a).pivots;
        for (std::size_t i = 0; i < a.rows; ++i)
            for (std::size_t j = 0; j < a.columns; ++j)
                std::swap(a(i, j), a(static_cast<std::size_t>(pivots[i] - 1), j));
        return a;
    }

    double kappa_1(const Matrix& a) const {
        const int n = static_cast<int>(a.rows);
        const Factors lu = factorise(a);
        std::vector<double> work(4 * a.rows);
        std::vector<int> integers(a.rows);
        const double norm = norm_1(a);
        double reciprocal = 0;
        int info = 0;
        dgecon("1", &n, lu.numbers.data(), &n, &norm, &reciprocal, work.data(), integers.data(), &info, 1);
        return 1 / reciprocal;
    }

  private:
    struct Factors {
        std::vector<double> numbers;  ///< column by column
        std::vector<int> pivots;
    };
    Factors factorise(const Matrix& a) const {
        const int n = static_cast<int>(a.rows);
        Factors lu{std::vector<double>(a.numbers.size()), std::vector<int>(a.rows)};
        for (std::size_t i = 0; i < a.rows; ++i)
            for (std::size_t j = 0; j < a.columns; ++j) lu.numbers[j * a.rows + i] = a(i, j);
        int info = 0;
        dgetrf(&n, &n, lu.numbers.data(), &n, lu.pivots.data(), &info);
        return lu;
    }
};

Product product_with(const Matrix& a, bool transposed) {
    return [&a, transposed](std::vector<double>& x) {
        std::vector<double> y(x.size());
        for (std::size_t i = 0; i < a.rows; ++i)
            for (std::size_t j = 0; j < a.columns; ++j) y[transposed ? j : i] += a(i, j) * x[transposed ? i : j];
        x = y;
    };
}

/// The products that it took.
int expect_equal_estimates(const Lapack& lapack, const Matrix& a) {
    const Product by = product_with(a, false), transposed = product_with(a, true);
    const OneNormEstimate ours = one_norm_estimate(a.rows, by, transposed),
                          theirs = lapack.estimate(a.rows, by, transposed);
    EXPECT_EQ(ours.products, theirs.products);
    EXPECT_NEAR(ours.value, theirs.value, 20 * u * theirs.value);  // sums of magnitudes in another order
    return ours.products;
}

/// Fifth powers of random numbers: few large ones, on which the ascent may take all its steps.
TEST(OneNormEstimate, IsLapacksWhereItTakesLong) {
    const Lapack lapack;
    if (!lapack.library || !lapack.lacking.empty()) GTEST_SKIP() << "no liblapack.so.3 with dlacn2";
    int longest = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Draw draw(seed);
        Matrix a(10, 10);
        for (double& x : a.numbers) x = std::pow(draw.symmetric(), 5);
        longest = std::max(longest, expect_equal_estimates(lapack, a));
    }
    EXPECT_EQ(longest, 11);
}

TEST(OneNormEstimate, IsLapacks) {
    const Lapack lapack;
    if (!lapack.library || !lapack.lacking.empty()) GTEST_SKIP() << "no liblapack.so.3 with dlacn2";
    for_each_problem(12, [&](const std::string& name, const Matrix& a) {
        SCOPED_TRACE(name);
        expect_equal_estimates(lapack, a);
        const Matrix exchanged = lapack.exchanged(a);
        const double kappa = lapack.kappa_1(exchanged);
        EXPECT_NEAR(estimated_kappa_1(exchanged).value / kappa, 1, 100 * u * kappa);
    });
}

/// Without the alternating vector this matrix makes the estimator return 1, however large its norm (Higham 1988, 3):
/// all sums of rows and columns of the rest cancel.
TEST(OneNormEstimate, IsNotDeceived) {
    constexpr double large = 1e6;
    // e, e^T and e_1 see the identity only: the rest is orthogonal to them.
    const std::vector<double> w = {0, 1, -1, 0, 1, -1};
    Matrix a(6, 6);
    for (std::size_t i = 0; i < 6; ++i)
        for (std::size_t j = 0; j < 6; ++j) a(i, j) = (i == j ? 1 : 0) + large * w[i] * w[j];
    const Product by = product_with(a, false);
    EXPECT_GT(one_norm_estimate(6, by, by).value, large / 10);
}

/// A system with a solution of ones but for the rounding of its right side, and an approximate solution by binary32.
struct System {
    const Matrix& a;
    std::vector<double> b, x;

    explicit System(const Matrix& matrix, double digits) : a(matrix), b(matrix.rows), x(matrix.rows) {
        for (std::size_t i = 0; i < a.rows; ++i)
            for (std::size_t j = 0; j < a.columns; ++j) b[i] += a(i, j);
        const RationalMatrix exact = eliminate(rational(a), rational(b)).solution;
        for (std::size_t i = 0; i < a.rows; ++i)
            x[i] = exact(i, 0).convert_to<double>() * (1 + digits * std::sin(static_cast<double>(i + 1)));
    }
};

TEST(BackwardErrors, FollowTheirDefinitions) {
    for_each_problem(7, [](const std::string& name, const Matrix& a) {
        SCOPED_TRACE(name);
        const System s(a, 1e-5);
        Rational largest = 0, largest_share = 0, row_norm = 0, x_norm = 0, b_norm = 0;
        for (std::size_t i = 0; i < a.rows; ++i) {
            Rational residual = rational(s.b[i]), magnitude = abs(residual), row = 0;
            b_norm = std::max(b_norm, magnitude);
            x_norm = std::max(x_norm, Rational(abs(rational(s.x[i]))));
            for (std::size_t j = 0; j < a.columns; ++j) {
                residual -= rational(a(i, j)) * rational(s.x[j]);
                magnitude += abs(rational(a(i, j)) * rational(s.x[j]));
                row += abs(rational(a(i, j)));
            }
            row_norm = std::max(row_norm, row);
            largest = std::max(largest, Rational(abs(residual)));
            largest_share = std::max(largest_share, Rational(abs(residual) / magnitude));
        }
        EXPECT_LE(off(normwise_backward_error(a, s.x, s.b), largest / (row_norm * x_norm + b_norm)), 20 * u);
        EXPECT_LE(off(componentwise_backward_error(a, s.x, s.b), largest_share), 20 * u);
    });
    EXPECT_EQ(componentwise_backward_error(matrix(1, 1, {0}), std::vector{1.0}, std::vector{0.0}), 0);
    EXPECT_EQ(normwise_backward_error(matrix(1, 1, {0}), std::vector{1.0}, std::vector{0.0}), 0);
    EXPECT_EQ(normwise_backward_error(matrix(1, 1, {1}), std::vector{0.0}, std::vector{1.0}), 1);
}

TEST(ForwardErrors, AreAtMostConditionTimesBackwardError) {
    for_each_problem(6, [](const std::string& name, const Matrix& a) {
        for (const double digits : {1e-2, 1e-8, 0.0}) {
            SCOPED_TRACE(name);
            const System s(a, digits);
            const RationalMatrix exact = eliminate(rational(a), rational(s.b)).solution;
            RationalMatrix difference = rational(s.x);
            for (std::size_t i = 0; i < a.rows; ++i) difference(i, 0) -= exact(i, 0);
            const double forward = Rational(norm_inf(difference) / norm_inf(rational(s.x))).convert_to<double>();
            const SolveCondition condition = of_solve(a, s.x, s.b);
            const double computed = 1 + 20 * u * kappa_1(a);  // of the inverse in the conditions
            EXPECT_LE(forward, condition.normwise * normwise_backward_error(a, s.x, s.b) * computed);
            EXPECT_LE(forward, condition.componentwise * componentwise_backward_error(a, s.x, s.b) * computed);
            EXPECT_LE(condition.componentwise, condition.normwise * computed);
        }
    });
}

TEST(ForwardErrors, ComeNearTheirBound) {
    // Off along the direction that the matrix shrinks most: nothing smaller than the condition would bound it.
    const Matrix a = matrix(2, 2, {1, 1 - 0x1p-13, 1 - 0x1p-13, 1});
    const std::vector<double> x = {1 + 1e-3, 1 - 1e-3}, b = {2 - 0x1p-13, 2 - 0x1p-13};
    const double bound = of_solve(a, x, b).normwise * normwise_backward_error(a, x, b);
    EXPECT_GT(1e-3, bound / 3);
    EXPECT_NEAR(of_solve(a, x, b).normwise, 2 * 16383, 200);
}

}  // namespace
}  // namespace halfulp::conditioning
