#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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
        case Stroke::Solid: return "solid";
        case Stroke::Dashed: return "(8,5)";
        case Stroke::Dotted: return "(2,4)";
    }
    __builtin_unreachable();
}

/// How gnuplot writes an image.
struct Terminal {
    std::string_view options;
    double letters;  ///< a font of size 1 is so many of our sizes: one counts in pixels, the other in points
    double radius;   ///< of a mark of size 1, in pixels
};

Terminal terminal_of(Image image, const Canvas& c) {
    return image == Image::Svg ? Terminal{"svg dynamic", 1, 0.375 * c.font} : Terminal{"pngcairo", 4.0 / 3, 3.025};
}

/// Powers of the base; of ten, where there is room for three labels of that size each, twice and five times them, too.
std::string tics(char name, const Axis& axis, double length, double label) {
    if (axis.linear || axis.base != 10) return fmt::format("set format {} '%g'\n", name);
    if (3 * std::log10(axis.high / axis.low) * label > length) return fmt::format("set format {} '10^{{%T}}'\n", name);
    std::string places;
    for (double power = std::pow(10, std::floor(std::log10(axis.low))); power < axis.high; power *= 10)
        for (const int times : {1, 2, 5}) places += fmt::format("{}{:g}", places.empty() ? "" : ",", times * power);
    return fmt::format("set format {0} '%.0t\u00b710^{{%T}}'\nset {0}tics ({1})\n", name, places);
}

std::string settings(const Plot& plot, const Canvas& c, const Terminal& terminal, const Box& axes) {
    std::string text =
        fmt::format("set encoding utf8\nset terminal {} enhanced size {},{} font 'sans,{}' background '#ffffff'\n",
                    terminal.options, c.width, c.height, c.font / terminal.letters);
    text += fmt::format(
        "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n",
        axes.left / c.width, axes.right / c.width, axes.bottom / c.height, axes.top / c.height);
    text += "unset key\nset border 3 lc rgb '#8a8a8a'\nset tics nomirror textcolor rgb '#000000'\n";
    text += "set grid lc rgb '#c8c8c8' lw 0.5\n";
    for (const auto& [name, axis] : {std::pair{'x', &plot.x}, std::pair{'y', &plot.y}})
        text += (axis->linear ? "" : fmt::format("set logscale {} {}\n", name, axis->base)) +
                fmt::format("set {}range [{}:{}]\n", name, axis->low, axis->high);
    text += tics('x', plot.x, axes.right - axes.left, 4.5 * c.font);
    text += tics('y', plot.y, axes.top - axes.bottom, 2.5 * c.font);
    return text;
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

std::string labels(const Plot& plot, const Canvas& c, const Layout& layout) {
    std::string text;
    for (const PlacedLabel& label : placed_labels(plot, c, layout.axes)) {
        const Box& box = label.place.box;
        text += text_at(label.text, {(box.left + box.right) / 2, (box.bottom + box.top) / 2}, c);
        if (!label.place.is_beside) text += leader(label.what, box, c);
    }
    return text;
}

std::string look_of_line(const Series& s) {
    return fmt::format("lc rgb '{}' lw 1.5 dt {}", code_of(s.colour), dashes_of(s.stroke));
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
    const Layout layout = layout_of(plot, canvas);
    const Terminal terminal = terminal_of(image, canvas);
    std::string script = settings(plot, canvas, terminal, layout.axes) + titles(plot, canvas, layout) +
                         legend(plot, canvas, terminal, layout) + labels(plot, canvas, layout);
    std::vector<std::string> all;
    for (std::size_t i = 0; i < plot.series.size(); ++i) {
        const Series& s = plot.series[i];
        script += fmt::format("$s{} << END\n", i);
        for (const Point& p : s.points)
            script += fmt::format("{} {} {}\n", p.x, p.y, radius_of(plot, p, canvas) / terminal.radius);
        script += "END\n";
        all.push_back(curves(s, i));
    }
    return script + fmt::format("plot {}\n", fmt::join(all, ", "));
}

}  // namespace halfulp
