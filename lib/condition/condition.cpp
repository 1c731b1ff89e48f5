#include <halfulp/lib/condition/condition.hpp>

#include <cassert>
#include <cmath>
#include <limits>

#include <halfulp/lib/condition/double_sum.h>

namespace halfulp::conditioning {
namespace {

double ratio(const DoubleSum& magnitudes, const DoubleSum& sum) {
    const double above = magnitudes.value(), below = std::abs(sum.value());
    if (above == 0) return 0;
    return below == 0 ? std::numeric_limits<double>::infinity() : above / below;
}

/// Of the sum of the products x[i] y[i * stride].
double of_products(std::span<const double> x, const double* y, std::size_t stride) {
    DoubleSum magnitudes, sum;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double factor = y[i * stride];
        sum.add(x[i], factor);
        magnitudes.add(std::abs(x[i]), std::abs(factor));
    }
    return 2 * ratio(magnitudes, sum);
}

}  // namespace

double of_sum(std::span<const double> x) {
    DoubleSum magnitudes, sum;
    for (const double term : x) {
        sum.add(term);
        magnitudes.add(std::abs(term));
    }
    return ratio(magnitudes, sum);
}

double of_dot(std::span<const double> x, std::span<const double> y) {
    assert(x.size() == y.size());
    return of_products(x, y.data(), 1);
}

Matrix of_product(const Matrix& a, const Matrix& b) {
    assert(a.columns == b.rows);
    Matrix kappa(a.rows, b.columns);
    for (std::size_t i = 0; i < kappa.rows; ++i)
        for (std::size_t j = 0; j < kappa.columns; ++j)
            kappa(i, j) = of_products(a.row(i), b.numbers.data() + j, b.columns);
    return kappa;
}

double exact_dot(std::span<const double> x, std::span<const double> y) {
    assert(x.size() == y.size());
    DoubleSum sum;
    for (std::size_t i = 0; i < x.size(); ++i) sum.add(x[i], y[i]);
    return sum.value();
}

}  // namespace halfulp::conditioning
