#include <halfulp/lib/exercise/quantisation_model.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace halfulp {
namespace {

using std::numbers::pi;

/// primitive(x, y) is an antiderivative, at x, of (x - y)^2 times the input's density. Each level y is integrated over
/// what gets its code.
template <class Primitive>
double mean_square_error(const Quantiser& quantiser, const Primitive& primitive) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double sum = 0;
    for (std::int64_t k = quantiser.least(); k <= quantiser.greatest(); ++k) {
        const double y = static_cast<double>(k) + (quantiser.between_codes ? 0.5 : 0);
        const double from = k == quantiser.least() ? -infinity : y - 0.5;
        const double to = k == quantiser.greatest() ? infinity : y + 0.5;
        sum += primitive(to, y) - primitive(from, y);
    }
    return sum;
}

}  // namespace

double decibels(double ratio) { return 10 * std::log10(ratio); }

double sine_error(const Quantiser& quantiser, double amplitude) {
    const double a = amplitude;
    return mean_square_error(quantiser, [a](double x, double y) {
        const double phase = std::asin(std::clamp(x / a, -1.0, 1.0));  // the density of phases is 1 / pi
        return ((a * a / 2 + y * y) * phase - a * a / 4 * std::sin(2 * phase) + 2 * a * y * std::cos(phase)) / pi;
    });
}

double gaussian_error(const Quantiser& quantiser, double deviation) {
    constexpr double beyond = 40;  // where binary64 has nothing left of the density
    return mean_square_error(quantiser, [=](double x, double y) {
        const double t = std::clamp(x / deviation, -beyond, beyond);
        const double below = std::erfc(-t / std::numbers::sqrt2) / 2;
        const double density = std::exp(-t * t / 2) / std::sqrt(2 * pi);
        return (deviation * deviation + y * y) * below - deviation * (deviation * t - 2 * y) * density;
    });
}

double gaussian_share(double deviation) {
    double sum = 0;
    for (int k = 1; k <= 100; ++k)
        sum += (k % 2 == 0 ? 1.0 : -1.0) / (k * k) * std::exp(-2 * pi * pi * k * k * deviation * deviation);
    return 1 + 12 / (pi * pi) * sum;
}

Clip best_gaussian_clip(const Quantiser& quantiser) {
    const auto top = static_cast<double>(quantiser.greatest());
    const auto sqnr = [&](double deviations) {
        const double deviation = top / deviations;
        return deviation * deviation / gaussian_error(quantiser, deviation);
    };
    double low = 1, high = 10;  // clipping dominates below, the step above: one maximum between them
    for (int i = 0; i < 60; ++i) {
        const double third = (high - low) / 3;
        if (sqnr(low + third) < sqnr(high - third))
            low += third;
        else
            high -= third;
    }
    return {low, sqnr(low)};
}

}  // namespace halfulp
