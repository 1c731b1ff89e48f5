#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <halfulp/lib/report/gnuplot.hpp>

namespace halfulp {
namespace {

/// A string of gnuplot: within single quotes nothing is special but they, and gnuplot 5.4 mistakes two of them at the
/// start of a string for an empty one. So an apostrophe is written as the other sign for it.
std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'')
            result += "\u2019";
        else
            result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return result + "'";
}

std::string_view code_of(Colour colour) {
    switch (colour) {
        case Colour::Black: return "#000000";
        case Colour::Grey: return "#8a8a8a";
        case Colour::Orange: return "#e69f00";
        case Colour::SkyBlue: return "#56b4e9";
        case Colour::Green: return "#009e73";
        case Colour::Blue: return "#0072b2";
        case Colour::Vermilion: return "#d55e00";
        case Colour::Purple: return "#cc79a7";
    }
    __builtin_unreachable();
}

/// gnuplot's numbers of filled marks.
int number_of(Mark mark) {
    switch (mark) {
        case Mark::None: return 0;
        case Mark::Square: return 5;
        case Mark::Circle: return 7;
        case Mark::Triangle: return 9;
        case Mark::Nabla: return 11;
        case Mark::Diamond: return 13;
    }
    __builtin_unreachable();
}

/// Lengths of dashes and gaps.
std::string_view dashes_of(Stroke stroke) {
    switch (stroke) {
        case Stroke::None:
        case Stroke::Thin:
        case Stroke::Solid: return "solid";
        case Stroke::Dashed: return "(8,5)";
        case Stroke::Dotted: return "(2,4)";
        case Stroke::DashDotted: return "(9,4,2,4)";
    }
    __builtin_unreachable();
}

/// How gnuplot writes an image.
struct Terminal {
    std::string_view options;
    double letters;          ///< a font of size 1 is so many of our sizes: one counts in pixels, the other in points
    double radius;           ///< of a mark of size 1, in pixels
    std::string_view label;  ///< how labels among lines are written
};

Terminal terminal_of(Image image, const Canvas& c) {
    // A box behind a label is a filter in an SVG, which a page would have to know: its style has a rim of letters instead.
    return image == Image::Svg ? Terminal{"svg dynamic", 1, 0.375 * c.font, "center"}
                               : Terminal{"pngcairo", 4.0 / 3, 3.025, "center boxed"};
}

/// Where the labels of a logarithmic axis to base ten stand, and how gnuplot is to write them.
struct Tics {
    std::string places;
    std::string_view format;
};

/// Powers of ten, so many of them as have room; where there is room for three labels of that size each, twice and five
/// times them, too; between them marks alone. Numbers of few digits are written as such.
Tics decimal_tics(const Axis& axis, double length, double label) {
    const double decades = std::log10(axis.high / axis.low);
    const bool fine = 3 * decades * label <= length, plain = axis.low >= 1e-3 && axis.high < 1e5;
    const int every = std::max(1, static_cast<int>(std::ceil(decades * label / length)));
    Tics tics{"", plain ? "%g" : fine ? "%.0t\u00b710^{%T}" : "10^{%T}"};
    for (int power = static_cast<int>(std::floor(std::log10(axis.low))); std::pow(10, power) <= axis.high; ++power)
        for (int times = 1; times < 10; ++times) {
            const double value = times * std::pow(10, power);
            if (value < axis.low || value > axis.high) continue;
            const bool is_labelled = times == 1 ? power % every == 0 : fine && (times == 2 || times == 5);
            tics.places += fmt::format("{}{}{:g}{}", tics.places.empty() ? "" : ",", is_labelled ? "" : "'' ", value,
                                       is_labelled ? "" : " 1");
        }
    return tics;
}

