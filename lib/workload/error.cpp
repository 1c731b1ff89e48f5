#include <halfulp/lib/workload/error.hpp>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace halfulp::workload {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The distance of neighbours in the binade of t, which is not 0.
double ulp(double t, const Format& f) { return std::ldexp(1, std::max(std::ilogb(t), f.emin()) - f.fraction_bits()); }

double ratio(double a, double b) { return a == 0 ? 0 : a / b; }

}  // namespace

double unit_roundoff(const Format& format) { return std::ldexp(1, -format.precision); }

double Error::sqnr() const { return -20 * std::log10(relative_norm); }
double Error::digits() const { return -std::log10(relative_norm); }

Error error_of(std::span<const double> results, std::span<const double> truths, const Format& format) {
    assert(results.size() == truths.size());
    Error e{};
    double squares = 0, truth_squares = 0;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (!std::isfinite(results[i])) ++e.not_finite;
        const double distance = std::abs(results[i] - truths[i]);
        e.largest = std::max(e.largest, distance);
        e.largest_relative = std::max(e.largest_relative, ratio(distance, std::abs(truths[i])));
        if (truths[i] != 0) e.largest_ulps = std::max(e.largest_ulps, distance / ulp(truths[i], format));
        squares += distance * distance;
        truth_squares += truths[i] * truths[i];
    }
    e.relative_norm = ratio(std::sqrt(squares), std::sqrt(truth_squares));
    if (e.not_finite > 0) e = {infinity, infinity, infinity, infinity, e.not_finite};
    return e;
}

}  // namespace halfulp::workload
