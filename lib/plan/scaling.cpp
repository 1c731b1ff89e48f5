#include <halfulp/lib/plan/scaling.hpp>

#include <algorithm>
#include <cmath>

#include <halfulp/lib/plan/grid.hpp>

namespace halfulp::plan {
namespace {

using workload::Problem;

double largest_magnitude(const std::vector<float>& x) {
    double largest = 0;
    for (const float v : x) largest = std::max(largest, std::abs(static_cast<double>(v)));
    return largest;
}

/// The largest Euclidean norm of a row of A or a column of B.
double largest_norm(const std::vector<float>& x, std::size_t lines, std::size_t k, std::size_t line_step,
                    std::size_t step) {
    double largest = 0;
    for (std::size_t i = 0; i < lines; ++i) {
        double squares = 0;
        for (std::size_t l = 0; l < k; ++l) squares += std::pow(static_cast<double>(x[i * line_step + l * step]), 2);
        largest = std::max(largest, squares);
    }
    return std::sqrt(largest);
}

}  // namespace

Exponents exponents_of(const Problem& p, const Policy& policy) {
    const double a = largest_magnitude(p.a), b = p.workload.has_b ? largest_magnitude(p.b) : 1;
    if (!policy.scaled || policy.by.storage.integer || a == 0 || b == 0) return {};
    const double rows = largest_norm(p.a, p.m, p.k, p.k, 1) / a,
                 columns = p.workload.has_b ? largest_norm(p.b, p.n, p.k, 1, p.n) / b : std::sqrt(p.k);
    const double bias = largest_magnitude(p.bias) / a / b;
    // The largest magnitudes come to below 2^each, the sums to below 2^emax: roundings have a binade left.
    const int stored = policy.by.storage.format.emax();
    const int sums = policy.by.accumulate.format.emax() - 1 - exponent_of(rows * columns + bias);
    if (!p.workload.has_b) return {std::min(stored, sums) - 1 - exponent_of(a), 0};
    const int each = std::min(stored, sums >> 1);
    return {each - 1 - exponent_of(a), each - 1 - exponent_of(b)};
}

Problem scaled_problem(const Problem& problem, const Exponents& exponents) {
    Problem scaled = problem;
    for (float& x : scaled.a) x = std::ldexp(x, exponents.a);
    for (float& x : scaled.b) x = std::ldexp(x, exponents.b);
    for (float& x : scaled.bias) x = std::ldexp(x, exponents.of_result());
    return scaled;
}

}  // namespace halfulp::plan