std::string tics(char name, const Axis& axis, double length, double label) {
    if (axis.linear || axis.base != 10) return fmt::format("set format {} '%g'\n", name);
    const auto [places, format] = decimal_tics(axis, length, label);
    std::string text = fmt::format("set format {0} '{1}'\nset {0}tics ({2})\n", name, format, places);
    if (axis.zero) text += fmt::format("set {}tics add ('0' {})\n", name, place_of(axis, 0));
    if (axis.infinity)
        text += fmt::format("set {}tics add ('\u221e' {})\n", name,
                            place_of(axis, std::numeric_limits<double>::infinity()));
    return text;
}

/// Lines between numbers and what is beyond them.
std::string strips(const Plot& plot) {
    std::string text;
    const auto line = [&](const std::string& from, const std::string& to) {
        text += fmt::format("set arrow from {} to {} nohead back lc rgb '#8a8a8a' dt (3,3)\n", from, to);
    };
    const auto across = [&](double y) {
        line(fmt::format("graph 0, first {}", y), fmt::format("graph 1, first {}", y));
    };
    const auto up = [&](double x) { line(fmt::format("first {}, graph 0", x), fmt::format("first {}, graph 1", x)); };
    if (plot.x.zero) up(plot.x.low);
    if (plot.x.infinity) up(plot.x.high);
    if (plot.y.zero) across(plot.y.low);
    if (plot.y.infinity) across(plot.y.high);
    return text;
}

std::string settings(const Plot& plot, const Canvas& c, const Terminal& terminal, const Box& axes) {
    std::string text =
        fmt::format("set encoding utf8\nset terminal {} enhanced size {},{} font 'sans,{}' background '#ffffff'\n",
                    terminal.options, c.width, c.height, c.font / terminal.letters);
    text += fmt::format(
        "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n",
        axes.left / c.width, axes.right / c.width, axes.bottom / c.height, axes.top / c.height);
    text += "unset key\nset border 3 lc rgb '#8a8a8a'\nset tics nomirror textcolor rgb '#000000'\n";
    text += "set style textbox opaque noborder fillcolor rgb '#ffffff' margins 0,0\n";
    text += "set grid lc rgb '#c8c8c8' lw 0.5\n";
    for (const auto& [name, axis] : {std::pair{'x', &plot.x}, std::pair{'y', &plot.y}})
        text += (axis->linear ? "" : fmt::format("set logscale {} {}\n", name, axis->base)) +
                fmt::format("set {}range [{}:{}]\n", name, span_of(*axis).low, span_of(*axis).high);
    text += tics('x', plot.x, axes.right - axes.left, 4.5 * c.font);
    text += tics('y', plot.y, axes.top - axes.bottom, 2.5 * c.font);
    return text + strips(plot);
}

std::string at(Place place, const Canvas& c) {
    return fmt::format("screen {},{}", place.x / c.width, place.y / c.height);
}

std::string text_at(const std::string& text, Place place, const Canvas& c, std::string_view how = "center") {
    return fmt::format("set label {} at {} front noenhanced {}\n", quoted(text), at(place, c), how);
}

std::string line_between(Place from, Place to, const Canvas& c, const std::string& look) {
    return fmt::format("set arrow from {} to {} nohead front {}\n", at(from, c), at(to, c), look);
}

std::string titles(const Plot& plot, const Canvas& c, const Layout& layout) {
    return text_at(plot.title, layout.title, c) + text_at(plot.x.title, layout.title_of_x, c) +
           text_at(plot.y.title, layout.title_of_y, c, "center rotate");
}

/// From the edge of a mark to the nearest point of its label.
std::string leader(const Labelled& what, const Box& box, const Canvas& c) {
    const Place from = what.place;
    const Place to{std::clamp(from.x, box.left, box.right), std::clamp(from.y, box.bottom, box.top)};
    const double share = std::min(1.0, what.radius / std::hypot(to.x - from.x, to.y - from.y));
    return line_between({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)}, to, c,
                        "lc rgb '#8a8a8a' lw 0.7");
}

