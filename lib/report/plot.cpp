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

Axis axis_over(std::string title, const std::vector<double>& values, double base) {
    assert(!values.empty());
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    constexpr double share = 0.12;  // of what is shown, on each side; of a single value a base to each
    const double margin = *low < *high ? std::pow(*high / *low, share) : base;
    return {std::move(title), *low / margin, *high * margin, base};
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
