#include <halfulp/lib/report/plot.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace halfulp {
namespace {

/// A field of a line of a table: tabs and line ends would break it up.
std::string field(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    return text;
}

}  // namespace

Span span_of(const Axis& axis) {
    constexpr double share = 0.12;  // of the numbers' length, for each strip
    const double strip = axis.zero || axis.infinity ? std::pow(axis.high / axis.low, share) : 1;
    return {axis.zero ? axis.low / strip : axis.low, axis.infinity ? axis.high * strip : axis.high};
}

double place_of(const Axis& axis, double value) {
    const Span span = span_of(axis);
    if (axis.zero && value == 0) return std::sqrt(span.low * axis.low);
    if (axis.infinity && std::isinf(value)) return std::sqrt(axis.high * span.high);
    return value;
}

Axis axis_over(std::string title, const std::vector<double>& values, double base) {
    assert(!values.empty());
    std::vector<double> numbers;
    for (const double v : values)
        if (v != 0 && std::isfinite(v)) numbers.push_back(v);
    if (numbers.empty()) numbers = {1};
    const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
    constexpr double share = 0.12;  // of what is shown, on each side; of a single value a base to each
    const double margin = *low < *high ? std::pow(*high / *low, share) : base;
    Axis axis{std::move(title), *low / margin, *high * margin, base};
    axis.zero = std::find(values.begin(), values.end(), 0) != values.end();
    axis.infinity = std::any_of(values.begin(), values.end(), [](double v) { return std::isinf(v); });
    return axis;
}

std::string to_tsv(const Plot& plot) {
    const bool has_areas = !plot.area.empty();
    const auto area = [&](const std::string& text) { return has_areas ? text + '\t' : ""; };
    std::string text =
        fmt::format("series\t{}\t{}\t{}label\n", field(plot.x.title), field(plot.y.title), area(field(plot.area)));
    for (const Series& series : plot.series)
        for (const Point& p : series.points)
            text += fmt::format("{}\t{}\t{}\t{}{}\n", field(series.name), p.x, p.y, area(fmt::format("{}", p.area)),
                                field(p.label));
    return text;
}

}  // namespace halfulp
