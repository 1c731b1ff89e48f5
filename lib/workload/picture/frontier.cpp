#include <halfulp/lib/workload/picture/frontier.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <halfulp/lib/workload/pareto.hpp>

namespace halfulp::workload {
namespace {

/// Errors that a logarithmic axis can show: what is exact, and what is infinite, stands a decade beyond all others.
class Errors {
  public:
    explicit Errors(const Benched& problem) {
        for (const Measurement& m : problem.measurements) {
            const double e = m.against_truth.relative_norm;
            if (e == 0 || !std::isfinite(e)) continue;
            least_ = least_ == 0 ? e : std::min(least_, e);
            largest_ = std::max(largest_, e);
        }
        if (least_ == 0) least_ = largest_ = 1;
    }

    double shown(const Measurement& m) const {
        const double e = m.against_truth.relative_norm;
        return e == 0 ? least_ / 10 : std::isfinite(e) ? e : largest_ * 10;
    }

  private:
    double least_ = 0, largest_ = 0;
};

std::string label_of(const Measurement& m) {
    const double e = m.against_truth.relative_norm;
    return m.computed_by + (e == 0 ? " (exact)" : std::isfinite(e) ? "" : " (infinite)");
}

Plot plot_of(const Benched& problem) {
    const Errors errors(problem);
    const std::vector<const Measurement*> set = pareto_set(problem);
    Series best{"Pareto set", Colour::Blue, Mark::Circle, Stroke::Solid, {}},
        others{"others", Colour::Orange, Mark::Circle, Stroke::None, {}},
        wrong{"wrong results", Colour::Grey, Mark::Circle, Stroke::None, {}};
    std::vector<double> times, distances;
    const auto point = [&](const Measurement& m) {
        times.push_back(m.seconds);
        distances.push_back(errors.shown(m));
        return Point{m.seconds, errors.shown(m), label_of(m), static_cast<double>(m.bytes)};
    };
    for (const Measurement* m : set) best.points.push_back(point(*m));
    for (const Measurement& m : problem.measurements)
        if (std::find(set.begin(), set.end(), &m) == set.end())
            (m.wrong > 0 ? wrong : others).points.push_back(point(m));
    Plot plot{fmt::format("{} of {}, {} data", problem.workload, problem.k, problem.data),
              axis_over("time, seconds", times),
              axis_over("relative error to the truth", distances),
              {},
              "bytes"};
    for (Series* series : {&wrong, &others, &best})
        if (!series->points.empty()) plot.series.push_back(*series);
    return plot;
}

}  // namespace

Picture frontier(const Benched& problem) {
    return {fmt::format("frontier-{}-{}-{}", problem.workload, problem.k, problem.data), plot_of(problem), ""};
}

}  // namespace halfulp::workload
