#include <halfulp/lib/report/label_places.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace halfulp {
namespace {

constexpr double gap = 3;  // pixels between a point and its label

Box box_of(const Labelled& p) {
    return {p.place.x - p.radius, p.place.y - p.radius, p.place.x + p.radius, p.place.y + p.radius};
}

/// Where a label stands, seen from its point: to the right, to the left, above, below, and between. Of a line, which rises
/// or is level, above on the left and below on the right.
using Side = std::pair<int, int>;
constexpr std::array<Side, 8> of_mark = {Side{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {1, -1}, {-1, 1}, {-1, -1}};
constexpr std::array<Side, 2> of_line = {Side{-1, 1}, {1, -1}};

/// The label moved to that side until it is so far from the edge of the point.
Box beside(const Labelled& p, Place place, Side side, double distance) {
    const auto [dx, dy] = side;
    const double away = (p.radius + gap + distance) * (dx != 0 && dy != 0 ? std::sqrt(0.5) : 1);
    const double x = place.x + dx * (away + p.width / 2), y = place.y + dy * (away + p.height / 2);
    return {x - p.width / 2, y - p.height / 2, x + p.width / 2, y + p.height / 2};
}

bool is_within(const Box& box, const Box& area) {
    return box.left >= area.left && box.right <= area.right && box.bottom >= area.bottom && box.top <= area.top;
}

struct Candidate {
    Box box;
    double cost;  ///< of its distance, in half heights of a label
    bool is_beside;
};

std::vector<Candidate> around(const Labelled& p) {
    constexpr int rings = 24;
    std::vector<Candidate> all;
    for (int ring = 0; ring < rings; ++ring)
        for (const Side& side : of_mark)
            all.push_back({beside(p, p.place, side, ring * p.height / 2), static_cast<double>(ring), ring == 0});
    return all;
}

/// Sliding costs a quarter of going away.
std::vector<Candidate> along(const Labelled& p) {
    std::vector<Candidate> all;
    for (const Place& place : p.line) {
        const double distance = std::hypot(place.x - p.place.x, place.y - p.place.y) / (2 * p.height);
        for (const Side& side : of_line) all.push_back({beside(p, place, side, 0), distance, true});
    }
    return all;
}

bool meets_any(const Box& box, const std::vector<Box>& others) {
    return std::any_of(others.begin(), others.end(), [&](const Box& other) { return overlap(box, other); });
}

}  // namespace

std::vector<LabelPlace> label_places(const std::vector<Labelled>& all, const Box& area, const std::vector<Box>& lines) {
    std::vector<LabelPlace> places;
    std::vector<Box> labels, marks;
    for (const Labelled& p : all) marks.push_back(box_of(p));
    // A label rather goes eight half heights away than on a line, and never on a point or a label, if it can.
    const auto cost = [&](const Candidate& c) {
        return c.cost + (meets_any(c.box, lines) ? 8 : 0) + (meets_any(c.box, marks) ? 100 : 0) +
               (meets_any(c.box, labels) ? 1000 : 0) + (is_within(c.box, area) ? 0 : 1e4);
    };
    for (const Labelled& p : all) {
        if (p.width == 0) {
            places.push_back({{p.place.x, p.place.y, p.place.x, p.place.y}, true});
            continue;
        }
        const std::vector<Candidate> candidates = p.line.empty() ? around(p) : along(p);
        std::pair<double, const Candidate*> best{cost(candidates.front()), &candidates.front()};
        for (const Candidate& c : candidates)
            if (const double now = cost(c); now < best.first) best = {now, &c};
        labels.push_back(best.second->box);
        places.push_back({best.second->box, best.second->is_beside});
    }
    return places;
}

}  // namespace halfulp
