#include <halfulp/lib/solve/refinement.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <halfulp/lib/condition/backward_error.hpp>
#include <halfulp/lib/condition/norm.hpp>
#include <halfulp/lib/solve/gmres.hpp>
#include <halfulp/lib/solve/lu.hpp>
#include <halfulp/lib/solve/scaling.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::solve {
namespace {

using Vector = std::vector<double>;

constexpr double u = 0x1p-53, infinity = std::numeric_limits<double>::infinity();
constexpr double gmres_tolerance = 1e-4;  // Carson and Higham 2018, for corrections in binary64
constexpr int most_gmres_steps = 100;

bool all_finite(std::span<const double> x) {
    return std::ranges::all_of(x, [](double number) { return std::isfinite(number); });
}

/// y = b - A x, one term after another.
Vector residual(const Matrix& a, const Vector& x, std::span<const double> b) {
    Vector r(b.begin(), b.end());
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < a.columns; ++j) r[i] -= a(i, j) * x[j];
    return r;
}

/// A matrix with the factors of its low-precision copy.
class System {
  public:
    System(const Matrix& a, const Format& format)
        : a_(a), scaling_(scaling_for(a, format)), factors_(factorise(scaled(a, scaling_), format)) {}

    Breakdown breakdown() const { return factors_.breakdown; }

    /// What the factors make of a right side: S U^-1 L^-1 P R b 2^mu.
    void approximate(Vector& b) const {
        for (std::size_t i = 0; i < b.size(); ++i) b[i] = std::ldexp(b[i], scaling_.mu + scaling_.rows[i]);
        substitute(factors_, b);
        for (std::size_t j = 0; j < b.size(); ++j) b[j] = std::ldexp(b[j], scaling_.columns[j]);
    }

    /// The correction for a residual, and the products it took.
    GmresResult correction(Vector r, Method method) const {
        approximate(r);
        if (method == Method::Refinement) return {std::move(r), 0};
        const auto preconditioned = [&](Vector& x) {
            Vector product(x.size());
            for (std::size_t i = 0; i < a_.rows; ++i)
                for (std::size_t j = 0; j < a_.columns; ++j) product[i] += a_(i, j) * x[j];
            approximate(product);
            x = std::move(product);
        };
        return gmres(preconditioned, std::move(r), gmres_tolerance, most_gmres_steps);
    }

  private:
    const Matrix& a_;
    Scaling scaling_;
    Factors factors_;
};

void check(const Matrix& a, std::span<const double> b) {
    if (a.rows == 0 || a.rows != a.columns || b.size() != a.rows)
        throw std::invalid_argument("expected a square matrix and a right side as long, found " +
                                    std::to_string(a.rows) + " x " + std::to_string(a.columns) + " and " +
                                    std::to_string(b.size()));
    if (!all_finite(a.numbers) || !all_finite(b)) throw std::invalid_argument("expected finite numbers");
}

std::string_view failure_of(Breakdown breakdown) {
    switch (breakdown) {
        case Breakdown::None: return "";
        case Breakdown::Overflow: return "overflow in the factors";
        case Breakdown::ZeroPivot: return "zero pivot";
    }
    __builtin_unreachable();
}

/// Corrects x; empty, or why it did not converge.
std::string_view refine(const System& system, const Matrix& a, std::span<const double> b, Method method,
                        Refined& result) {
    const double norm = norm_inf(a), root = std::sqrt(static_cast<double>(a.rows));
    for (;; ++result.corrections) {
        if (!all_finite(result.x)) return "diverges";
        const Vector r = residual(a, result.x, b);
        if (conditioning::norm_inf(r) <= root * u * norm * conditioning::norm_inf(result.x)) return "";
        if (result.corrections == most_corrections) return "no convergence";
        const GmresResult d = system.correction(r, method);
        result.products += d.steps;
        for (std::size_t i = 0; i < r.size(); ++i) result.x[i] += d.x[i];
    }
}

}  // namespace

double kappa_limit(Method method, const Format& format) {
    const double v = std::ldexp(1, -format.precision);
    return method == Method::Refinement ? 1 / v : std::cbrt(1 / (u * v * v));
}

Refined solve(const Matrix& a, std::span<const double> b, const Format& format, Method method) {
    check(a, b);
    Refined result{Vector(b.begin(), b.end()), "", 0, 0, infinity, infinity, infinity};
    const System system(a, format);
    result.failure = failure_of(system.breakdown());
    if (!result.failure.empty()) return result;
    system.approximate(result.x);
    result.failure = refine(system, a, b, method, result);
    if (!all_finite(result.x)) return result;
    result.normwise = conditioning::normwise_backward_error(a, result.x, b);
    result.componentwise = conditioning::componentwise_backward_error(a, result.x, b);
    result.hpl_mxp = result.normwise / (static_cast<double>(a.rows) * u);
    return result;
}

}  // namespace halfulp::solve
