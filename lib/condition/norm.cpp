#include <halfulp/lib/condition/norm.hpp>

#include <algorithm>
#include <cmath>

namespace halfulp::conditioning {

double norm_1(std::span<const double> x) {
    double sum = 0;
    for (const double number : x) sum += std::abs(number);
    return sum;
}

double norm_inf(std::span<const double> x) {
    double largest = 0;
    for (const double number : x) largest = std::max(largest, std::abs(number));
    return largest;
}

double norm_1(const Matrix& a) {
    std::vector<double> sums(a.columns);
    for (std::size_t i = 0; i < a.numbers.size(); ++i) sums[i % a.columns] += std::abs(a.numbers[i]);
    return norm_inf(sums);
}

double norm_inf(const Matrix& a) {
    double largest = 0;
    for (std::size_t i = 0; i < a.rows; ++i) largest = std::max(largest, norm_1(a.row(i)));
    return largest;
}

std::vector<double> magnitudes(const Matrix& a, std::span<const double> x, std::span<const double> b) {
    std::vector<double> sums(a.rows);
    for (std::size_t i = 0; i < a.rows; ++i) {
        sums[i] = std::abs(b[i]);
        for (std::size_t j = 0; j < a.columns; ++j) sums[i] += std::abs(a(i, j) * x[j]);
    }
    return sums;
}

}  // namespace halfulp::conditioning
