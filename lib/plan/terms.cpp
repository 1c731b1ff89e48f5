#include <halfulp/lib/plan/terms.h>

#include <algorithm>
#include <cmath>

#include <halfulp/lib/condition/condition.hpp>

namespace halfulp::plan {

using workload::Problem;

Stored::Stored(const Problem& problem, const Policy& policy)
    : p(problem),
      a(stored_operand(p.a, policy.by.storage)),
      b(stored_operand(p.b, policy.by.storage)),
      bias(stored_operand(p.bias, policy.by.result)) {
    if (policy.by.storage.integer && p.workload.has_b)
        scaling = static_cast<float>(a.scale) * static_cast<float>(b.scale) / (a.scale * b.scale);
}

std::size_t terms_of(const Problem& p) { return p.k + (p.bias.empty() ? 0 : 1); }

Terms::Terms(std::size_t count)
    : a(count), b(count, 1), stored_a(count), stored_b(count, 1), variance_a(count), variance_b(count) {}

void Terms::gather(const Stored& s, std::size_t place) {
    const Problem& p = s.p;
    const std::size_t row = place / p.n * p.k, column = place % p.n;
    scaling = std::isinf(s.scaling) ? 1 : s.scaling;
    for (std::size_t l = 0; l < p.k; ++l) {
        a[l] = p.a[row + l];
        stored_a[l] = s.a.numbers[row + l];
        variance_a[l] = s.a.variances[row + l];
    }
    if (!p.bias.empty()) {
        a[p.k] = p.bias[column];
        stored_a[p.k] = s.bias.numbers[column];
        variance_a[p.k] = s.bias.variances[column];
    }
    if (!p.workload.has_b) return;
    for (std::size_t l = 0; l < p.k; ++l) {
        b[l] = p.b[l * p.n + column];
        stored_b[l] = s.b.numbers[l * p.n + column];
        variance_b[l] = s.b.variances[l * p.n + column];
    }
}

Facts facts_of(const Problem& p, const Terms& t) {
    Facts f;
    f.value = conditioning::exact_dot(t.a, t.b);
    for (std::size_t l = 0; l < t.a.size(); ++l) {
        const double product = t.stored_a[l] * t.stored_b[l] * (l < p.k ? t.scaling : 1);
        f.magnitude += std::abs(product);
        f.terms += std::abs(t.a[l] * t.b[l]);
        f.change += product - t.a[l] * t.b[l];
        f.variance += t.variance_a[l] * (t.b[l] * t.b[l] + t.variance_b[l]) + t.a[l] * t.a[l] * t.variance_b[l];
    }
    f.bias = p.bias.empty() ? 0 : t.stored_a[p.k];
    return f;
}

void cut_off(Facts& f) {
    const double stored = std::max(0.0, f.stored());
    if (stored == 0) f.roundings = {.largest = f.roundings.largest};
    if (f.value <= 0) f.variance = f.terms = 0;
    f.value = std::max(0.0, f.value);
    f.change = stored - f.value;
    f.lost = 0;
}

}  // namespace halfulp::plan
