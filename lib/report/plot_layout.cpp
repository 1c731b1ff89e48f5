#include <halfulp/lib/report/plot_layout.hpp>

#include <algorithm>
#include <cmath>

namespace halfulp {
namespace {

/// How wide a text is, at most, in letters of usual fonts.
double width_of(const std::string& text, const Canvas& c) { return 0.6 * c.font * static_cast<double>(text.size()); }

double place_on(const Axis& axis, double value, double from, double to) {
    const double share = axis.linear ? (value - axis.low) / (axis.high - axis.low)
                                     : std::log(value / axis.low) / std::log(axis.high / axis.low);
    return from + (to - from) * share;
}

Place place_of(const Plot& plot, const Point& p, const Box& axes) {
    return {place_on(plot.x, p.x, axes.left, axes.right), place_on(plot.y, p.y, axes.bottom, axes.top)};
}

/// Places along the line through the points of a series, a few pixels apart.
std::vector<Place> line_of(const Plot& plot, const Series& s, const Box& axes) {
    constexpr double step = 4;
    std::vector<Place> places;
    for (std::size_t i = 1; i < s.points.size() && s.stroke != Stroke::None; ++i) {
        const Place from = place_of(plot, s.points[i - 1], axes), to = place_of(plot, s.points[i], axes);
        const int steps = std::max(1, static_cast<int>(std::hypot(to.x - from.x, to.y - from.y) / step));
        for (int j = 0; j <= steps; ++j)
            places.push_back({from.x + (to.x - from.x) * j / steps, from.y + (to.y - from.y) * j / steps});
    }
    return places;
}

/// The text, and what it is to stand beside: marks, with labels or without, and then lines, whose labels have more room.
std::vector<std::pair<std::string, Labelled>> labelled(const Plot& plot, const Canvas& c, const Box& axes) {
    std::vector<std::pair<std::string, Labelled>> all;
    for (const bool marks : {true, false})
        for (const Series& s : plot.series)
            for (const Point& p : s.points)
                if ((s.mark != Mark::None) == marks && (marks || !p.label.empty()))
                    all.emplace_back(p.label, Labelled{place_of(plot, p, axes), marks ? radius_of(plot, p, c) : 0,
                                                       width_of(p.label, c), 1.1 * c.font,
                                                       marks ? std::vector<Place>() : line_of(plot, s, axes)});
    return all;
}

}  // namespace

double radius_of(const Plot& plot, const Point& point, const Canvas& canvas) {
    if (plot.area.empty()) return alike_radius * canvas.font;
    double largest = 0;
    for (const Series& s : plot.series)
        for (const Point& p : s.points) largest = std::max(largest, p.area);
    constexpr double largest_radius = 1.1;
    return largest_radius * canvas.font * std::sqrt(point.area / largest);
}

Layout layout_of(const Plot& plot, const Canvas& c) {
    double widest = 0;
    std::size_t names = 0;
    for (const Series& s : plot.series)
        if (!s.name.empty()) {
            ++names;
            widest = std::max(widest, width_of(s.name, c));
        }
    const double column = widest + (sample_width + 1.2) * c.font, row = 1.35 * c.font;
    const auto columns = static_cast<std::size_t>(std::max(1.0, (c.width - c.font) / column));
    const std::size_t rows = (names + columns - 1) / columns;
    const double top = 0.8 * c.font + row * static_cast<double>(rows);
    const Box axes{5.5 * c.font, top + 3.7 * c.font, c.width - 1.5 * c.font, c.height - 2.8 * c.font};
    const double middle = (axes.left + axes.right) / 2;
    Layout layout{axes,
                  {c.width / 2, c.height - 1.4 * c.font},
                  {middle, top + c.font},
                  {1.2 * c.font, (axes.bottom + axes.top) / 2},
                  {}};
    for (std::size_t i = 0; i < names; ++i) {
        const std::size_t down = i / columns, across = i % columns;
        layout.legend.push_back(
            {c.font + static_cast<double>(across) * column, top - (static_cast<double>(down) + 0.5) * row});
    }
    return layout;
}

std::vector<PlacedLabel> placed_labels(const Plot& plot, const Canvas& canvas, const Box& axes) {
    const auto all = labelled(plot, canvas, axes);
    std::vector<Labelled> drawn(all.size());
    std::transform(all.begin(), all.end(), drawn.begin(), [](const auto& a) { return a.second; });
    std::vector<Box> lines;
    for (const Series& s : plot.series)
        for (const Place& p : line_of(plot, s, axes)) lines.push_back({p.x, p.y, p.x, p.y});
    const std::vector<LabelPlace> places = label_places(drawn, axes, lines);
    std::vector<PlacedLabel> labels;
    for (std::size_t i = 0; i < places.size(); ++i)
        if (!all[i].first.empty()) labels.push_back({all[i].first, drawn[i], places[i]});
    return labels;
}

}  // namespace halfulp
