#include <halfulp/lib/solve/gmres.hpp>

#include <cmath>
#include <cstddef>

namespace halfulp::solve {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& x, const Vector& y) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
    return sum;
}

void add_multiple(Vector& y, double factor, const Vector& x) {
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += factor * x[i];
}

void scale(Vector& x, double factor) {
    for (double& number : x) number *= factor;
}

/// Turns (a, b) to (length, 0).
struct Rotation {
    double cosine = 1, sine = 0;

    Rotation(double a, double b) {
        const double length = std::hypot(a, b);
        if (length == 0) return;
        cosine = a / length;
        sine = b / length;
    }
    void apply(double& a, double& b) const {
        const double turned = cosine * a + sine * b;
        b = cosine * b - sine * a;
        a = turned;
    }
};

}  // namespace

GmresResult gmres(const Operator& a, Vector b, double tolerance, int most_steps) {
    const double size = std::sqrt(dot(b, b));
    GmresResult result{Vector(b.size()), 0};
    if (size == 0 || !std::isfinite(size)) return result;
    scale(b, 1 / size);
    std::vector<Vector> basis = {std::move(b)}, columns;  // of Hessenberg's matrix, rotated to a triangle
    std::vector<Rotation> rotations;
    Vector right = {size};
    while (result.steps < most_steps && std::abs(right.back()) > tolerance * size) {
        Vector next = basis.back(), column;
        a(next);
        ++result.steps;
        for (const Vector& v : basis) {
            column.push_back(dot(next, v));
            add_multiple(next, -column.back(), v);
        }
        double rest = std::sqrt(dot(next, next));
        if (!std::isfinite(rest)) break;
        const double length = rest;
        for (std::size_t i = 0; i < rotations.size(); ++i) rotations[i].apply(column[i], column[i + 1]);
        rotations.emplace_back(column.back(), rest);
        rotations.back().apply(column.back(), rest);
        right.push_back(0);
        rotations.back().apply(right[right.size() - 2], right.back());
        columns.push_back(std::move(column));
        if (length == 0) break;
        scale(next, 1 / length);
        basis.push_back(std::move(next));
    }
    for (std::size_t k = columns.size(); k-- > 0;) {
        for (std::size_t j = k + 1; j < columns.size(); ++j) right[k] -= columns[j][k] * right[j];
        right[k] = columns[k][k] == 0 ? 0 : right[k] / columns[k][k];
    }
    for (std::size_t k = 0; k < columns.size(); ++k) add_multiple(result.x, right[k], basis[k]);
    return result;
}

}  // namespace halfulp::solve
