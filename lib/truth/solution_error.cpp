#include <halfulp/lib/truth/solution_error.hpp>

#include <algorithm>

namespace halfulp::truth {
namespace {

Vector2 difference(const Vector2& a, const Vector2& b) { return {a[0] - b[0], a[1] - b[1]}; }

Vector2 residual(const System2& system, const Vector2& x) { return difference(system.c, product(system.a, x)); }

}  // namespace

Rational forward_error(const Vector2& computed, const Vector2& exact) {
    return norm_inf(difference(computed, exact)) / norm_inf(exact);
}

Rational normwise_backward_error(const System2& system, const Vector2& x) {
    return norm_inf(residual(system, x)) / (norm_inf(system.a) * norm_inf(x) + norm_inf(system.c));
}

Rational componentwise_backward_error(const System2& system, const Vector2& x) {
    const Vector2 r = residual(system, x);
    Rational largest = 0;
    for (std::size_t row = 0; row < 2; ++row) {
        const Rational size = abs(system.a[2 * row] * x[0]) + abs(system.a[2 * row + 1] * x[1]) + abs(system.c[row]);
        if (size == 0) continue;  // then r is 0 too
        largest = std::max<Rational>(largest, abs(r[row]) / size);
    }
    return largest;
}

std::optional<Rational> perturbation_bound(const Rational& kappa, const Rational& u) {
    if (kappa * u >= 1) return std::nullopt;
    return 2 * kappa * u / (1 - kappa * u);
}

}  // namespace halfulp::truth
