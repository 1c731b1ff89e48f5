// Claim: histograms are the same in whatever batches the numbers come; each method clips where its definition says.
// Oracle: counting by definition, brute force over all thresholds, small cases by hand. Recorded thresholds of the frameworks are
// in tests/replay/calibration_test.cpp. Shared: quantise, whose tests are elsewhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/quantize/calibration.hpp>
#include <halfulp/lib/quantize/clipping.hpp>

#include "support/normal_numbers.hpp"

namespace halfulp::quantize {
namespace {

using test::normal_numbers;

TEST(Histogram, CountsByEdges) {
    const Histogram h = histogram_of(std::vector<float>{0, 0.5F, 1, 1.5F, 3.9F, 4}, 4);
    EXPECT_EQ(h.counts, (std::vector<std::uint64_t>{2, 2, 0, 2}));
    EXPECT_EQ(h.edge(1), 1);
    EXPECT_EQ(h.centre(1), 1.5);
    const Histogram m = magnitudes_of(std::vector<float>{-4, 0, 1}, 2);
    EXPECT_EQ(m.counts, (std::vector<std::uint64_t>{2, 1}));
    EXPECT_EQ(m.total(), 3U);
}

/// Counts beyond 2^24, where those in binary32 stop, and beyond 2^32.
TEST(Histogram, CountsHave64Bits) {
    Histogram h{0, 1, {std::uint64_t{1} << 40, 7}};
    h.add(0.5);
    EXPECT_EQ(h.counts[0], (std::uint64_t{1} << 40) + 1);
    EXPECT_EQ(h.total(), (std::uint64_t{1} << 40) + 8);
}

/// Numbers of many magnitudes, zeros and edges.
std::vector<float> growing_numbers() {
    std::vector<float> numbers = {0, 0, -0.0F, 1e-30F, -1e-30F, 0x1p-3F, -0x1p-3F};
    for (const float x : normal_numbers(2000))
        numbers.push_back(x * std::ldexp(1.0F, static_cast<int>(numbers.size()) % 9));
    numbers.insert(numbers.end(), {1024, -1024, 0x1.fffffep9F, 0});
    return numbers;
}

TEST(GrowingHistogram, BatchesAndOrderChangeNothing) {
    std::vector<float> numbers = growing_numbers();
    // By definition, at the last size: bins of 2^-1 around 0.
    constexpr std::size_t bins = 256;
    std::vector<std::uint64_t> defined(bins);
    for (const float x : numbers) ++defined[static_cast<std::size_t>(std::floor(static_cast<double>(x) / 16) + 128)];
    std::mt19937 random(9);
    for (int i = 0; i < 20; ++i) {
        GrowingHistogram h(bins);
        for (std::size_t first = 0; first < numbers.size();) {
            const std::size_t count =
                std::min<std::size_t>(i == 0 ? numbers.size() : 1 + random() % 100, numbers.size() - first);
            h.add(std::span(numbers).subspan(first, count));
            first += count;
        }
        EXPECT_EQ(h.histogram(), (Histogram{-2048, 16, defined}));
        std::ranges::shuffle(numbers, random);
    }
}

TEST(GrowingHistogram, ZerosAndMagnitudes) {
    GrowingHistogram h(4);
    h.add(std::vector<float>{0, 0});
    EXPECT_EQ(h.histogram(), Histogram{});
    h.add(std::vector<float>{1, -1.5F, 0.25F});
    EXPECT_EQ(h.histogram(), (Histogram{-2, 1, {1, 0, 3, 1}}));
    EXPECT_EQ(h.magnitudes(), (Histogram{0, 1, {3, 2}}));
    EXPECT_THROW(h.add(std::vector<float>{1, INFINITY}), InputError);
    EXPECT_EQ(h.histogram().total(), 5U);
}

TEST(Clipping, MovingAverageInBinary32) {
    const std::vector<Limits> batches = {{-1, 2}, {-3, 1}, {0, 5}};
    const float least = -1.0F + 0.5F * (-3.0F + 1.0F), greatest = 2.0F + 0.5F * (1.0F - 2.0F);
    EXPECT_EQ(moving_average(batches, 0.5F), (Limits{least + 0.5F * (0 - least), greatest + 0.5F * (5 - greatest)}));
}

TEST(Clipping, PercentilesByCounting) {
    const Histogram h{0, 1, {50, 30, 15, 4, 1}};
    EXPECT_EQ(percentile_reach(h, 50), 0);  // the first bin has half of all
    EXPECT_EQ(percentile_reach(h, 51), 1);
    EXPECT_EQ(percentile_reach(h, 95), 2);
    EXPECT_EQ(percentile_reach(h, 99.5), 4);
    EXPECT_EQ(percentile_limits(h, 90), (Limits{0, 3}));  // 5 % beyond on each side
    EXPECT_EQ(percentile_limits({0, 1, {5, 5, 80, 5, 5}}, 80), (Limits{1, 3}));
}

/// Of all thresholds the one with the least error, by trying them with the quantiser itself.
TEST(Clipping, MseByBruteForce) {
    std::vector<float> numbers = normal_numbers(500);
    numbers.push_back(12);
    const Histogram h = magnitudes_of(numbers, 256);
    for (const std::int32_t greatest : {1, 3, 7, 127}) {
        double least = 1e30, reach = 0;
        for (std::size_t i = 16; i < 256; ++i) {
            double error = 0;
            for (std::size_t j = 0; j < 256; ++j) {
                const double step = h.centre(i) / greatest,
                             code = std::min<double>(std::nearbyint(h.centre(j) / step), greatest);
                error += static_cast<double>(h.counts[j]) * std::pow(code * step - h.centre(j), 2);
            }
            if (error < least * (1 - 1e-12)) {
                least = error;
                reach = h.centre(i);
            }
        }
        EXPECT_NEAR(mse_reach(h, greatest, 16), reach, h.width * 1e-6) << greatest;
    }
}

/// One number below half of each candidate: all have its square as their error.
TEST(Clipping, MseTakesTheFirstOfEquals) { EXPECT_EQ(mse_reach({0, 1, {7, 0, 0, 0}}, 1, 1), 1.5); }

/// Bins of width 1 from `least` on, some of them empty.
Histogram some_bins(int least, std::mt19937& random) {
    Histogram h{static_cast<double>(least), 1, std::vector<std::uint64_t>(40)};
    for (auto& count : h.counts) count = random() % 3 == 0 ? 0 : random() % 50;
    h.counts.front() = 1 + random() % 3;
    h.counts.back() = 1 + random() % 3;
    return h;
}

/// The squared error of the nearest levels, where numbers fill their bins evenly: by the midpoints of many parts.
double error_by_parts(const Histogram& h, const Affine& by) {
    constexpr int parts = 512;
    double sum = 0;
    for (std::size_t i = 0; i < h.counts.size(); ++i)
        for (int k = 0; h.counts[i] != 0 && k < parts; ++k) {
            const double x = h.edge(i) + (k + 0.5) / parts * h.width, step = static_cast<double>(by.scale);
            const double code =
                std::clamp<double>(std::nearbyint(x / step) + by.zero_point, by.range.least, by.range.greatest);
            sum += static_cast<double>(h.counts[i]) / parts * std::pow((code - by.zero_point) * step - x, 2);
        }
    return sum;
}

/// Neither limit alone, at any centre between 0 and the own one, makes the error less; and the affine error is what counts.
TEST(Clipping, MseOfAnAffineQuantiserByBruteForce) {
    std::mt19937 random(12);
    int clips = 0;
    for (const ScaleRule rule : {ScaleRule::Onnx, ScaleRule::Tflite, ScaleRule::PowerOfTwo})
        for (const int least : {-30, -8, 0, 5})
            for (const CodeRange& range : {CodeRange{0, 3}, {-4, 3}, {0, 15}}) {
                const Scheme scheme{rule, false, range};
                const Histogram h = some_bins(least, random);
                const Limits own{static_cast<float>(least), static_cast<float>(least) + 40};
                const Limits found = mse_limits(h, own, scheme);
                const double error = error_by_parts(h, affine_of(scheme, found));
                std::vector<Limits> others = {own, {own.least, found.greatest}, {found.least, own.greatest}};
                for (std::size_t i = 0; i < h.counts.size(); ++i) {
                    const auto x = static_cast<float>(h.centre(i));
                    others.push_back(x > 0 ? Limits{found.least, x} : Limits{x, found.greatest});
                }
                for (const Limits& other : others)
                    EXPECT_GE(error_by_parts(h, affine_of(scheme, other)), error * (1 - 1e-4))
                        << row_of(rule).name << ' ' << range.greatest << ": " << found.least << ' ' << found.greatest
                        << " against " << other.least << ' ' << other.greatest;
                EXPECT_GE(found.least, own.least);
                EXPECT_LE(found.greatest, own.greatest);
                if (found != own) ++clips;
            }
    EXPECT_GE(clips, 18);  // of 36
}

/// sum p log(p / q), as it is defined.
double divergence_by_definition(const std::vector<std::uint64_t>& counts, std::size_t used, std::size_t levels) {
    std::vector<double> p(used), q(used), level(levels), bins(levels);
    double all = 0, inside = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        p[std::min(i, used - 1)] += static_cast<double>(counts[i]);
        all += static_cast<double>(counts[i]);
        if (i >= used || counts[i] == 0) continue;
        level[i * levels / used] += static_cast<double>(counts[i]);
        bins[i * levels / used] += 1;
        inside += static_cast<double>(counts[i]);
    }
    double sum = 0;
    for (std::size_t i = 0; i < used; ++i) {
        if (p[i] == 0) continue;
        if (counts[i] == 0) return INFINITY;
        const std::size_t at = i * levels / used;
        sum += p[i] / all * std::log(p[i] / all / (level[at] / bins[at] / inside));
    }
    return sum;
}

TEST(Clipping, EntropyByBruteForce) {
    std::mt19937 random(13);
    for (const std::size_t levels : {2U, 3U, 8U, 30U})
        for (int i = 0; i < 50; ++i) {
            Histogram h = some_bins(0, random);
            for (std::size_t bin = 20; bin < 40; ++bin) h.counts[bin] /= 1 + random() % 30;
            const double reach = entropy_reach(h, levels);
            std::vector<std::uint64_t> counts = h.counts;
            counts[0] = counts[1];
            const double found = divergence_by_definition(counts, static_cast<std::size_t>(reach), levels);
            for (std::size_t used = levels; used <= 40; ++used) {
                const double d = divergence_by_definition(counts, used, levels);
                EXPECT_GE(d, found - 1e-12) << levels << ": " << used << " against " << reach;
            }
        }
}

TEST(Clipping, EntropyOfSmallCasesByHand) {
    // Two levels. All 4 bins: p = (2, 2, 2, 2) / 8, levels of two bins each have the same: no divergence.
    EXPECT_EQ(entropy_reach({0, 1, {2, 2, 2, 2}}, 2), 4);
    // Bin 0 counts as bin 1. 2 bins: p = (8, 8 + 2) / 18 from (8, 8) / 16: 0.0062. 3 bins: levels (8 8 | 1), p (8, 8, 2) / 18
    // from (8, 8, 1) / 17: 0.0268. 4 bins: levels (8 8 | 1 1) of 18: nothing.
    EXPECT_EQ(entropy_reach({0, 1, {99, 8, 1, 1}}, 2), 4);
    // 4 bins: (8 8 | 1 5) of 22: 5/22 log(5/3) + 1/22 log(1/3) = 0.066. 3 bins: (8, 8, 6) / 22 from (8, 8, 1) / 17: 0.30.
    // 2 bins: (8, 14) / 22 from halves: 0.038.
    EXPECT_EQ(entropy_reach({0, 1, {99, 8, 1, 5}}, 2), 2);
    // 4 bins: (8 8 | 1 2) of 19: 0.0089. 2 bins: (8, 11) / 19 from halves: 0.0125.
    EXPECT_EQ(entropy_reach({0, 1, {99, 8, 1, 2}}, 2), 4);
    EXPECT_EQ(entropy_reach({0, 1, {99, 8, 0, 0}}, 2), 4);  // the last of equals
    EXPECT_EQ(entropy_reach({0, 1, {1, 2}}, 128), 2);       // no candidates
}

TEST(Clipping, L2MovesInwardsWhileTheErrorFalls) {
    // The first move always counts: it leaves out what is beyond the quantile. Many levels lose by every further move; of few
    // levels of an exponential distribution each is worth more than its tail, the more the fewer they are.
    Histogram h{0, 1, std::vector<std::uint64_t>(2048)};
    for (std::size_t i = 0; i < 2048; ++i)
        h.counts[i] = static_cast<std::uint64_t>(1e6 * std::exp(-static_cast<double>(i) / 100));
    std::uint64_t beyond = 0;
    std::size_t first_move = 2048;
    while (static_cast<double>(beyond + h.counts[first_move - 1]) < 1e-5 * static_cast<double>(h.total()))
        beyond += h.counts[--first_move];
    EXPECT_NEAR(l2_limits(h, 65536).greatest, static_cast<double>(first_move), 1);
    const float four = l2_limits(h, 4).greatest, sixteen = l2_limits(h, 16).greatest;
    EXPECT_LT(four, sixteen);
    EXPECT_LT(sixteen, l2_limits(h, 65536).greatest);
    EXPECT_GT(four, 200);
}

}  // namespace
}  // namespace halfulp::quantize
