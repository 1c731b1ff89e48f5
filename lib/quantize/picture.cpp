#include <halfulp/lib/quantize/picture.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace halfulp::quantize {
namespace {

constexpr double lowest = 0.1;  // below a single number
constexpr double top_of_teeth = 0.5;
constexpr std::int32_t most_teeth = 512;

/// Steps along the bins; an empty one lies on the axis.
Series outline(const Histogram& h) {
    Series s{"numbers", Colour::Blue, Mark::None, Stroke::Solid, {}};
    for (std::size_t i = 0; i < h.counts.size(); ++i) {
        const double count = h.counts[i] == 0 ? lowest : static_cast<double>(h.counts[i]);
        s.points.push_back({h.edge(i), count, "", 0});
        s.points.push_back({h.edge(i + 1), count, "", 0});
    }
    return s;
}

/// Up and down at each level, and along the axis.
Series comb(const Affine& by) {
    Series s{"levels", Colour::Vermilion, Mark::None, Stroke::Solid, {}};
    const std::int32_t steps = by.range.steps(), stride = steps < most_teeth ? 1 : steps;
    for (std::int32_t code = by.range.least; code <= by.range.greatest; code += stride) {
        const auto x = static_cast<double>(number_of(by, code));
        for (const double y : {lowest, top_of_teeth, lowest}) s.points.push_back({x, y, "", 0});
    }
    return s;
}

/// A margin of one part in fifty on each side.
Axis axis_between(std::string title, double low, double high) {
    const double margin = (high - low) / 50;
    return {std::move(title), low - margin, high + margin, 10, true};
}

}  // namespace

Picture histogram_picture(const Affine& by, const Histogram& numbers) {
    const auto first = static_cast<double>(number_of(by, by.range.least));
    const auto last = static_cast<double>(number_of(by, by.range.greatest));
    const double end = numbers.edge(numbers.counts.size());
    const std::uint64_t most = *std::ranges::max_element(numbers.counts);
    Plot plot{"Numbers and levels",
              axis_between("number", std::min(first, numbers.least), std::max(last, end)),
              {fmt::format("numbers in each of {} bins", numbers.counts.size()), lowest, 2 * static_cast<double>(most)},
              {outline(numbers), comb(by)},
              ""};
    return {
        "histogram", std::move(plot),
        fmt::format("{} numbers from {:g} to {:g}; levels from {:g} to {:g}, {:g} apart. An empty bin is on the axis.",
                    numbers.total(), numbers.least, end, first, last, by.scale)};
}

}  // namespace halfulp::quantize
