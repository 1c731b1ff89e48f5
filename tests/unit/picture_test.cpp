// Claim: the Pareto set is what it is called; the frontier, the roofline and the halving table and pictures show the numbers
// of a bench, each where it belongs.
// Oracle: the Pareto set by all pairs; a bench made up here, whose ratios and slopes are worked out by hand. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include <halfulp/lib/workload/halving.hpp>
#include <halfulp/lib/workload/pareto.hpp>
#include <halfulp/lib/workload/picture/frontier.hpp>
#include <halfulp/lib/workload/picture/halving.hpp>
#include <halfulp/lib/workload/picture/roofline.hpp>
#include <halfulp/lib/workload/study.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/made_up_bench.hpp"

namespace halfulp::workload {
namespace {

using test::made_up_bench;
using test::measured;
using test::problem;
using testing::ElementsAre;
using testing::HasSubstr;

bool is_beaten(const Measurement& m, const Benched& p) {
    return std::any_of(p.measurements.begin(), p.measurements.end(), [&](const Measurement& o) {
        const double e = o.against_truth.relative_norm, f = m.against_truth.relative_norm;
        return o.wrong == 0 && o.seconds <= m.seconds && e <= f && (o.seconds < m.seconds || e < f);
    });
}

TEST(Pareto, IsWhatNobodyBeats) {
    std::uint64_t index = 0;
    const auto small = [&] { return static_cast<double>(1 + random_bits(1, index++) % 6); };  // so that many are equal
    for (int trial = 0; trial < 500; ++trial) {
        Benched p = problem("sum", 9, "normal", {});
        for (int i = 0; i < 7; ++i) {
            p.measurements.push_back(measured("fp32", small(), small()));
            p.measurements.back().wrong = random_bits(1, index++) % 4 == 0 ? 1 : 0;
        }
        const auto set = pareto_set(p);
        for (const Measurement& m : p.measurements) {
            const bool expected = m.wrong == 0 && !is_beaten(m, p);
            EXPECT_EQ(std::count(set.begin(), set.end(), &m), expected ? 1 : 0) << trial;
        }
        for (std::size_t i = 1; i < set.size(); ++i) EXPECT_LE(set[i - 1]->seconds, set[i]->seconds);
    }
}

const Series& series_of(const Plot& plot, const std::string& name) {
    const auto found = std::find_if(plot.series.begin(), plot.series.end(), [&](auto& s) { return s.name == name; });
    if (found == plot.series.end()) throw std::runtime_error("no series " + name);
    return *found;
}
std::vector<std::string> labels_of(const Series& s) {
    std::vector<std::string> labels;
    for (const Point& p : s.points) labels.push_back(p.label);
    return labels;
}

TEST(Frontier, TellsTheBestTheOthersAndTheWrong) {
    Benched p =
        problem("gemm", 512, "normal",
                {measured("fp32", 4, 1e-7, 4000), measured("int8", 1, 1e-2, 1000), measured("fp16", 8, 1e-3, 2000),
                 measured("bf16", 2, std::numeric_limits<double>::infinity(), 2000), measured("fp32-exact", 9, 0)});
    p.measurements[3].wrong = 1;
    const Picture picture = frontier(p);
    EXPECT_EQ(picture.name, "frontier-gemm-512-normal");
    const Series& best = series_of(picture.plot, "Pareto set");
    EXPECT_THAT(labels_of(best), ElementsAre("int8", "fp32", "fp32-exact"));
    EXPECT_EQ(best.stroke, Stroke::Solid);
    EXPECT_EQ(best.points[1].x, 4);
    EXPECT_EQ(best.points[1].y, 1e-7);
    EXPECT_EQ(best.points[1].area, 4000);
    EXPECT_EQ(best.points[2].y, 0);
    EXPECT_TRUE(picture.plot.y.zero && picture.plot.y.infinity);
    EXPECT_THAT(labels_of(series_of(picture.plot, "others")), ElementsAre("fp16"));
    const Series& wrong = series_of(picture.plot, "wrong results");
    EXPECT_THAT(labels_of(wrong), ElementsAre("bf16"));
    EXPECT_EQ(wrong.colour, Colour::Grey);
    EXPECT_EQ(wrong.points[0].y, std::numeric_limits<double>::infinity());
    const auto [low, high] = span_of(picture.plot.y);
    for (const Series& s : picture.plot.series)
        for (const Point& point : s.points) {
            const double y = place_of(picture.plot.y, point.y);
            EXPECT_TRUE(y > low && y < high && point.x < picture.plot.x.high);
        }
}

TEST(Frontier, TellsBytesByAreas) {
    const auto samples = [](std::size_t bytes) {
        std::vector<std::pair<double, std::string>> all;
        for (const AreaSample& s :
             frontier(problem("sum", 1, "normal", {measured("fp32", 1, 1, bytes), measured("int8", 1, 1, 1)}))
                 .plot.area_samples)
            all.emplace_back(s.area, s.name);
        return all;
    };
    EXPECT_THAT(samples(5000), ElementsAre(std::pair(4096.0, "4 KiB"), std::pair(256.0, "256 B")));
    EXPECT_THAT(samples(32 << 20), ElementsAre(std::pair(33554432.0, "32 MiB"), std::pair(2097152.0, "2 MiB")));
    EXPECT_THAT(samples(9), ElementsAre(std::pair(8.0, "8 B")));
}

TEST(Frontier, ShowsASingleExactResultToo) {
    EXPECT_GT(frontier(problem("sum", 1, "normal", {measured("fp32", 1, 0)})).plot.y.low, 0);
}

Bench three_formats() {
    // 2000 operations: 0.5, 1, 1 and 2 a byte; 1000, 1500, 1600 and 3000 Gop/s.
    return made_up_bench({problem("dot", 500, "uniform",
                                  {measured("fp32", 2e-9, 1, 4000), measured("fp16-fp32", 2e-9 / 1.5, 1, 2000),
                                   measured("bf16-fp32", 2e-9 / 1.6, 1, 2000), measured("int8", 2e-9 / 3, 1, 1000),
                                   measured("fp16", 4e-9, 1, 2000)})});
}

TEST(Roofline, HasTheRoofs) {
    const Plot plot = roofline(three_formats()).plot;
    for (const auto& [name, slope] :
         {std::pair{"L1: 200 GB/s", 200.0}, {"memory: 20 GB/s", 20.0}, {"fp16 to fp32: 25 G/s", 50.0}}) {
        ASSERT_EQ(series_of(plot, name).points.size(), 2U);
        for (const Point& p : series_of(plot, name).points) {
            EXPECT_NEAR(p.y / p.x, slope, 1e-9) << name;
            EXPECT_LE(p.y, 200.0001) << name;  // the highest level one
        }
    }
    for (const Point& p : series_of(plot, "fp32 fused multiply-add: 100 Gop/s").points) EXPECT_EQ(p.y, 100);
    EXPECT_EQ(series_of(plot, "L1: 200 GB/s").points.front().x, plot.x.low);
    std::vector<std::string> names;
    for (const Series& s : plot.series)
        if (s.mark == Mark::None && !s.name.empty()) names.push_back(s.name);
    EXPECT_THAT(names, ElementsAre("L1: 200 GB/s", "memory: 20 GB/s", "fp16 to fp32: 25 G/s",  // bytes are not widened
                                   "int8 products: 200 Gop/s", "fp32 fused multiply-add: 100 Gop/s"));
}

TEST(Roofline, HasALookForEachRoof) {
    Bench bench = three_formats();
    for (int i = 0; i < 7; ++i)
        bench.ceilings.push_back({std::to_string(i), measure::Kind::Arithmetic, 1e9 * (i + 1), 0, 0});
    for (const char* level : {"L2", "L3"}) bench.ceilings.push_back({level, measure::Kind::Reading, 50e9, 0, 0});
    bench.ceilings.push_back({"bf16 to fp32", measure::Kind::Conversion, 24e9, 0, 0});
    std::vector<std::tuple<bool, Colour, Stroke>> lines;
    std::vector<Colour> marks;
    for (const Series& s : roofline(bench).plot.series) {
        if (s.mark != Mark::None && s.name != "other policies") marks.push_back(s.colour);
        if (s.mark != Mark::None || s.name.empty()) continue;
        const bool is_level = s.points.front().y == s.points.back().y;
        EXPECT_EQ(std::count(lines.begin(), lines.end(), std::tuple(is_level, s.colour, s.stroke)), 0) << s.name;
        lines.emplace_back(is_level, s.colour, s.stroke);
    }
    EXPECT_EQ(lines.size(), 15U);
    for (const auto& [is_level, colour, stroke] : lines) EXPECT_EQ(std::count(marks.begin(), marks.end(), colour), 0);
}

TEST(Roofline, JoinsTheSameProblemInFewerBytes) {
    const Plot plot = roofline(three_formats()).plot;
    const Point& fp32 = series_of(plot, "fp32").points.at(0);
    EXPECT_EQ(fp32.label, "dot 500");
    EXPECT_NEAR(fp32.x, 0.5, 1e-12);
    EXPECT_NEAR(fp32.y, 1000, 1e-9);
    EXPECT_NEAR(series_of(plot, "int8").points.at(0).x, 2, 1e-12);
    EXPECT_NEAR(series_of(plot, "other policies").points.at(0).y, 500, 1e-9);
    const auto joining = std::find_if(plot.series.begin(), plot.series.end(), [](const Series& s) {
        return s.points.size() == 4 && s.stroke == Stroke::Thin && s.mark == Mark::None;
    });
    ASSERT_NE(joining, plot.series.end());
    EXPECT_NEAR(joining->points.back().y, 3000, 1e-9);
}

TEST(Halving, ComparesEachFormatWithFp32) {
    Bench bench = three_formats();
    bench.problems[0].measurements[0].roof = {"memory", 2e-9};
    bench.problems[0].measurements[1].roof = {"fp16 to fp32", 1.6e-9};
    bench.problems.push_back(problem("gemm", 9, "uniform", {measured("fp32", 1, 1), measured("int8", 1, 1)}));
    bench.problems.push_back(problem("sum", 9, "uniform", {measured("int8", 1, 1)}));
    const std::vector<Halved> rows = halved(bench);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].policy, "fp16-fp32");
    EXPECT_EQ(rows[0].level, "L2");
    EXPECT_EQ(rows[0].by_bytes, 2);
    EXPECT_NEAR(rows[0].predicted, 1.25, 1e-12);
    EXPECT_EQ(rows[0].roof, "fp16 to fp32");
    EXPECT_NEAR(rows[0].measured, 1.5, 1e-12);
    EXPECT_EQ(rows[2].by_bytes, 4);
    const Table table = halving_table(rows);
    EXPECT_THAT(table[1],
                ElementsAre("dot", "500", "L2", "fp16-fp32", "2.00", "1.25", "fp16 to fp32", "1.50", "1.20", "yes"));
}

