#include <halfulp/lib/truth/matrix2.hpp>

#include <algorithm>

namespace halfulp::truth {

Rational determinant(const Matrix2& a) { return a[0] * a[3] - a[1] * a[2]; }

Matrix2 inverse(const Matrix2& a) {
    const Rational d = determinant(a);
    return {a[3] / d, -a[1] / d, -a[2] / d, a[0] / d};
}

Vector2 solution(const Matrix2& a, const Vector2& c) { return product(inverse(a), c); }

Vector2 product(const Matrix2& a, const Vector2& x) { return {a[0] * x[0] + a[1] * x[1], a[2] * x[0] + a[3] * x[1]}; }

Rational norm_inf(const Vector2& x) { return std::max<Rational>(abs(x[0]), abs(x[1])); }

Rational norm_inf(const Matrix2& a) { return std::max<Rational>(abs(a[0]) + abs(a[1]), abs(a[2]) + abs(a[3])); }

Rational kappa_inf(const Matrix2& a) { return norm_inf(a) * norm_inf(inverse(a)); }

Rational kappa_2_plus_inverse(const Matrix2& a) {
    Rational squares = 0;
    for (const Rational& entry : a) squares += entry * entry;
    return squares / abs(determinant(a));
}

// x + 1 / x increases from x = 1 on, and kappa_2 >= 1.
bool has_kappa_2(const Matrix2& a, const Rational& kappa) {
    return kappa >= 1 && kappa + 1 / kappa == kappa_2_plus_inverse(a);
}

}  // namespace halfulp::truth
