#include <halfulp/lib/condition/problems/randsvd.hpp>

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <halfulp/lib/condition/problems/draw.hpp>

namespace halfulp::conditioning {
namespace {

using Dense = Eigen::MatrixXd;

Dense random_orthogonal(Eigen::Index n, Draw& draw) {
    Dense normal(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j) normal(i, j) = draw.normal();
    const Eigen::HouseholderQR<Dense> qr(normal);
    Dense q = qr.householderQ();
    for (Eigen::Index j = 0; j < n; ++j)
        if (qr.matrixQR()(j, j) < 0) q.col(j) *= -1;
    return q;
}

/// From the first, 1, to the last, 1 / kappa; of random ones the first two are these.
double singular_value(Spectrum spectrum, std::size_t i, std::size_t n, double kappa, Draw& draw) {
    const double share = static_cast<double>(i) / static_cast<double>(n - 1);
    switch (spectrum) {
        case Spectrum::OneLarge: return i == 0 ? 1 : 1 / kappa;
        case Spectrum::OneSmall: return i == n - 1 ? 1 / kappa : 1;
        case Spectrum::Geometric: return std::pow(kappa, -share);
        case Spectrum::Arithmetic: return 1 - share * (1 - 1 / kappa);
        case Spectrum::RandomLogarithm:
            return i < 2 ? std::pow(kappa, -share * static_cast<double>(n - 1)) : std::pow(kappa, -draw.uniform());
    }
    __builtin_unreachable();
}

}  // namespace

Matrix randsvd(std::size_t n, double kappa, Spectrum spectrum, std::uint64_t seed) {
    if (n < 2 || !(kappa >= 1 && std::isfinite(kappa)))
        throw std::invalid_argument("expected two rows and a finite condition number of at least 1, found " +
                                    std::to_string(n) + " and " + std::to_string(kappa));
    Draw draw(seed);
    const auto size = static_cast<Eigen::Index>(n);
    const Dense u = random_orthogonal(size, draw), v = random_orthogonal(size, draw);
    Eigen::VectorXd values(size);
    for (std::size_t i = 0; i < n; ++i)
        values(static_cast<Eigen::Index>(i)) = singular_value(spectrum, i, n, kappa, draw);
    const Dense product = u * values.asDiagonal() * v.transpose();
    Matrix a(n, n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            a(i, j) = product(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
    return a;
}

}  // namespace halfulp::conditioning
