#include <halfulp/lib/workload/picture/frontier.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include <halfulp/lib/workload/pareto.hpp>

namespace halfulp::workload {
namespace {

/// Pre: bytes is a power of two.
std::string binary_text(std::size_t bytes) {
    constexpr std::array units = {"B", "KiB", "MiB", "GiB"};
    std::size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < units.size(); bytes /= 1024) ++unit;
    return fmt::format("{} {}", bytes, units.at(unit));
}

/// The largest power of two that is not more than the largest footprint, and a sixteenth of it: circles of which one is four
/// times as wide as the other.
std::vector<AreaSample> area_samples(const Benched& problem) {
    std::size_t largest = 1;
    for (const Measurement& m : problem.measurements) largest = std::max(largest, m.bytes);
    std::vector<AreaSample> samples;
    for (const std::size_t bytes : {std::bit_floor(largest), std::bit_floor(largest) / 16})
        if (bytes > 0) samples.push_back({static_cast<double>(bytes), binary_text(bytes)});
    return samples;
}

Plot plot_of(const Benched& problem) {
    const std::vector<const Measurement*> set = pareto_set(problem);
    Series best{"Pareto set", Colour::Blue, Mark::Circle, Stroke::Solid, {}},
        others{"others", Colour::Orange, Mark::Circle, Stroke::None, {}},
        wrong{"wrong results", Colour::Grey, Mark::Circle, Stroke::None, {}};
    std::vector<double> times, distances;
    const auto point = [&](const Measurement& m) {
        times.push_back(m.seconds);
        distances.push_back(m.against_truth.relative_norm);
        return Point{m.seconds, m.against_truth.relative_norm, m.computed_by, static_cast<double>(m.bytes)};
    };
    for (const Measurement* m : set) best.points.push_back(point(*m));
    for (const Measurement& m : problem.measurements)
        if (std::find(set.begin(), set.end(), &m) == set.end())
            (m.wrong > 0 ? wrong : others).points.push_back(point(m));
    Plot plot{fmt::format("{} of {}, {} data", problem.workload, problem.k, problem.data),
              axis_over("time, seconds", times),
              axis_over("relative error to the truth", distances),
              {},
              "bytes",
              area_samples(problem)};
    for (Series* series : {&wrong, &others, &best})
        if (!series->points.empty()) plot.series.push_back(*series);
    return plot;
}

}  // namespace

Picture frontier(const Benched& problem) {
    return {fmt::format("frontier-{}-{}-{}", problem.workload, problem.k, problem.data), plot_of(problem), ""};
}

}  // namespace halfulp::workload
