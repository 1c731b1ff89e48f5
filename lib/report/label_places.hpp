#pragma once

#include <vector>

// Where the labels of points stand, so that none covers another.

namespace halfulp {

/// In pixels, y upwards.
struct Box {
    double left, bottom, right, top;  ///< the edges
};

/// They share more than an edge.
constexpr bool overlap(const Box& a, const Box& b) {
    return a.left < b.right && b.left < a.right && a.bottom < b.top && b.bottom < a.top;
}

/// In pixels, y upwards.
struct Place {
    double x, y;  ///< from the left and from below
};

/// What is drawn there, and the size of its label; a width of 0: none.
struct Labelled {
    Place place;                   ///< that the label is for
    double radius, width, height;  ///< of the mark; of the label's text
    std::vector<Place> line = {};  ///< of a line without marks: places on it, beside each of which its label may stand
};

/// Where a label goes.
struct LabelPlace {
    Box box;         ///< that its text fills
    bool is_beside;  ///< it touches its point, or its line; else a line has to lead to it
};

/// A place for each label within the area, one after another: the nearest that meets no label before it, no point, and no
/// line, in this order of weight. The lines are given as small boxes along them.
std::vector<LabelPlace> label_places(const std::vector<Labelled>& all, const Box& area,
                                     const std::vector<Box>& lines = {});

}  // namespace halfulp
