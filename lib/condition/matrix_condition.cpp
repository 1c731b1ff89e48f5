#include <halfulp/lib/condition/matrix_condition.hpp>

#include <Eigen/LU>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <halfulp/lib/condition/norm.hpp>

namespace halfulp::conditioning {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Dense checked(const Matrix& a) {
    if (a.rows != a.columns || a.rows == 0)
        throw std::invalid_argument("expected a square matrix, found " + std::to_string(a.rows) + " x " +
                                    std::to_string(a.columns));
    for (std::size_t i = 0; i < a.numbers.size(); ++i)
        if (!std::isfinite(a.numbers[i]))
            throw std::invalid_argument("expected finite numbers, found " + std::to_string(a.numbers[i]) + " in row " +
                                        std::to_string(i / a.columns) + ", column " + std::to_string(i % a.columns) +
                                        ", counting from 0");
    return Eigen::Map<const Dense>(a.numbers.data(), static_cast<Eigen::Index>(a.rows),
                                   static_cast<Eigen::Index>(a.columns));
}

using Factors = Eigen::PartialPivLU<Dense>;

bool is_singular(const Factors& lu) { return (lu.matrixLU().diagonal().array() == 0).any(); }

double finite_or_infinite(double x) { return std::isnan(x) ? infinity : x; }

Matrix inverse(const Factors& lu) {
    const Dense inv = lu.inverse();
    Matrix result(static_cast<std::size_t>(inv.rows()), static_cast<std::size_t>(inv.cols()));
    std::copy_n(inv.data(), result.numbers.size(), result.numbers.begin());
    return result;
}

}  // namespace

double kappa_2(const Matrix& a) {
    const Dense dense = checked(a);
    if (is_singular(Factors(dense))) return infinity;
    const Eigen::VectorXd values = Eigen::BDCSVD<Dense>(dense).singularValues();
    return finite_or_infinite(values(0) / values(values.size() - 1));
}

double kappa_1(const Matrix& a) {
    const Factors lu(checked(a));
    return is_singular(lu) ? infinity : finite_or_infinite(norm_1(a) * norm_1(inverse(lu)));
}

Kappa1Estimate estimated_kappa_1(const Matrix& a) {
    const Factors lu(checked(a));
    if (is_singular(lu)) return {infinity, 0};
    const auto vector = [](std::vector<double>& x) {
        return Eigen::Map<Eigen::VectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
    };
    const OneNormEstimate estimate = one_norm_estimate(
        a.rows, [&](std::vector<double>& x) { vector(x) = lu.solve(vector(x)).eval(); },
        [&](std::vector<double>& x) { vector(x) = lu.transpose().solve(vector(x)).eval(); });
    return {finite_or_infinite(norm_1(a) * estimate.value), estimate.products};
}

SolveCondition of_solve(const Matrix& a, std::span<const double> x, std::span<const double> b) {
    const Factors lu(checked(a));
    if (is_singular(lu)) return {infinity, infinity};
    const Matrix inv = inverse(lu);
    const double size = norm_inf(x);
    const std::vector<double> terms = magnitudes(a, x, b);
    double largest = 0;
    for (std::size_t i = 0; i < a.rows; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < a.columns; ++j) sum += std::abs(inv(i, j)) * terms[j];
        largest = std::max(largest, sum);
    }
    return {finite_or_infinite(norm_inf(inv) * (norm_inf(a) * size + norm_inf(b)) / size),
            finite_or_infinite(largest / size)};
}

}  // namespace halfulp::conditioning
