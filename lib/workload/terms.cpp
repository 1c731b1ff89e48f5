#include <halfulp/lib/workload/terms.h>

namespace halfulp::workload {
namespace {

/// A row or a column: every step-th number from the first on.
std::vector<float> line(const std::vector<float>& numbers, std::size_t first, std::size_t step, std::size_t count) {
    std::vector<float> some(count);
    for (std::size_t l = 0; l < count; ++l) some[l] = numbers[first + l * step];
    return some;
}

Terms terms_of_gradient(const Problem& p, std::size_t i, std::size_t j) {
    const std::size_t size = p.k;
    if (i < size) return {line(p.a, i * size, 1, size), line(p.b, j * size, 1, size)};
    if (i == 2 * size) return {std::vector(size, 1.0F), line(p.a, j, size, size)};
    return {line(p.inputs, i - size, size, size), line(p.a, j, size, size)};
}

}  // namespace

Terms terms_of(const Problem& p, std::size_t place) {
    const std::size_t i = place / p.n, j = place % p.n;
    if (p.workload.kind == Kind::LayerGradients) return terms_of_gradient(p, i, j);
    return {line(p.a, i * p.k, 1, p.k), p.workload.has_b ? line(p.b, j, p.n, p.k) : std::vector<float>()};
}

}  // namespace halfulp::workload
