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

/// So many numbers at one place.
struct Point {
    double x, count;
};

/// The centres of the bins that are not empty: of few numbers, few.
std::vector<Point> points_of(const Histogram& magnitudes) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < magnitudes.counts.size(); ++i)
        if (magnitudes.counts[i] != 0)
            points.push_back({magnitudes.centre(i), static_cast<double>(magnitudes.counts[i])});
    return points;
}

double square_error(std::span<const Point> points, std::int32_t greatest_code, double reach) {
    const double scale = greatest_code / reach;
    double sum = 0;
    for (const auto& [x, count] : points) {
        const double level = std::min<double>(std::nearbyint(x * scale), greatest_code) / scale;
        sum += count * (level - x) * (level - x);
    }
    return sum;
}

/// KL divergence of the first `used` bins and all that is beyond from `levels` levels.
double divergence(std::span<const std::uint64_t> counts, std::uint64_t beyond, std::size_t used, std::size_t levels) {
    std::vector<double> spread(levels);
    std::vector<std::size_t> occupied(levels);
    double inside = 0;
    for (std::size_t i = 0; i < used; ++i) {
        if (counts[i] == 0) continue;
        spread[i * levels / used] += static_cast<double>(counts[i]);
        ++occupied[i * levels / used];
        inside += static_cast<double>(counts[i]);
    }
    const double all = inside + static_cast<double>(beyond);
    double sum = 0;
    for (std::size_t i = 0; i < used; ++i) {
        const double p = static_cast<double>(counts[i] + (i + 1 == used ? beyond : 0)) / all;
        if (p == 0) continue;
        if (counts[i] == 0) return infinity;
        const std::size_t level = i * levels / used;
        sum += p * std::log(p * inside * static_cast<double>(occupied[level]) / spread[level]);
    }
    return sum;
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

double mse_reach(const Histogram& magnitudes, std::int32_t greatest_code, std::size_t first) {
    const std::vector<Point> points = points_of(magnitudes);
    double least = infinity, reach = magnitudes.edge(magnitudes.counts.size());
    for (std::size_t i = first; i < magnitudes.counts.size(); ++i) {
        const double error = square_error(points, greatest_code, magnitudes.centre(i));
        if (error < least) {
            least = error;
            reach = magnitudes.centre(i);
        }
    }
    return reach;
}

double entropy_reach(const Histogram& magnitudes, std::size_t levels) {
    std::vector<std::uint64_t> counts = magnitudes.counts;
    if (counts.size() > 1) counts[0] = counts[1];
    const auto sums = sums_of(counts);
    double least = infinity, reach = magnitudes.edge(counts.size());
    for (std::size_t used = levels; used <= counts.size(); ++used) {
        const double d = divergence(counts, sums.back() - sums[used - 1], used, levels);
        if (d <= least && d < infinity) {
            least = d;
            reach = magnitudes.edge(used);
        }
    }
    return reach;
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
