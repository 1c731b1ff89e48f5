#include <halfulp/lib/report/plot_layout.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace halfulp {
namespace {

/// How wide a text is, at most, in letters of usual fonts.
double width_of(const std::string& text, const Canvas& c) { return 0.62 * c.font * static_cast<double>(text.size()); }

double place_on(const Axis& axis, double value, double from, double to) {
    const auto [low, high] = span_of(axis);
    const double share =
        axis.linear ? (value - low) / (high - low) : std::log(place_of(axis, value) / low) / std::log(high / low);
    return from + (to - from) * share;
}

constexpr double row_height = 1.35;     // of the legend, in letters' heights
constexpr double largest_radius = 1.1;  // of a mark

/// The series that have names, one below another and then in the next column, each column as wide as its widest.
struct LegendShape {
    std::size_t names, rows;
    std::vector<double> columns;
};

/// In as few rows as there is room for.
LegendShape legend_shape(const Plot& plot, const Canvas& c) {
    std::vector<double> widths;
    for (const Series& s : plot.series)
        if (!s.name.empty()) widths.push_back(width_of(s.name, c) + (sample_width + 1.2) * c.font);
    for (std::size_t rows = 1;; ++rows) {
        LegendShape shape{widths.size(), rows, {}};
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (i % rows == 0) shape.columns.push_back(0);
            shape.columns.back() = std::max(shape.columns.back(), widths[i]);
        }
        const double width = std::accumulate(shape.columns.begin(), shape.columns.end(), c.font);
        if (width <= c.width || rows >= widths.size()) return shape;
    }
}

double legend_height(const Plot& plot, const Canvas& c) {
    const LegendShape shape = legend_shape(plot, c);
    const double rows = shape.names == 0 ? 0 : row_height * static_cast<double>(shape.rows);
    return c.font * (0.8 + rows + (plot.area_samples.empty() ? 0 : 2 * largest_radius));
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
                    all.emplace_back(p.label, Labelled{place_of(plot, p, axes), marks ? radius_of(plot, p.area, c) : 0,
                                                       width_of(p.label, c), 1.1 * c.font,
                                                       marks ? std::vector<Place>() : line_of(plot, s, axes)});
    return all;
}

}  // namespace

double radius_of(const Plot& plot, double area, const Canvas& canvas) {
    if (plot.area.empty()) return alike_radius * canvas.font;
    double largest = 0;
    for (const Series& s : plot.series)
        for (const Point& p : s.points) largest = std::max(largest, p.area);
    return largest_radius * canvas.font * std::sqrt(area / largest);
}

Layout layout_of(const Plot& plot, const Canvas& c) {
    const LegendShape legend = legend_shape(plot, c);
    const double top = legend_height(plot, c);
    const Box axes{6.4 * c.font, top + 3.7 * c.font, c.width - 1.5 * c.font, c.height - 2.8 * c.font};
    const double middle = (axes.left + axes.right) / 2;
    Layout layout{axes,
                  {c.width / 2, c.height - 1.4 * c.font},
                  {middle, top + c.font},
                  {1.1 * c.font, (axes.bottom + axes.top) / 2},
                  {},
                  {}};
    double left = c.font;
    for (const double width : legend.columns) {
        for (std::size_t down = 0; down < legend.rows && layout.legend.size() < legend.names; ++down)
            layout.legend.push_back({left, top - (static_cast<double>(down) + 0.5) * row_height * c.font});
        left += width;
    }
    left = 1.5 * c.font + width_of(plot.area + ":", c);
    for (const AreaSample& sample : plot.area_samples) {
        layout.area_samples.push_back({left, 0.3 * c.font + largest_radius * c.font});
        left += 2 * radius_of(plot, sample.area, c) + width_of(sample.name, c) + 2 * c.font;
    }
    return layout;
}

Canvas fitted(const Plot& plot, const Canvas& canvas) {
    const double usual = (0.8 + 3 * row_height) * canvas.font;  // of three rows
    return {canvas.width, canvas.height + std::max(0.0, std::ceil(legend_height(plot, canvas) - usual)), canvas.font};
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
