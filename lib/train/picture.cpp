#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include <halfulp/lib/train/report.hpp>

namespace halfulp::train {
namespace {

/// How a run of a row of the table looks among others.
struct Look {
    Colour colour;
    Stroke stroke;
};
Look look(std::size_t i) {
    constexpr std::array colours = {Colour::Black,  Colour::Blue,   Colour::Vermilion, Colour::Green,
                                    Colour::Orange, Colour::Purple, Colour::SkyBlue,   Colour::Grey};
    constexpr std::array strokes = {Stroke::Solid, Stroke::Dashed, Stroke::Dotted};
    return {colours.at(i % colours.size()), strokes.at(i / colours.size() % strokes.size())};
}

Axis linear(std::string title, double low, double high) { return {std::move(title), low, high, 10, true}; }

/// A series a run: y of its n-th step or epoch. The axis of y is left to the caller.
using Values = std::function<std::vector<double>(const Trained&)>;
Plot curves(std::span<const Trained> runs, const char* title, const char* x, const Values& values) {
    Plot plot{title, {}, {}, {}, ""};
    std::size_t longest = 1;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        Series s{std::string(runs[r].run.policy.name), look(r).colour, Mark::None, look(r).stroke, {}};
        for (const double y : values(runs[r])) s.points.push_back({static_cast<double>(s.points.size() + 1), y, ""});
        longest = std::max(longest, s.points.size());
        plot.series.push_back(std::move(s));
    }
    plot.x = linear(x, 0, static_cast<double>(longest) + 1);
    return plot;
}

std::vector<double> heights(const Plot& plot) {
    std::vector<double> y;
    for (const Series& s : plot.series)
        for (const Point& p : s.points) y.push_back(p.y);
    return y;
}

/// Logarithms of the factors; that of 0 as if it were binary32's least number.
std::vector<double> exponents_of_scale(const Trained& t) {
    std::vector<double> exponents;
    for (const float factor : t.state.scales)
        exponents.push_back(std::log2(std::max(factor, std::numeric_limits<float>::denorm_min())));
    return exponents;
}

std::vector<double> of_epochs(const Trained& t, double Metrics::*member) {
    std::vector<double> values;
    for (const Metrics& m : t.state.epochs) values.push_back(m.*member);
    return values;
}

constexpr double lowest_share = 1e-6;  // where bins without a gradient are drawn

/// Shares of gradients by exponent, and the exponents that occur.
Series outline(const GradientHistogram& h, std::string name, Look by, std::vector<int>& exponents) {
    Series s{std::move(name), by.colour, Mark::None, by.stroke, {}};
    for (int e = GradientHistogram::least_exponent; e <= GradientHistogram::most_exponent; ++e) {
        const double share = h.numbers() == 0 ? 0 : static_cast<double>(h.count(e)) / static_cast<double>(h.numbers());
        for (const int edge : {e, e + 1})
            s.points.push_back({static_cast<double>(edge), std::max(share, lowest_share), ""});
        if (h.count(e) > 0) exponents.push_back(e);
    }
    return s;
}

/// From the least number of a format, the subnormal ones included, to the largest, at a height.
Series range(const Format& f, const char* name, double height) {
    const int least = f.emin() - f.fraction_bits(), most = f.emax() + 1;
    Series s{"", Colour::Grey, Mark::Diamond, Stroke::Solid, {}};
    s.points = {{static_cast<double>(least), height, fmt::format("{}: 2^{} to 2^{}", name, least, most)},
                {static_cast<double>(most), height, ""}};
    return s;
}

Picture gradient_picture(const Trained& t) {
    std::vector<int> exponents = {-30, 17};
    Plot plot{"Gradients without scaling", {}, {}, {}, ""};
    plot.series = {outline(t.first_gradients, "first epoch", look(1), exponents),
                   outline(t.last_gradients, "after training", look(2), exponents)};
    const auto [least, most] = std::ranges::minmax(exponents);
    plot.x = linear("exponent of 2", least - 1, most + 2);
    plot.y = {"share of the gradients in a binade", lowest_share, 10};
    double height = 0.6;
    for (const auto& [f, name] : {std::pair{binary16, "fp16"}, std::pair{e5m2, "e5m2"}, std::pair{e4m3fn, "e4m3"}})
        plot.series.push_back(range(f, name, height *= 2));
    return {"gradients", plot, ""};
}

}  // namespace

std::vector<Picture> pictures(std::span<const Trained> runs) {
    Plot loss =
        curves(runs, "Loss by precision", "epoch", [](const Trained& t) { return of_epochs(t, &Metrics::test_loss); });
    loss.y = axis_over("loss of the test rows", heights(loss));
    std::vector<Picture> all = {{"loss", loss, ""}};
    if (runs[0].has_labels()) {
        Plot right = curves(runs, "Accuracy by precision", "epoch",
                            [](const Trained& t) { return of_epochs(t, &Metrics::right); });
        const double worst = std::ranges::min(heights(right));
        right.y = linear("share of right test rows", std::min(std::floor(10 * worst) / 10, 0.9), 1);
        all.push_back({"accuracy", right, ""});
    }
    Plot scale = curves(runs, "Factor of the loss", "step", exponents_of_scale);
    const std::vector<double> exponents = heights(scale);
    const auto [least, most] = std::ranges::minmax(exponents);
    scale.y = linear("exponent of 2", least - 1, most + 1);
    all.push_back({"scale", scale, ""});
    all.push_back(gradient_picture(runs[0]));
    return all;
}

}  // namespace halfulp::train
