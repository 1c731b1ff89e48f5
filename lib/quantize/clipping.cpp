#include <halfulp/lib/quantize/clipping.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace halfulp::quantize {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// counts[0] + ... + counts[i].
std::vector<std::uint64_t> sums_of(std::span<const std::uint64_t> counts) {
    std::vector<std::uint64_t> sums(counts.size());
    std::partial_sum(counts.begin(), counts.end(), sums.begin());
    return sums;
}

/// The first bin up to which at least that share of all lies.
std::size_t quantile(std::span<const std::uint64_t> sums, double share) {
    const auto total = static_cast<double>(sums.back());
    const auto found =
        std::ranges::find_if(sums, [&](std::uint64_t sum) { return static_cast<double>(sum) / total >= share; });
    return static_cast<std::size_t>(found - sums.begin());
}

/// Integral over distances from one to another, of their squares.
double integral_of_squares(double from, double to) { return (to * to * to - from * from * from) / 3; }

/// The squared error of numbers that fill each bin evenly, with as many levels evenly on bins first to last; beyond them the
/// first and the last level go on.
double l2_error(const Histogram& h, std::size_t first, std::size_t last, std::size_t levels) {
    const double level_width = h.width * static_cast<double>(last - first + 1) / static_cast<double>(levels);
    const auto level_of = [&](double x) {
        return std::clamp(std::floor(x / level_width), 0.0, static_cast<double>(levels - 1));
    };
    double sum = 0;
    for (std::size_t i = 0; i < h.counts.size(); ++i) {
        if (h.counts[i] == 0) continue;
        const double begin = (static_cast<double>(i) - static_cast<double>(first)) * h.width, end = begin + h.width;
        const double level_of_begin = level_of(begin), level_of_end = level_of(end), half = level_width / 2;
        const double error = integral_of_squares(begin - (level_of_begin + 0.5) * level_width, half) +
                             (level_of_end - level_of_begin - 1) * integral_of_squares(-half, half) +
                             integral_of_squares(-half, end - (level_of_end + 0.5) * level_width);
        sum += static_cast<double>(h.counts[i]) / h.width * error;
    }
    return sum;
}

}  // namespace

Limits moving_average(std::span<const Limits> batches, float constant) {
    Limits average = batches[0];
    for (const Limits& batch : batches.subspan(1)) {
        average.least += constant * (batch.least - average.least);
        average.greatest += constant * (batch.greatest - average.greatest);
    }
    return average;
}

double percentile_reach(const Histogram& magnitudes, double percent) {
    return magnitudes.edge(quantile(sums_of(magnitudes.counts), percent / 100));
}

Limits percentile_limits(const Histogram& numbers, double percent) {
    const auto sums = sums_of(numbers.counts);
    const double cut = (100 - percent) / 200;
    return {static_cast<float>(numbers.edge(quantile(sums, cut))),
            static_cast<float>(numbers.edge(quantile(sums, 1 - cut) + 1))};
}

Limits l2_limits(const Histogram& numbers, std::size_t levels) {
    constexpr double step = 1e-5;
    const auto sums = sums_of(numbers.counts);
    const auto total = static_cast<double>(sums.back());
    std::size_t first = 0, last = numbers.counts.size() - 1;
    double below = 0, above = 1, least = infinity;
    while (below < above) {
        std::size_t from = first, to = last;
        while (from < last && static_cast<double>(sums[from]) < (below + step) * total) ++from;
        while (to > first && static_cast<double>(sums[to]) > (above - step) * total) --to;
        const bool from_below = from - first > last - to;
        (from_below ? below : above) += from_below ? step : -step;
        const std::size_t next_first = from_below ? from : first, next_last = from_below ? last : to;
        if (next_first == first && next_last == last) continue;
        const double error = l2_error(numbers, next_first, next_last, levels);
        if (error > least) break;
        least = error;
        first = next_first;
        last = next_last;
    }
    return {static_cast<float>(numbers.edge(first)), static_cast<float>(numbers.edge(last + 1))};
}

}  // namespace halfulp::quantize