std::string labels(const Plot& plot, const Canvas& c, const Terminal& terminal, const Layout& layout) {
    std::string text;
    for (const PlacedLabel& label : placed_labels(plot, c, layout.axes)) {
        const Box& box = label.place.box;
        text += text_at(label.text, {(box.left + box.right) / 2, (box.bottom + box.top) / 2}, c, terminal.label);
        if (!label.place.is_beside) text += leader(label.what, box, c);
    }
    return text;
}

std::string look_of_line(const Series& s) {
    return fmt::format("lc rgb '{}' lw {} dt {}", code_of(s.colour), s.stroke == Stroke::Thin ? 0.7 : 1.5,
                       dashes_of(s.stroke));
}
std::string look_of_mark(const Series& s) {
    return fmt::format("lc rgb '{}' pt {}", code_of(s.colour), number_of(s.mark));
}

/// gnuplot's own legend chooses its columns itself, and covers the axes.
std::string legend(const Plot& plot, const Canvas& c, const Terminal& terminal, const Layout& layout) {
    std::string text;
    auto place = layout.legend.begin();
    for (const Series& s : plot.series) {
        if (s.name.empty()) continue;
        const Place left = *place++;
        const double width = sample_width * c.font;
        if (s.stroke != Stroke::None) text += line_between(left, {left.x + width, left.y}, c, look_of_line(s));
        if (s.mark != Mark::None)
            text += fmt::format("set label '' at {} front point {} ps {}\n", at({left.x + width / 2, left.y}, c),
                                look_of_mark(s), alike_radius * c.font / terminal.radius);
        text += text_at(s.name, {left.x + width + 0.5 * c.font, left.y}, c, "left");
    }
    return text;
}

/// What areas mean, and rings of some.
std::string area_legend(const Plot& plot, const Canvas& c, const Terminal& terminal, const Layout& layout) {
    if (plot.area_samples.empty()) return "";
    std::string text = text_at(plot.area + ":", {c.font, layout.area_samples[0].y}, c, "left");
    for (std::size_t i = 0; i < plot.area_samples.size(); ++i) {
        const AreaSample& sample = plot.area_samples[i];
        const Place left = layout.area_samples[i];
        const double radius = radius_of(plot, sample.area, c);
        text += fmt::format("set label '' at {} front point lc rgb '#000000' pt 6 ps {}\n",
                            at({left.x + radius, left.y}, c), radius / terminal.radius);
        text += text_at(sample.name, {left.x + 2 * radius + 0.5 * c.font, left.y}, c, "left");
    }
    return text;
}

/// A line below, and marks above it.
std::string curves(const Series& s, std::size_t i) {
    std::string text;
    if (s.stroke != Stroke::None) text += fmt::format("$s{} using 1:2 with lines {}", i, look_of_line(s));
    if (s.stroke != Stroke::None && s.mark != Mark::None) text += ", ";
    if (s.mark != Mark::None) text += fmt::format("$s{} using 1:2:3 with points {} ps variable", i, look_of_mark(s));
    return text;
}

}  // namespace

std::string gnuplot_script(const Plot& plot, const Canvas& canvas, Image image) {
    const Canvas whole = fitted(plot, canvas);
    const Layout layout = layout_of(plot, whole);
    const Terminal terminal = terminal_of(image, whole);
    std::string script = settings(plot, whole, terminal, layout.axes) + titles(plot, whole, layout) +
                         legend(plot, whole, terminal, layout) + area_legend(plot, whole, terminal, layout) +
                         labels(plot, whole, terminal, layout);
    std::vector<std::string> all;
    for (std::size_t i = 0; i < plot.series.size(); ++i) {
        const Series& s = plot.series[i];
        script += fmt::format("$s{} << END\n", i);
        for (const Point& p : s.points)
            script += fmt::format("{} {} {}\n", place_of(plot.x, p.x), place_of(plot.y, p.y),
                                  radius_of(plot, p.area, whole) / terminal.radius);
        script += "END\n";
        all.push_back(curves(s, i));
    }
    return script + fmt::format("plot {}\n", fmt::join(all, ", "));
}

}  // namespace halfulp