TEST(Halving, HasAPictureAWorkload) {
    std::vector<Halved> rows = halved(three_formats());
    rows.push_back(rows[0]);
    rows.back().bytes = 400;
    rows.back().measured = 0.5;
    const std::vector<Picture> pictures = halving_pictures(rows);
    ASSERT_EQ(pictures.size(), 1U);
    EXPECT_EQ(pictures[0].name, "halving-dot");
    const Series& fp16 = series_of(pictures[0].plot, "fp16-fp32");
    ASSERT_EQ(fp16.points.size(), 2U);
    EXPECT_EQ(fp16.points[0].x, 400);
    EXPECT_EQ(fp16.points[0].y, 0.5);
    EXPECT_NEAR(fp16.points[1].y, 1.5, 1e-12);
    EXPECT_EQ(series_of(pictures[0].plot, "int8, predicted").stroke, Stroke::Dotted);
    EXPECT_LT(pictures[0].plot.y.low, 0.5);
    for (const char* policy : {"fp16-fp32", "bf16-fp32", "int8"}) {
        const Series &here = series_of(pictures[0].plot, policy),
                     there = series_of(roofline(three_formats()).plot, policy);
        EXPECT_TRUE(here.colour == there.colour && here.mark == there.mark) << policy;
    }
}

TEST(Halving, IsMeasuredInEachLevel) {
    const measure::Machine machine = made_up_bench({}).machine;
    std::vector<std::string> levels;
    for (const BenchOptions& options : halving_plan(machine, Extent::Full))
        for (const std::size_t size : options.sizes) {
            const std::size_t numbers = options.workloads[0].kind == Kind::Gemv ? size * size
                                        : options.workloads[0].has_b            ? 2 * size
                                                                                : size;
            levels.push_back(level_of(machine, numbers * sizeof(float)));
        }
    EXPECT_EQ(levels.size(), 9U);
    EXPECT_EQ(levels[0] + levels[1] + levels[2], "L1L2memory");
    EXPECT_EQ(level_of(machine, 1000), "L1");
    EXPECT_EQ(level_of(machine, 1001), "L2");
    EXPECT_EQ(level_of(machine, 8001), "memory");
}

}  // namespace
}  // namespace halfulp::workload
