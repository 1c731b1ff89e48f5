// Claim: over the whole table of calibration cells, predictions, bounds and flags are what lib/plan says of them.
// Oracle: runs of the kernels and of the matrix units' models against exact sums, rounded once (softfloat/dot.hpp); made-up
// cells, of which each breaks one criterion. Shared: nothing but the numbers.
// With HALFULP_UPDATE_README set, the tables of docs/planning.md are rewritten instead.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include <halfulp/lib/plan/calibration.hpp>

#include "support/sections.hpp"

namespace halfulp::plan {
namespace {

TEST(Calibration, MeetsEveryCriterion) {
    std::vector<Calibrated> cells;
    std::set<Flag> flags;
    for (const Cell& cell : calibration_cells()) {
        cells.push_back(calibrated(cell));
        flags.insert(cells.back().flags.begin(), cells.back().flags.end());
    }
    EXPECT_GE(cells.size(), 200U);
    for (const Criterion& c : criteria(cells)) {
        EXPECT_TRUE(c.is_met()) << c.claim << ": " << c.holds << " of " << c.of;
        EXPECT_GE(c.of, 15U) << c.claim;
    }
    test::expect_section("criteria", to_markdown(to_table(criteria(cells))), "docs/planning.md");
    test::expect_section("calibration", to_markdown(to_summary(cells)), "docs/planning.md");
    for (const Flag flag :
         {Flag::Overflow, Flag::Underflow, Flag::Stagnation, Flag::Truncation, Flag::IntegerSaturation})
        EXPECT_TRUE(flags.contains(flag)) << row_of(flag).name;
}

/// One that meets all.
Calibrated good() {
    const Policy policy = cpu_policy("fp32", "lanes");
    Calibrated c{{workload::Kind::Sum, policy, 8, "normal"}, 1, 1e-3, 1e-3, 1e-1, 1e-2, 1e-3, 0.1, 0, 0, 0, {}};
    return c;
}

/// The numbers of the criteria that are not met by 100 cells, of which `count` are another one.
std::vector<std::size_t> broken(const Calibrated& other, std::size_t count) {
    std::vector<Calibrated> cells(100 - count, good());
    cells.insert(cells.end(), count, other);
    std::vector<std::size_t> numbers;
    const auto all = criteria(cells);
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!all[i].is_met()) numbers.push_back(i);
    return numbers;
}

TEST(Criteria, AreBrokenByWhatBreaksThem) {
    using Numbers = std::vector<std::size_t>;
    EXPECT_EQ(broken(good(), 1), Numbers());
    Calibrated beyond = good();
    beyond.of_bound = 1.01;
    EXPECT_EQ(broken(beyond, 1), Numbers({0}));
    Calibrated better = good();
    better.measured = 3.2e-4;
    EXPECT_EQ(broken(better, 5), Numbers());
    EXPECT_EQ(broken(better, 6), Numbers({1}));
    EXPECT_EQ(broken(better, 11), Numbers({1})) << "independent errors alone are only counted";
    Calibrated worse = good();
    worse.measured = 4e-3;
    EXPECT_EQ(broken(worse, 6), Numbers({1}));
    worse.measured = 6e-3;
    EXPECT_EQ(broken(worse, 1), Numbers({2}));
    worse.flags = {Flag::Stagnation};
    EXPECT_EQ(broken(worse, 50), Numbers());
    Calibrated alarmed = good();
    alarmed.flags = {Flag::Bias};
    EXPECT_EQ(broken(alarmed, 5), Numbers());
    EXPECT_EQ(broken(alarmed, 6), Numbers({3}));
    Calibrated unlikely = good();
    unlikely.probable = 9e-4;
    EXPECT_EQ(broken(unlikely, 1), Numbers());
    EXPECT_EQ(broken(unlikely, 2), Numbers({4}));
    Calibrated infinite = good();
    infinite.measured = INFINITY;
    EXPECT_EQ(broken(infinite, 1), Numbers({2}));
    Calibrated saturating = good();
    saturating.everywhere = 10;
    EXPECT_EQ(broken(saturating, 1), Numbers({6}));
    saturating.flags = {Flag::IntegerSaturation};
    saturating.measured = 6e-3;
    EXPECT_EQ(broken(saturating, 1), Numbers());
    saturating.counted = 1;
    EXPECT_EQ(broken(saturating, 1), Numbers({6}));
}

}  // namespace
}  // namespace halfulp::plan
