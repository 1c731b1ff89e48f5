#include <halfulp/lib/solve/scaling.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::solve {
namespace {

/// The exponent that brings the largest of them into [1, 2); 0 for zeros.
int lift(double largest) { return largest == 0 ? 0 : -std::ilogb(largest); }

int mu_for(const Format& format) {
    if (format.emax() >= binary32.emax()) return 0;
    const auto largest = std::bit_cast<double>(convert(binary64, format, format.max_code()).code);
    return std::ilogb(0.1 * largest) - 1;  // of numbers below 2
}

}  // namespace

Scaling scaling_for(const Matrix& a, const Format& format) {
    Scaling s{std::vector<int>(a.rows), std::vector<int>(a.columns), mu_for(format)};
    std::vector<double> largest(a.columns);
    for (std::size_t i = 0; i < a.rows; ++i) {
        double in_row = 0;
        for (const double x : a.row(i)) in_row = std::max(in_row, std::abs(x));
        s.rows[i] = lift(in_row);
        for (std::size_t j = 0; j < a.columns; ++j)
            largest[j] = std::max(largest[j], std::ldexp(std::abs(a(i, j)), s.rows[i]));
    }
    std::ranges::transform(largest, s.columns.begin(), lift);
    return s;
}

Matrix scaled(const Matrix& a, const Scaling& s) {
    Matrix b = a;
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < a.columns; ++j) b(i, j) = std::ldexp(a(i, j), s.mu + s.rows[i] + s.columns[j]);
    return b;
}

}  // namespace halfulp::solve
