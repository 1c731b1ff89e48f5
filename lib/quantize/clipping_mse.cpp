#include <algorithm>
#include <limits>

#include <halfulp/lib/quantize/level_error.h>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/quantize/clipping.hpp>

// The least mean square error. What cannot have less than the best so far is not computed to its end; that changes no result.

namespace halfulp::quantize {
namespace {

constexpr double worst = std::numeric_limits<double>::infinity();

/// So many numbers at one place.
struct Point {
    double x, count;
};

/// The centres of the bins that are not empty, upwards: of few numbers, few.
std::vector<Point> points_of(const Histogram& h) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < h.counts.size(); ++i)
        if (h.counts[i] != 0) points.push_back({h.centre(i), static_cast<double>(h.counts[i])});
    return points;
}

/// Of the points from levels code / scale, codes from 0 to `last`; what is more than `enough` need not be all.
double square_error(std::span<const Point> points, double scale, double last, double enough) {
    double sum = 0;
    for (const auto& [x, count] : points) {
        const double level = nearest_integer(std::min(x * scale, last)) / scale;
        sum += count * (level - x) * (level - x);
        if (sum > enough) break;
    }
    return sum;
}

/// The same of numbers that fill bins of that width evenly, from a quantiser's levels.
double integrated_error(std::span<const Point> bins, double width, const Affine& by, double enough) {
    const auto step = static_cast<double>(by.scale);
    const double least = by.range.least - by.zero_point, greatest = by.range.greatest - by.zero_point;
    const double scale = 1 / step, half = width / 2, unit = step * step / (width * scale);
    double sum = 0;
    for (const auto& [x, count] : bins) {
        const double from = (x - half) * scale, to = (x + half) * scale;
        sum += count * unit * (error_integral(least, greatest, to) - error_integral(least, greatest, from));
        if (sum > enough) break;
    }
    return sum;
}

/// Whether the points below the first level and above the last alone have more than `enough`, in whatever order they are added.
bool clip_more_than(double enough, std::span<const Point> points, double first, double last) {
    const double most = enough * (1 + 1e-12);  // beyond the rounding of a few thousand terms
    double sum = 0;
    for (auto p = points.begin(); p != points.end() && p->x < first && sum <= most; ++p)
        sum += p->count * (first - p->x) * (first - p->x);
    for (auto p = points.rbegin(); p != points.rend() && p->x > last && sum <= most; ++p)
        sum += p->count * (last - p->x) * (last - p->x);
    return sum > most;
}

/// Limits are tried out, and the best kept.
class LimitSearch {
  public:
    LimitSearch(const Histogram& numbers, const Limits& own, const Scheme& scheme)
        : numbers_(numbers), points_(points_of(numbers)), scheme_(scheme), own_(own), best_(own) {
        try_out(own);
    }

    const Limits& best() const { return best_; }

    /// The best greatest limit, the least one being what it is; whether that is a gain.
    bool move_greatest() {
        const double before = error_;
        bool goes_on = try_out({best_.least, own_.greatest});
        for (std::size_t i = numbers_.counts.size(); goes_on && i-- > 0 && numbers_.centre(i) > 0;)
            if (const auto x = static_cast<float>(numbers_.centre(i)); x < own_.greatest)
                goes_on = try_out({best_.least, x});
        return error_ < before;
    }

    bool move_least() {
        const double before = error_;
        bool goes_on = try_out({own_.least, best_.greatest});
        for (std::size_t i = 0; goes_on && i < numbers_.counts.size() && numbers_.centre(i) < 0; ++i)
            if (const auto x = static_cast<float>(numbers_.centre(i)); x > own_.least)
                goes_on = try_out({x, best_.greatest});
        return error_ < before;
    }

  private:
    /// False if none within these limits is better: it has no scale, or clips too much.
    bool try_out(const Limits& limits) try {
        const Affine by = affine_of(scheme_, limits);
        const auto step = static_cast<double>(by.scale);
        const double first = by.range.least - by.zero_point, last = by.range.greatest - by.zero_point;
        // A narrower range has no larger step, and its zero point, rounded, moves the levels by half a step at most: so no level of
        // it is beyond these. A hundredth is more than binary32 rounds away.
        constexpr double moves = 1.01;
        if (clip_more_than(error_, points_, (first - moves) * step, (last + moves) * step)) return false;
        const double error = integrated_error(points_, numbers_.width, by, error_);
        if (error < error_) {
            error_ = error;
            best_ = limits;
        }
        return true;
    } catch (const InputError&) {
        return false;
    }

    const Histogram& numbers_;
    std::vector<Point> points_;
    Scheme scheme_;
    Limits own_, best_;
    double error_ = worst;
};

}  // namespace

double mse_reach(const Histogram& magnitudes, std::int32_t greatest_code, std::size_t first) {
    const std::vector<Point> points = points_of(magnitudes);
    double least = worst, reach = magnitudes.edge(magnitudes.counts.size());
    for (std::size_t i = magnitudes.counts.size(); i-- > first;) {
        const double last = greatest_code, scale = last / magnitudes.centre(i);
        if (clip_more_than(least, points, 0, last / scale)) break;  // and the next ones more
        const double error = square_error(points, scale, last, least);
        if (error <= least) {
            least = error;
            reach = magnitudes.centre(i);
        }
    }
    return reach;
}

Limits mse_limits(const Histogram& numbers, const Limits& own, const Scheme& scheme) {
    LimitSearch search(numbers, own, scheme);
    search.move_greatest();
    while (search.move_least() && search.move_greatest()) {
    }
    return search.best();
}

}  // namespace halfulp::quantize
