// Claim: a plot's picture shows its points where they are and as large as they are, its text as it is written, and no label
// over another; text never becomes a command of gnuplot; without gnuplot, or where it fails, one line says so.
// Oracle: the definition of a logarithmic axis on the coordinates in the SVG; all pairs of boxes. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <regex>
#include <stdexcept>

#include <halfulp/lib/report/gnuplot.hpp>
#include <halfulp/lib/report/label_places.hpp>
#include <halfulp/lib/report/plot.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/folder.hpp"
#include "support/html.hpp"

namespace halfulp {
namespace {

using testing::HasSubstr;
using testing::Not;

Plot plot_of(std::vector<Series> series) {
    return {"title", {"across", 1, 1000}, {"up", 1e-3, 10}, std::move(series), ""};
}
Series marks(std::vector<Point> points) { return {"", Colour::Blue, Mark::Circle, Stroke::None, std::move(points)}; }

std::string svg_of(const Plot& plot, const Canvas& canvas = desktop) {
    return run_gnuplot(gnuplot_script(plot, canvas, Image::Svg));
}

struct Shown {
    double x, y, radius;
};
/// The circles of an SVG by gnuplot, full ones or rings.
std::vector<Shown> circles(const std::string& svg, const std::string& symbol = "gpPt6") {
    const std::regex use("#" + symbol + R"(' transform='translate\(([0-9.]+),([0-9.]+)\) scale\(([0-9.]+)\))");
    std::vector<Shown> found;
    for (std::sregex_iterator i(svg.begin(), svg.end(), use), end; i != end; ++i)
        found.push_back({std::stod((*i)[1]), std::stod((*i)[2]), std::stod((*i)[3])});
    return found;
}
/// Where a text stands.
Shown place_of(const std::string& svg, const std::string& text) {
    const std::string number = "([0-9.]+)";
    const std::regex place("translate\\(" + number + "," + number + "\\)\"[^>]*>\\s*<text>(?:<tspan[^>]*>)?" + text +
                           "<");
    std::smatch match;
    if (!std::regex_search(svg, match, place)) throw std::runtime_error("no text " + text);
    return {std::stod(match[1]), std::stod(match[2]), 0};
}

TEST(Axis, ShowsAllValuesWithAMargin) {
    const Axis axis = axis_over("x", {5, 2, 80});
    EXPECT_LT(axis.low, 2);
    EXPECT_GT(axis.low, 1);
    EXPECT_GT(axis.high, 80);
    EXPECT_LT(axis.high, 160);
    const Axis single = axis_over("x", {8}, 2);
    EXPECT_EQ(single.low, 4);
    EXPECT_EQ(single.high, 16);
}

TEST(Axis, HasPlacesBeyondAllNumbersFor0AndInfinity) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Axis axis = axis_over("x", {0, 2, infinity, 80});
    EXPECT_EQ(axis.low, axis_over("x", {2, 80}).low);
    EXPECT_EQ(axis.high, axis_over("x", {2, 80}).high);
    const auto [low, high] = span_of(axis);
    EXPECT_TRUE(low < place_of(axis, 0) && place_of(axis, 0) < axis.low);
    EXPECT_TRUE(axis.high < place_of(axis, infinity) && place_of(axis, infinity) < high);
    EXPECT_EQ(place_of(axis, 2), 2);
    const Axis numbers = axis_over("x", {2, 80});
    EXPECT_TRUE(span_of(numbers).low == numbers.low && span_of(numbers).high == numbers.high);
    EXPECT_GT(axis_over("x", {0}).low, 0);
}

TEST(Tsv, HasARowAPointAndNoFieldBreaks) {
    Plot plot = plot_of({{"a\tb", Colour::Blue, Mark::Circle, Stroke::None, {{1, 0.5, "x\ny", 7}}}});
    EXPECT_EQ(to_tsv(plot), "series\tacross\tup\tlabel\na b\t1\t0.5\tx y\n");
    plot.area = "bytes";
    EXPECT_EQ(to_tsv(plot), "series\tacross\tup\tbytes\tlabel\na b\t1\t0.5\t7\tx y\n");
}

/// A number in [0, 1).
double draw(std::uint64_t& index) { return static_cast<double>(random_bits(1, index++) >> 11) * 0x1p-53; }

bool lies_within(const Box& box, const Box& area) {
    return box.left >= area.left && box.right <= area.right && box.bottom >= area.bottom && box.top <= area.top;
}

TEST(Labels, CoverNeitherEachOtherNorPoints) {
    const Box area{80, 60, 900, 560};
    std::uint64_t index = 0;
    for (int trial = 0; trial < 200; ++trial) {
        std::vector<Labelled> points(12);  // in a part of the area, so that they are crowded
        for (Labelled& p : points)
            p = {{300 + 200 * draw(index), 250 + 60 * draw(index)}, 4 + 10 * draw(index), 30 + 90 * draw(index), 16};
        const auto places = label_places(points, area);
        ASSERT_EQ(places.size(), points.size());
        for (std::size_t i = 0; i < places.size(); ++i) {
            const Box& box = places[i].box;
            EXPECT_NEAR(box.right - box.left, points[i].width, 1e-9);
            EXPECT_TRUE(lies_within(box, area));
            for (std::size_t j = 0; j < places.size(); ++j) {
                const auto& [at, radius, width, height, line] = points[j];
                EXPECT_FALSE(i != j && overlap(box, places[j].box)) << trial;
                EXPECT_FALSE(overlap(box, {at.x - radius, at.y - radius, at.x + radius, at.y + radius})) << trial;
            }
        }
    }
}

TEST(Labels, StandBesideTheirPointWhereThereIsRoom) {
    const auto places = label_places({{{100, 100}, 5, 40, 16}, {{500, 100}, 5, 0, 16}}, {0, 0, 600, 200});
    EXPECT_TRUE(places[0].is_beside);
    EXPECT_NEAR(places[0].box.left, 105, 5);
    EXPECT_NEAR((places[0].box.bottom + places[0].box.top) / 2, 100, 1e-9);
    // At the right edge: on the left.
    EXPECT_NEAR(label_places({{{595, 100}, 5, 40, 16}}, {0, 0, 600, 200})[0].box.right, 590, 5);
}

TEST(Labels, StandOffLinesUnlessThatIsFar) {
    const Box area{0, 0, 600, 200};
    EXPECT_LT(label_places({{{100, 100}, 5, 40, 16}}, area, {{110, 100, 110, 100}})[0].box.right, 100);
    EXPECT_TRUE(label_places({{{100, 100}, 5, 40, 16}}, area, {area})[0].is_beside);
}

TEST(Labels, OfALineSlideAlongIt) {
    const Box area{0, 0, 600, 200};
    Labelled line{{300, 100}, 0, 40, 16};
    for (int x = 0; x <= 600; x += 4) line.line.push_back({static_cast<double>(x), 100});
    const Box free = label_places({line}, area, {{0, 100, 600, 100}})[0].box;
    EXPECT_NEAR(free.bottom, 100, 4);  // above it, to the left
    EXPECT_NEAR(free.right, 300, 4);
    const auto beside_others = label_places({line, line, line, line, line}, area, {{0, 100, 600, 100}});
    for (std::size_t i = 0; i < beside_others.size(); ++i) {
        EXPECT_TRUE(beside_others[i].is_beside);
        const Box& box = beside_others[i].box;
        EXPECT_TRUE((box.bottom > 100 && box.bottom < 104) || (box.top < 100 && box.top > 96));
        for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(overlap(box, beside_others[j].box));
    }
}

TEST(Labels, AreSentAwayFromACrowd) {
    const std::vector<Labelled> crowd(12, {{300, 100}, 5, 40, 16});
    const auto places = label_places(crowd, {0, 0, 600, 200});
    EXPECT_TRUE(places.front().is_beside);
    EXPECT_FALSE(places.back().is_beside);
}

TEST(Picture, HasItsPointsOnLogarithmicAxes) {
    const auto shown = circles(svg_of(plot_of({marks({{1, 1e-3, ""}, {10, 1e-2, ""}, {1000, 10, ""}})})));
    ASSERT_EQ(shown.size(), 3U);
    EXPECT_NEAR((shown[1].x - shown[0].x) * 3, shown[2].x - shown[0].x, 0.1);
    EXPECT_NEAR((shown[0].y - shown[1].y) * 4, shown[0].y - shown[2].y, 0.1);
    EXPECT_GT(shown[0].y, shown[2].y);  // SVG counts downwards
}

TEST(Picture, HasItsPointsOnALinearAxis) {
    Plot plot = plot_of({marks({{-10, 0.1, "least", 0}, {0, 0.1, "", 0}, {30, 0.1, "", 0}})});
    plot.x = {"across", -20, 40, 10, true};
    const auto shown = circles(svg_of(plot));
    ASSERT_EQ(shown.size(), 3U);
    EXPECT_NEAR((shown[2].x - shown[1].x) / (shown[1].x - shown[0].x), 3, 0.05);
    EXPECT_LT(std::abs(place_of(svg_of(plot), "least").x - shown[0].x), 60);
}

TEST(Picture, HasAreasInProportion) {
    Plot plot = plot_of({marks({{1, 1, "", 1000}, {10, 1, "", 4000}})});
    const auto alike = circles(svg_of(plot));
    EXPECT_EQ(alike[0].radius, alike[1].radius);
    plot.area = "bytes";
    const auto shown = circles(svg_of(plot));
    EXPECT_NEAR(shown[1].radius / shown[0].radius, 2, 0.01);
}

TEST(Picture, HasAKeyOfItsAreas) {
    Plot plot = plot_of({marks({{1, 1, "", 1000}, {10, 1, "", 4000}})});
    plot.area = "bytes";
    EXPECT_THAT(svg_of(plot), Not(HasSubstr("bytes")));
    plot.area_samples = {{4000, "four"}, {1000, "one"}};
    const std::string svg = svg_of(plot);
    const auto shown = circles(svg), rings = circles(svg, "gpPt5");
    ASSERT_EQ(rings.size(), 2U);
    for (const auto& [text, i] : {std::pair{"four", std::size_t{0}}, {"one", std::size_t{1}}}) {
        EXPECT_EQ(rings[i].radius, shown[1 - i].radius);
        EXPECT_NEAR(place_of(svg, text).y, rings[i].y, desktop.font / 2);
        EXPECT_GT(place_of(svg, text).x, rings[i].x);
    }
    EXPECT_LT(place_of(svg, "bytes:").x, rings[0].x);
    EXPECT_GT(rings[0].y, place_of(svg, "across").y);
}

TEST(Picture, HasValuesOf0ApartFromAllNumbers) {
    Plot plot = plot_of({marks({{1, 0, ""}, {10, 1e-2, ""}, {100, 0, ""}})});
    plot.y = axis_over("up", {0, 1e-2, 10});
    const std::string svg = svg_of(plot);
    const auto shown = circles(svg);
    ASSERT_EQ(shown.size(), 3U);
    EXPECT_EQ(shown[0].y, shown[2].y);
    EXPECT_NEAR(place_of(svg, "0").y, shown[0].y, desktop.font / 2);
    EXPECT_LT(place_of(svg, "0.005").y, shown[0].y - desktop.font);  // the least label, and none is below it
    EXPECT_THAT(svg, Not(HasSubstr(">0.002<")));
    EXPECT_THAT(gnuplot_script(plot, desktop, Image::Svg), HasSubstr("nohead back"));
    EXPECT_THAT(svg, Not(HasSubstr("\u221e")));
    plot.y = axis_over("up", {std::numeric_limits<double>::infinity(), 1e-2, 10});
    EXPECT_THAT(svg_of(plot), HasSubstr("\u221e"));
}

TEST(Picture, HasItsLabelsAtTheirPoints) {
    const std::string svg = svg_of(plot_of({marks({{10, 0.1, "here"}, {100, 1, "there"}})}));
    const auto shown = circles(svg);
    for (const auto& [text, i] : {std::pair{"here", std::size_t{0}}, {"there", std::size_t{1}}}) {
        const Shown label = place_of(svg, text);
        EXPECT_NEAR(label.y, shown[i].y, desktop.font / 2);  // the line that letters stand on, against the middle
        EXPECT_GT(label.x, shown[i].x + shown[i].radius);
        EXPECT_LT(label.x, shown[i].x + 60);
    }
}

TEST(Picture, KeepsLabelsOffItsLines) {
    // A level line to the right of the first point, which would else have its label there.
    Series line = marks({{10, 0.1, "here"}, {900, 0.1, ""}});
    const std::string apart = svg_of(plot_of({line}));
    EXPECT_GT(place_of(apart, "here").x, circles(apart)[0].x);
    line.stroke = Stroke::Solid;
    const std::string joined = svg_of(plot_of({line}));
    EXPECT_LT(place_of(joined, "here").x, circles(joined)[0].x);
}

TEST(Picture, LabelsTicsBetweenPowersWhereThereIsRoom) {
    Plot plot = plot_of({marks({{1, 1, ""}})});
    plot.x = {"across", 0.9, 900};
    plot.y = {"up", 1e-9, 10};
    EXPECT_THAT(svg_of(plot), HasSubstr(">500<"));
    EXPECT_THAT(svg_of(plot), HasSubstr(">100<"));
    EXPECT_THAT(svg_of(plot, telephone), Not(HasSubstr(">500<")));
    EXPECT_THAT(svg_of(plot, telephone), HasSubstr(">100<"));
    plot.x = {"across", 1e-7, 1e-4};
    EXPECT_THAT(svg_of(plot), HasSubstr("5\u00b710"));
    EXPECT_THAT(svg_of(plot, telephone), Not(HasSubstr("5\u00b710")));
    plot.x.high = 10;
    EXPECT_THAT(svg_of(plot), Not(HasSubstr("5\u00b710")));
}

TEST(Layout, KeepsLegendTitlesAndAxesApart) {
    for (const Canvas& canvas : {desktop, telephone})
        for (std::size_t names = 0; names < 12; ++names) {
            Plot plot = plot_of({marks({{1, 1, ""}})});  // which has no name
            for (std::size_t i = 0; i < names; ++i) {
                plot.series.push_back(marks({{1, 1, ""}}));
                plot.series.back().name = std::string(4 * i, 'x') + "y";
            }
            const Layout layout = layout_of(plot, canvas);
            ASSERT_EQ(layout.legend.size(), names);
            const double half = canvas.font / 2;
            EXPECT_GT(layout.axes.bottom, layout.title_of_x.y + half);
            // 5 times 10 to the power of -10, with its gap to the axis: 5 letters, of which 3 are small.
            EXPECT_GT(layout.axes.left - layout.title_of_y.x - half, canvas.font * (0.62 * (4 + 3 * 0.8) + 0.5));
            EXPECT_GT(layout.title.y - half, layout.axes.top);
            for (std::size_t i = 0; i < names; ++i) {
                const Place& a = layout.legend[i];
                EXPECT_TRUE(a.x > 0 && a.y - half > 0 && a.y + half < layout.title_of_x.y - half);
                const double width = canvas.font * (sample_width + 0.6 * static_cast<double>(4 * i + 1));
                for (std::size_t j = 0; j < names; ++j) {
                    const Place& b = layout.legend[j];
                    EXPECT_FALSE(i != j && std::abs(a.y - b.y) < canvas.font && b.x >= a.x && b.x < a.x + width)
                        << i << ' ' << j;
                }
            }
        }
}

TEST(Layout, GrowsWithTheLegendAndNotAtTheAxes) {
    Plot plot = plot_of(std::vector<Series>(3, {"name", Colour::Black, Mark::None, Stroke::Solid, {{1, 1, ""}}}));
    EXPECT_EQ(fitted(plot, telephone).height, telephone.height);
    plot.series.resize(40, plot.series[0]);
    plot.area_samples = {{1, "an area"}};
    for (const Canvas& least : {desktop, telephone}) {
        const Canvas canvas = fitted(plot, least);
        EXPECT_EQ(canvas.width, least.width);
        EXPECT_GT(canvas.height, least.height);
        const Layout layout = layout_of(plot, canvas);
        EXPECT_GT(layout.axes.top - layout.axes.bottom, 0.6 * least.height);
        for (const Place& name : layout.legend)
            EXPECT_GT(name.y - canvas.font / 2, layout.area_samples[0].y + canvas.font);
    }
}

TEST(Picture, HasALegendOfItsNamedSeries) {
    Series line{"a line", Colour::Black, Mark::None, Stroke::Dashed, {{1, 1, ""}, {2, 2, ""}}};
    Series dots = marks({{1, 1, ""}});
    EXPECT_EQ(circles(svg_of(plot_of({dots, line}))).size(), 1U);
    dots.name = "dots";
    const std::string svg = svg_of(plot_of({dots, line}));
    const auto shown = circles(svg);
    ASSERT_EQ(shown.size(), 2U);  // one of them in the legend
    const Shown& sample = shown[0].y > shown[1].y ? shown[0] : shown[1];
    EXPECT_NEAR(place_of(svg, "dots").y, sample.y, desktop.font / 2);
    EXPECT_GT(place_of(svg, "dots").x, sample.x);
    EXPECT_GT(place_of(svg, "a line").x, place_of(svg, "dots").x);
}

TEST(Picture, IsWellFormedInBothShapesAndHasATitle) {
    Series line{"a <line> & more", Colour::Grey, Mark::Diamond, Stroke::Dashed, {{1, 1, ""}, {100, 5, "end"}}};
    for (const Canvas& canvas : {desktop, telephone}) {
        const std::string svg = svg_of(plot_of({line, marks({{1, 1, "x_1^2 {a}"}})}), canvas);
        EXPECT_EQ(test::unbalanced(svg), "");
        EXPECT_THAT(svg, HasSubstr("a &lt;line> &amp; more"));
        EXPECT_THAT(svg, HasSubstr("x_1^2 {a}"));
        for (const char* text : {"title", "across", "up"}) EXPECT_THAT(svg, HasSubstr(">" + std::string(text) + "<"));
    }
}

TEST(Picture, IsAPngOfItsSize) {
    const std::string png = run_gnuplot(gnuplot_script(plot_of({marks({{1, 1, ""}})}), telephone, Image::Png));
    ASSERT_GT(png.size(), 24U);
    EXPECT_EQ(png.substr(1, 3), "PNG");
    const auto number = [&](std::size_t at) {
        return static_cast<unsigned char>(png[at + 2]) * 256 + static_cast<unsigned char>(png[at + 3]);
    };
    EXPECT_EQ(number(16), telephone.width);
    EXPECT_EQ(number(20), telephone.height);
}

using PictureOfAnyText = test::FolderTest;
TEST_F(PictureOfAnyText, TakesNoneForACommand) {
    const std::filesystem::path trace = folder / "taken_for_a_command";
    const std::string touch = "touch " + trace.string();
    for (const std::string& text : {"`" + touch + "`", "'; system('" + touch + "'); '", "'\nsystem('" + touch + "')\n'",
                                    "\"`" + touch + "`\"", "END\nsystem('" + touch + "')"}) {
        Plot plot = plot_of({marks({{1, 1, text}})});
        plot.title = plot.x.title = plot.y.title = plot.series[0].name = plot.area = text;
        plot.series[0].points[0].area = 1;
        plot.area_samples = {{1, text}};
        EXPECT_EQ(test::unbalanced(svg_of(plot)), "") << text;
        EXPECT_FALSE(std::filesystem::exists(trace)) << text;
    }
}

std::string refusal(const std::string& script, const char* program) {
    try {
        run_gnuplot(script, program);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "nothing was refused";
}

TEST(Gnuplot, IsMissedInOneLine) {
    const std::string message = refusal("", "gnuplot-that-is-not-there");
    EXPECT_THAT(message, HasSubstr("gnuplot-that-is-not-there: "));
    EXPECT_THAT(message, HasSubstr("apt-get install gnuplot-nox"));
    EXPECT_THAT(message, Not(HasSubstr("\n")));
}

TEST(Gnuplot, FailsInOneLine) {
    const std::string message = refusal("plot nothing that it knows\n", "gnuplot");
    EXPECT_THAT(message, HasSubstr("gnuplot: expected a picture, found "));
    EXPECT_THAT(message, Not(HasSubstr("\n")));
    EXPECT_EQ(refusal("", "gnuplot"), "nothing was refused");
}

}  // namespace
}  // namespace halfulp
