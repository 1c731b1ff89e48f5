#include <halfulp/lib/condition/backward_error.hpp>

#include <algorithm>
#include <cmath>

#include <halfulp/lib/condition/double_sum.h>
#include <halfulp/lib/condition/norm.hpp>

namespace halfulp::conditioning {
namespace {

double ratio(double above, double below) { return above == 0 ? 0 : above / below; }

}  // namespace

std::vector<double> exact_residual(const Matrix& a, std::span<const double> x, std::span<const double> b) {
    std::vector<double> residual(a.rows);
    for (std::size_t i = 0; i < a.rows; ++i) {
        DoubleSum sum;
        sum.add(b[i]);
        for (std::size_t j = 0; j < a.columns; ++j) sum.add(-a(i, j), x[j]);
        residual[i] = sum.value();
    }
    return residual;
}

double normwise_backward_error(const Matrix& a, std::span<const double> x, std::span<const double> b) {
    return ratio(norm_inf(exact_residual(a, x, b)), norm_inf(a) * norm_inf(x) + norm_inf(b));
}

double componentwise_backward_error(const Matrix& a, std::span<const double> x, std::span<const double> b) {
    const std::vector<double> residual = exact_residual(a, x, b), below = magnitudes(a, x, b);
    double largest = 0;
    for (std::size_t i = 0; i < a.rows; ++i) largest = std::max(largest, ratio(std::abs(residual[i]), below[i]));
    return largest;
}

}  // namespace halfulp::conditioning
