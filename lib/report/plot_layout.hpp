#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/report/label_places.hpp>
#include <halfulp/lib/report/plot.hpp>

// Where the parts of a picture lie: in pixels from its lower left corner.

namespace halfulp {

/// In pixels.
struct Canvas {
    double width, height;  ///< of the picture
    double font;           ///< the height of letters
};
constexpr Canvas desktop{960, 600, 15};  ///< of files, too
/// A narrow screen.
constexpr Canvas telephone{390, 600, 12};

/// Of marks in plots whose areas are all alike, in letters' heights.
constexpr double alike_radius = 0.4;
/// Of a point's mark, by its area: areas are in proportion, and the largest is the same in every picture.
double radius_of(const Plot& plot, double area, const Canvas& canvas);

constexpr double sample_width = 2.6;  ///< of a series' looks in the legend, in letters' heights

/// Where the parts of a picture are.
struct Layout {
    Box axes;                             ///< within which the points are
    Place title, title_of_x, title_of_y;  ///< their middles
    std::vector<Place> legend;        ///< of each series that has a name, in their order: the left end, at half height
    std::vector<Place> area_samples;  ///< their left ends, likewise
};
/// Of the plot on that canvas.
Layout layout_of(const Plot& plot, const Canvas& canvas);

/// A canvas of that width, and of that height unless the legend is long: then higher, so that the axes keep theirs.
Canvas fitted(const Plot& plot, const Canvas& canvas);

/// A label and its place.
struct PlacedLabel {
    std::string text;  ///< as it is drawn
    Labelled what;     ///< what it is for
    LabelPlace place;  ///< where it goes
};
/// All that are not empty.
std::vector<PlacedLabel> placed_labels(const Plot& plot, const Canvas& canvas, const Box& axes);

}  // namespace halfulp
