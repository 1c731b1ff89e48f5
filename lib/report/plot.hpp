#pragma once

#include <cstdint>
#include <string>
#include <vector>

// A picture as data: what gnuplot draws (gnuplot.hpp), and what is written beside it.

namespace halfulp {

/// Logarithmic, unless it says otherwise.
struct Axis {
    std::string title;    ///< with its unit
    double low, high;     ///< what is shown, the lower first; positive where it is logarithmic
    double base = 10;     ///< its powers are labelled
    bool linear = false;  ///< not logarithmic
    /// Of a logarithmic one: whether 0 and infinity have places of their own, strips below and above all numbers.
    bool zero = false, infinity = false;
};

/// What is drawn: from `low` to `high`, and the strips.
struct Span {
    double low, high;  ///< the ends
};
/// Of its points, or as the axis says.
Span span_of(const Axis& axis);

/// Where on the axis a value stands: 0 and infinity in the middles of their strips, another number at itself.
double place_of(const Axis& axis, double value);

/// An axis that shows all values, with a margin. Pre: none is negative, and there is one, of which all that are neither 0
/// nor infinite make the range.
Axis axis_over(std::string title, const std::vector<double>& values, double base = 10);

/// Of Okabe and Ito, whom colour-blind readers can follow too.
enum class Colour : std::uint8_t { Black, Grey, Orange, SkyBlue, Green, Blue, Vermilion, Purple };
/// How points are marked.
enum class Mark : std::uint8_t { None, Circle, Square, Diamond, Triangle, Nabla };
/// How points are joined.
enum class Stroke : std::uint8_t { None, Thin, Solid, Dashed, Dotted, DashDotted };

/// Of a series.
struct Point {
    double x, y;        ///< in the units of the axes
    std::string label;  ///< written beside it
    double area = 0;    ///< in the unit of Plot::area
};

/// Points that look alike: with a mark, or a line through them, or both.
struct Series {
    std::string name;               ///< in the legend, unless it is empty
    Colour colour = Colour::Black;  ///< of marks and lines
    Mark mark = Mark::None;         ///< of each point
    Stroke stroke = Stroke::None;   ///< of the line through the points, in their order
    std::vector<Point> points;      ///< in the order in which they are joined
};

/// An area in the legend, and what it stands for.
struct AreaSample {
    double area;       ///< of the mark, against that of others
    std::string name;  ///< in the legend
};

/// A picture before it is drawn.
struct Plot {
    std::string title;                          ///< above it
    Axis x, y;                                  ///< across and upwards
    std::vector<Series> series;                 ///< in the order in which they are drawn
    std::string area;                           ///< what the marks' areas stand for; empty: they are all alike
    std::vector<AreaSample> area_samples = {};  ///< in a legend of their own
};

/// A plot, the name of its files, and what is to be said below it.
struct Picture {
    std::string name;     ///< of its files
    Plot plot;            ///< the picture
    std::string caption;  ///< a paragraph below it
};

/// A row a point: series, x, y, area if there are areas, label.
std::string to_tsv(const Plot& plot);

}  // namespace halfulp
