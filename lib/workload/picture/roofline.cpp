#include <halfulp/lib/workload/picture/roofline.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace halfulp::workload {
namespace {

struct Look {
    std::string_view policy;
    Colour colour;
    Mark mark;
};
/// The same sums of numbers of 4, 2, 2 and 1 bytes: a line joins them.
constexpr std::array joined = {
    Look{"fp32", Colour::Vermilion, Mark::Circle}, Look{"fp16-fp32", Colour::Blue, Mark::Square},
    Look{"bf16-fp32", Colour::Orange, Mark::Diamond}, Look{"int8", Colour::Green, Mark::Triangle}};

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

/// Draws what limits a computation: lines up to the highest of the level ones.
class Roofs {
  public:
    Roofs(const Bench& bench, const Axis& x) : bench_(bench), x_(x), highest_(highest(bench)) {}

    std::vector<Series> all() {
        for (const measure::Ceiling* c : level_ones()) add_level(*c);
        for (const measure::Ceiling& c : bench_.ceilings) {
            const double rate = c.per_second * 1e-9;
            if (c.kind == measure::Kind::Reading)
                add_rising(fmt::format("{} {:.0f} GB/s", c.name, rate), rate, Stroke::Solid);
            if (c.kind == measure::Kind::Conversion && widened_bytes(c) > 0)
                add_rising(fmt::format("{} {:.0f} G/s", c.name, rate), rate * widened_bytes(c), Stroke::Dotted);
        }
        return series_;
    }

  private:
    /// At a share of the axis' length.
    double at(double share) const { return x_.low * std::pow(x_.high / x_.low, share); }

    /// The mixes of instructions, the quickest first.
    std::vector<const measure::Ceiling*> level_ones() const {
        std::vector<const measure::Ceiling*> found;
        for (const measure::Ceiling& c : bench_.ceilings)
            if (c.kind == measure::Kind::Arithmetic) found.push_back(&c);
        std::sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->per_second > b->per_second; });
        return found;
    }

    /// Neighbours may be too close for labels: these are in the legend.
    void add_level(const measure::Ceiling& c) {
        constexpr std::array colours = {Colour::Purple, Colour::SkyBlue, Colour::Grey};
        const double y = c.per_second * 1e-9;
        const Stroke stroke = level_ < colours.size() ? Stroke::Dashed : Stroke::Dotted;
        series_.push_back({fmt::format("{}: {:.0f}", c.name, y),
                           colours[level_ % colours.size()],
                           Mark::None,
                           stroke,
                           {{x_.low, y, ""}, {x_.high, y, ""}}});
        ++level_;
    }

    /// y = slope x, its label on a place of its own along the line.
    void add_rising(const std::string& name, double slope, Stroke stroke) {
        const double end = std::min(x_.high, highest_ / slope);
        const double share = 0.1 + 0.08 * static_cast<double>(rising_++ % 5);
        Series line{"", Colour::Black, Mark::None, stroke, {{x_.low, slope * x_.low, ""}}};
        if (at(share) < end) line.points.push_back({at(share), slope * at(share), name});
        line.points.push_back({end, slope * end, at(share) < end ? "" : name});
        series_.push_back(line);
    }

    const Bench& bench_;
    const Axis& x_;
    double highest_;
    std::size_t level_ = 0, rising_ = 0;
    std::vector<Series> series_;
};

/// Of each problem the line through its points, and, in grey, the points of other policies.
std::vector<Series> measured(const Bench& bench) {
    std::vector<Series> lines, marks;
    for (const Look& look : joined)
        marks.push_back({std::string(look.policy), look.colour, look.mark, Stroke::None, {}});
    marks.push_back({"other policies", Colour::Grey, Mark::Nabla, Stroke::None, {}});
    for (const Benched& problem : bench.problems) {
        Series line{"", Colour::Black, Mark::None, Stroke::Solid, {}};
        for (const Measurement& m : problem.measurements) {
            if (m.is_peer) continue;
            const auto look = std::find_if(joined.begin(), joined.end(), [&](auto& l) { return l.policy == m.policy; });
            const std::string label = look == joined.begin() ? fmt::format("{} {}", problem.workload, problem.k) : "";
            marks[static_cast<std::size_t>(look - joined.begin())].points.push_back({intensity(m), rate(m), label});
            if (look != joined.end()) line.points.push_back({intensity(m), rate(m), ""});
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
    plot.series = Roofs(bench, plot.x).all();
    plot.series.insert(plot.series.end(), points.begin(), points.end());
    return {
        "roofline", plot,
        "All roofs were measured on this machine, on one core, and what lies below several of them is limited by the lowest. "
        "Rising: reading from each level of the memory and, dotted, converting, where each stored number is widened once: so "
        "many numbers a second are twice as many bytes. Level, in Gop/s: each mix of instructions. A line joins the same "
        "problem in numbers of 4, 2 and 1 bytes. Bytes are those of the operands and results, each counted once. " +
            measure::caption(bench.machine) + "."};
}

}  // namespace halfulp::workload
