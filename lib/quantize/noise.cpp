#include <halfulp/lib/quantize/noise.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <halfulp/lib/quantize/level_error.h>
#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::quantize {
namespace {

NoiseRow noise_row(int bits, const Affine& by, std::span<const float> numbers, const Histogram& histogram) {
    std::vector<float> levels(numbers.size());
    fake_quantise(by, numbers, levels);
    const Noise noise = noise_of(numbers, levels);
    const auto step = static_cast<double>(by.scale);
    return {bits,  by, decibels(noise.power, step * step / 12), decibels(noise.power, predicted_error(by, histogram)),
            noise, {}};
}

}  // namespace

double decibels(double power, double error) {
    return error == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(power / error);
}

Noise noise_of(std::span<const float> numbers, std::span<const float> levels) {
    const auto count = static_cast<double>(numbers.size());
    double x_sum = 0, x_squares = 0, sum = 0, squares = 0, products = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const double x = static_cast<double>(numbers[i]), e = static_cast<double>(levels[i]) - x;
        x_sum += x;
        x_squares += x * x;
        sum += e;
        squares += e * e;
        products += e * x;
    }
    const double mean = sum / count, x_mean = x_sum / count;
    const double variances = (squares / count - mean * mean) * (x_squares / count - x_mean * x_mean);
    const double correlation = variances > 0 ? (products / count - mean * x_mean) / std::sqrt(variances) : 0;
    return {x_squares / count, mean, squares / count, correlation, numbers.size()};
}

bool Departure::holds() const { return std::max({std::abs(mean), std::abs(variance), std::abs(correlation)}) <= 4; }

Departure departure(const Noise& noise, float scale) {
    // Of a uniform variable the variance is s^2 / 12, and the fourth moment 9/5 of its square: the variance of n has 4/5 / n.
    const auto step = static_cast<double>(scale);
    const double root = std::sqrt(static_cast<double>(noise.count)), variance = step * step / 12;
    return {noise.mean / std::sqrt(variance) * root, (noise.variance() / variance - 1) * root / std::sqrt(0.8),
            noise.correlation * root};
}

double predicted_error(const Affine& by, const Histogram& numbers) {
    const auto step = static_cast<double>(by.scale);
    const double least = by.range.least - by.zero_point, greatest = by.range.greatest - by.zero_point;
    double sum = 0;
    for (std::size_t i = 0; i < numbers.counts.size(); ++i) {
        const double from = numbers.edge(i) / step, to = numbers.edge(i + 1) / step;
        const double mean = (error_integral(least, greatest, to) - error_integral(least, greatest, from)) / (to - from);
        sum += static_cast<double>(numbers.counts[i]) * mean;
    }
    return sum * step * step / static_cast<double>(numbers.total());
}

std::vector<NoiseRow> noise_by_bits(const Scheme& scheme, std::span<const float> numbers) {
    const Histogram histogram = histogram_of(numbers);
    const Limits limits = limits_of(numbers);
    std::vector<NoiseRow> rows;
    for (int bits = 2; bits <= 16; ++bits) {
        Scheme with_bits = scheme;
        with_bits.range = full_range({bits, true});
        with_bits.rounding.reset();  // predicted_error is for the nearest level
        try {
            rows.push_back(noise_row(bits, affine_of(with_bits, limits), numbers, histogram));
        } catch (const InputError& error) {
            rows.push_back({bits, {}, 0, 0, {}, error.what()});
        }
    }
    return rows;
}

}  // namespace halfulp::quantize
