#include <halfulp/lib/workload/picture/roofline.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <halfulp/lib/workload/picture/look.h>

namespace halfulp::workload {
namespace {

double intensity(const Measurement& m) { return m.operations / static_cast<double>(m.bytes); }
double rate(const Measurement& m) { return m.operations / m.seconds * 1e-9; }

double highest(const Bench& bench) {
    double rate = 0;
    for (const measure::Ceiling& c : bench.ceilings)
        if (c.kind == measure::Kind::Arithmetic) rate = std::max(rate, c.per_second * 1e-9);
    return rate;
}

/// Bytes of a number that a loop widens, by its name, and 0 of other loops. Bytes are not: their sums are of integers.
double widened_bytes(const measure::Ceiling& ceiling) {
    for (const Policy& p : policies)
        if (!p.storage.integer && p.storage != p.accumulate &&
            ceiling.name == std::string(name_of(p.storage)) + " to fp32")
            return p.storage.format.width / 8.0;
    return 0;
}

/// A kind of line a kind of ceiling, in colours that no mark has.
Series roof(std::string name, measure::Kind kind, std::size_t number) {
    constexpr std::array colours = {Colour::Black, Colour::Purple, Colour::SkyBlue, Colour::Grey};
    constexpr std::array level = {Stroke::Dashed, Stroke::DashDotted, Stroke::Dotted};
    const Stroke stroke = kind == measure::Kind::Reading      ? Stroke::Solid
                          : kind == measure::Kind::Conversion ? Stroke::Dotted
                                                              : level[number / colours.size() % level.size()];
    return {std::move(name), colours[number % colours.size()], Mark::None, stroke, {}};
}

/// Those of a kind, the quickest first.
std::vector<const measure::Ceiling*> ceilings_of(const Bench& bench, measure::Kind kind) {
    std::vector<const measure::Ceiling*> found;
    for (const measure::Ceiling& c : bench.ceilings)
        if (c.kind == kind && (kind != measure::Kind::Conversion || widened_bytes(c) > 0)) found.push_back(&c);
    std::stable_sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->per_second > b->per_second; });
    return found;
}

/// What limits a computation: lines up to the highest of the level ones.
std::vector<Series> roofs(const Bench& bench, const Axis& x) {
    std::vector<Series> all;
    const auto add = [&](measure::Kind kind, const char* unit) {
        std::size_t number = 0;
        for (const measure::Ceiling* c : ceilings_of(bench, kind)) {
            const double rate = c->per_second * 1e-9;
            const bool is_level = kind == measure::Kind::Arithmetic;
            const double slope = rate * (kind == measure::Kind::Conversion ? widened_bytes(*c) : 1);
            const double end = is_level ? x.high : std::min(x.high, highest(bench) / slope);
            const auto y = [&](double at) { return is_level ? rate : slope * at; };
            all.push_back(roof(fmt::format("{}: {:.0f} {}", c->name, rate, unit), kind, number++));
            all.back().points = {{x.low, y(x.low), ""}, {end, y(end), ""}};
        }
    };
    add(measure::Kind::Reading, "GB/s");
    add(measure::Kind::Conversion, "G/s");
    add(measure::Kind::Arithmetic, "Gop/s");
    return all;
}

/// Of each problem the line through its points, and, in grey, the points of other policies.
std::vector<Series> measured(const Bench& bench) {
    std::vector<Series> lines, marks;
    for (const Look& look : looks)
        marks.push_back({std::string(look.policy), look.colour, look.mark, Stroke::None, {}});
    marks.push_back({"other policies", Colour::Grey, Mark::Nabla, Stroke::None, {}});
    for (const Benched& problem : bench.problems) {
        Series line{"", Colour::Black, Mark::None, Stroke::Thin, {}};
        for (const Measurement& m : problem.measurements) {
            if (m.is_peer) continue;
            const auto look = std::find_if(looks.begin(), looks.end(), [&](auto& l) { return l.policy == m.policy; });
            const std::string label = look == looks.begin() ? fmt::format("{} {}", problem.workload, problem.k) : "";
            marks[static_cast<std::size_t>(look - looks.begin())].points.push_back({intensity(m), rate(m), label});
            if (look != looks.end()) line.points.push_back({intensity(m), rate(m), ""});
        }
        lines.push_back(line);
    }
    std::erase_if(marks, [](const Series& s) { return s.points.empty(); });
    lines.insert(lines.end(), marks.begin(), marks.end());
    return lines;
}

}  // namespace

Picture roofline(const Bench& bench) {
    std::vector<double> xs, ys{highest(bench)};
    std::vector<Series> points = measured(bench);
    for (const Series& s : points)
        for (const Point& p : s.points) {
            xs.push_back(p.x);
            ys.push_back(p.y);
        }
    Plot plot{
        "What limits each problem on one core", axis_over("operations a byte", xs), axis_over("Gop/s", ys), {}, ""};
    plot.series = roofs(bench, plot.x);
    plot.series.insert(plot.series.end(), points.begin(), points.end());
    return {
        "roofline", plot,
        "All roofs were measured on this machine, on one core, and what lies below several of them is limited by the lowest. "
        "Rising, solid: reading from each level of the memory; dotted: converting, where each stored number is widened once, "
        "so that so many numbers a second are twice as many bytes. Level: each mix of instructions. A thin line joins the same "
        "problem in numbers of 4, 2 and 1 bytes. Bytes are those of the operands and results, each counted once. " +
            measure::caption(bench.machine) + "."};
}

}  // namespace halfulp::workload
