#include <halfulp/lib/exercise/quantisation/model.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace halfulp {
namespace {

using std::numbers::pi;

/// The part of an input below some x.
struct Part {
    double share;  ///< integral of the density
    double mean;   ///< integral of x times the density
};

/// The mean of (x - y)^2 = x^2 - 2 x y + y^2, level by level over what gets its code. `power` is the mean of x^2, and
/// below(x) the input's part below x.
template <class Below>
double mean_square_error(const Quantiser& quantiser, double power, const Below& below) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double sum = power;
    Part lower = below(-infinity);
    for (std::int64_t k = quantiser.least(); k <= quantiser.greatest(); ++k) {
        const double y = static_cast<double>(k) + (quantiser.between_codes ? 0.5 : 0);
        const Part upper = below(k == quantiser.greatest() ? infinity : y + 0.5);
        sum += y * y * (upper.share - lower.share) - 2 * y * (upper.mean - lower.mean);
        lower = upper;
    }
    return sum;
}

}  // namespace

double decibels(double ratio) { return 10 * std::log10(ratio); }

double sine_error(const Quantiser& quantiser, double amplitude) {
    return mean_square_error(quantiser, amplitude * amplitude / 2, [=](double x) {
        const double phase = std::asin(std::clamp(x / amplitude, -1.0, 1.0));
        return Part{phase / pi, -amplitude * std::cos(phase) / pi};
    });
}

double gaussian_error(const Quantiser& quantiser, double deviation) {
    return mean_square_error(quantiser, deviation * deviation, [=](double x) {
        const double t = x / deviation;
        return Part{std::erfc(-t / std::numbers::sqrt2) / 2, -deviation * std::exp(-t * t / 2) / std::sqrt(2 * pi)};
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
