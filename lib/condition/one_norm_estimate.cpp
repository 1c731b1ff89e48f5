#include <halfulp/lib/condition/one_norm_estimate.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <halfulp/lib/condition/norm.hpp>

namespace halfulp::conditioning {
namespace {

constexpr int most_vertices = 5;

std::vector<double> signs_of(std::vector<double> x) {
    for (double& number : x) number = number < 0 ? -1 : 1;
    return x;
}

std::vector<double> unit(std::size_t n, std::size_t place) {
    std::vector<double> x(n);
    x[place] = 1;
    return x;
}

std::size_t place_of_largest(const std::vector<double>& x) {
    const auto less = [](double a, double b) { return std::abs(a) < std::abs(b); };
    return static_cast<std::size_t>(std::max_element(x.begin(), x.end(), less) - x.begin());
}

/// 1, -(1 + 1 / (n - 1)), 1 + 2 / (n - 1), ..., 2 in magnitude: no matrix that is likely to occur makes it small.
std::vector<double> alternating(std::size_t n) {
    std::vector<double> x(n);
    for (std::size_t i = 0; i < n; ++i)
        x[i] = (i % 2 == 0 ? 1 : -1) * (1 + static_cast<double>(i) / static_cast<double>(n - 1));
    return x;
}

}  // namespace

OneNormEstimate one_norm_estimate(std::size_t n, const Product& by_matrix, const Product& by_transpose) {
    int products = 0;
    const auto product = [&](const Product& by, std::vector<double> x) {
        by(x);
        ++products;
        return x;
    };
    std::vector<double> x = product(by_matrix, std::vector<double>(n, 1 / static_cast<double>(n)));
    double estimate = norm_1(x);
    if (n == 1) return {estimate, products};
    std::vector<double> signs = signs_of(x), gradient = product(by_transpose, signs);
    std::size_t vertex = place_of_largest(gradient);
    for (int visited = 1; visited < most_vertices; ++visited) {
        x = product(by_matrix, unit(n, vertex));
        const double before = std::exchange(estimate, norm_1(x));
        const std::vector<double> signs_before = std::exchange(signs, signs_of(x));
        if (signs == signs_before || estimate <= before) break;
        gradient = product(by_transpose, signs);
        const std::size_t next = place_of_largest(gradient);
        if (gradient[vertex] == std::abs(gradient[next])) break;
        vertex = next;
    }
    x = product(by_matrix, alternating(n));
    return {std::max(estimate, 2 * (norm_1(x) / (3 * static_cast<double>(n)))), products};
}

}  // namespace halfulp::conditioning
