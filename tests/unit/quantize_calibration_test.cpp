// Claim: the best of the candidates is never worse than min-max; batches change nothing; groups have their own scales; what cannot be
// calibrated is refused.
// Oracle: the quantisers by definition, small cases by hand. Where each method clips is in quantize_clipping_test.cpp. Shared:
// quantise, whose tests are elsewhere.
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

std::vector<Calibration> all_methods() {
    std::vector<Calibration> methods(calibrations.size());
    std::ranges::transform(calibrations, methods.begin(), &CalibrationRow::value);
    return methods;
}

double ratio(std::span<const float> numbers, std::span<const float> levels) {
    double power = 0, error = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        power += std::pow(static_cast<double>(numbers[i]), 2);
        error += std::pow(static_cast<double>(numbers[i]) - static_cast<double>(levels[i]), 2);
    }
    return 10 * std::log10(power / error);
}

/// What ONNX's rule and QuantizeLinear make of the least and the greatest number, 0 among them, by definition.
std::vector<float> levels_of_min_max(std::span<const float> numbers, bool symmetric, int bits) {
    float least = 0, greatest = 0;
    for (const float x : numbers) {
        least = std::min(least, x);
        greatest = std::max(greatest, x);
    }
    if (symmetric) greatest = -(least = -std::max(-least, greatest));
    const float qmin = -std::ldexp(1.0F, bits - 1), qmax = -qmin - 1, scale = (greatest - least) / (qmax - qmin);
    const float zero = symmetric ? 0 : std::nearbyint(std::clamp(qmin - least / scale, qmin, qmax));
    std::vector<float> levels;
    for (const float x : numbers)
        levels.push_back((std::clamp(std::nearbyint(x / scale) + zero, qmin, qmax) - zero) * scale);
    return levels;
}

TEST(Calibration, TheBestIsNeverWorseThanMinMax) {
    std::vector<std::vector<float>> tensors = {normal_numbers(6000), normal_numbers(6000, 20),
                                               normal_numbers(6000, -3)};
    tensors.push_back(normal_numbers(6000));
    for (std::size_t i = 0; i < 6000; i += 1500) tensors.back()[i] *= 200;
    tensors.push_back(normal_numbers(6000));
    for (float& x : tensors.back()) x = std::max(x, 0.0F);
    int better = 0;
    for (const auto& numbers : tensors)
        for (const bool symmetric : {false, true})
            for (const int bits : {2, 8}) {
                const CalibrationOptions options{{ScaleRule::Onnx, symmetric, full_range({bits, true})}};
                const auto all =
                    candidates(options, Grouping({6000}, Granularity::Tensor), {numbers, 3}, all_methods());
                ASSERT_EQ(all.size(), calibrations.size());
                for (const Candidate& c : all) {
                    std::vector<float> levels(numbers.size());
                    fake_quantise(c.quantisers[0], numbers, levels);
                    EXPECT_NEAR(c.sqnr, ratio(numbers, levels), 1e-9) << row_of(c.method).name;
                }
                std::vector<float> levels(numbers.size());
                fake_quantise(best(all).quantisers[0], numbers, levels);
                const double min_max = ratio(numbers, levels_of_min_max(numbers, symmetric, bits));
                EXPECT_NEAR(all[0].sqnr, min_max, 1e-9);
                EXPECT_GE(ratio(numbers, levels), min_max - 1e-9);
                if (ratio(numbers, levels) > min_max + 1) ++better;
                EXPECT_EQ(all[0].method, Calibration::MinMax);
                EXPECT_LE(all[0].clipped,
                          1e-3);  // a rounded zero point shifts the range, and symmetric codes have one less above
            }
    EXPECT_GE(better, 5);  // of 20: with 2 bits clipping pays for normal numbers
}

/// Normal numbers, clipped at both sides alike, would lose 0.05 dB in an affine scheme, whose limits lie at their own.
TEST(Calibration, MseGainsInAnAffineSchemeToo) {
    const std::vector<float> numbers = normal_numbers(65536);
    const auto all = candidates({}, Grouping({64, 1024}, Granularity::Channel, 0), {numbers},
                                std::vector{Calibration::MinMax, Calibration::Mse});
    EXPECT_GT(all[1].sqnr, all[0].sqnr + 0.03);
}

/// Of 20000 numbers within [-4, 4] and one of 1e5, 99.99 % lie in the first bin of magnitudes: the percentile's edge is 0.
TEST(Calibration, OneThatHasNoScaleIsARowAmongOthers) {
    std::vector<float> numbers = normal_numbers(20000);
    numbers[7] = 1e5F;
    const CalibrationOptions options{{ScaleRule::Onnx, true, {-128, 127}}};
    for (const auto& grouping :
         {Grouping({1, 20000}, Granularity::Tensor), Grouping({1, 20000}, Granularity::Channel, 0)}) {
        const auto all = candidates(options, grouping, {numbers}, all_methods());
        ASSERT_EQ(all.size(), calibrations.size());
        for (const Candidate& c : all) {
            EXPECT_EQ(c.possible(), c.method != Calibration::Percentile);
            EXPECT_EQ(c.quantisers.size(), c.possible() ? 1U : 0U);
        }
        EXPECT_EQ(all[0].quantisers[0].scale, 2e5F / 255);
        const Candidate& none = all[static_cast<std::size_t>(Calibration::Percentile)];
        EXPECT_NE(none.why.find("expected numbers whose scale is a normal number of fp32, found"), std::string::npos);
        EXPECT_NE(&best(all), &none);
    }
    EXPECT_THROW(
        candidates(options, Grouping({20000}, Granularity::Tensor), {numbers}, std::vector{Calibration::Percentile}),
        InputError);
}

/// Channels of which one is impossible: so is the candidate.
TEST(Calibration, AGroupWithoutAScaleRulesOutTheCandidateOnly) {
    std::vector<float> numbers = normal_numbers(40000);
    numbers[20007] = 1e5F;
    const CalibrationOptions options{{ScaleRule::Onnx, true, {-128, 127}}};
    const auto all = candidates(options, Grouping({2, 20000}, Granularity::Channel, 0), {numbers}, all_methods());
    for (const Candidate& c : all) {
        EXPECT_EQ(c.possible(), c.method != Calibration::Percentile);
        EXPECT_EQ(c.quantisers.size(), c.possible() ? 2U : 0U);
    }
}

/// Whatever the batches, the limits are the same, bit for bit, and within the numbers' own; the average alone is of the batches.
TEST(Calibration, BatchesChangeNothing) {
    std::vector<float> numbers = normal_numbers(5000, 0.5F);
    for (std::size_t i = 0; i < numbers.size(); i += 777) numbers[i] *= 9;
    const auto [least, greatest] = std::ranges::minmax(numbers);
    std::mt19937 random(10);
    for (const bool symmetric : {false, true}) {
        const CalibrationOptions options{{ScaleRule::Onnx, symmetric, {-128, 127}}, 99.9};
        std::vector<std::vector<Limits>> found(calibrations.size());
        for (int i = 0; i < 8; ++i) {
            GrowingDistribution all;
            std::vector<Limits> batches;
            for (std::size_t first = 0; first < numbers.size();) {
                const std::size_t count =
                    std::min<std::size_t>(i == 0 ? numbers.size() : 1 + random() % 1000, numbers.size() - first);
                const auto batch = std::span(numbers).subspan(first, count);
                all.add(batch);
                batches.push_back({std::ranges::min(batch), std::ranges::max(batch)});
                first += count;
            }
            EXPECT_EQ(all.distribution().averaged, moving_average(batches));
            for (const CalibrationRow& row : calibrations)
                found[static_cast<std::size_t>(row.value)].push_back(
                    calibrated(row.value, options, all.distribution()));
            std::ranges::shuffle(numbers, random);
        }
        for (const CalibrationRow& row : calibrations) {
            if (row.value == Calibration::MovingAverage) continue;
            const auto& limits = found[static_cast<std::size_t>(row.value)];
            for (const Limits& other : limits) EXPECT_EQ(other, limits[0]) << row.name;
            EXPECT_GE(limits[0].least, least);
            EXPECT_LE(limits[0].greatest, greatest);
            // Bins of a power of two are at most twice as wide as those of the numbers' limits: so are the choices apart.
            const Limits whole = calibrated(row.value, options, distribution_of(numbers));
            EXPECT_NEAR(limits[0].greatest, whole.greatest, 0.5) << row.name;
        }
    }
}

TEST(GrowingDistribution, WhatCannotBeIsRefused) {
    GrowingDistribution all;
    EXPECT_THROW((void)all.distribution(), InputError);
    EXPECT_THROW(all.add({}), InputError);
    all.add(std::vector<float>{3, 3});
    EXPECT_THROW((void)all.distribution(), InputError);
    EXPECT_THROW(all.add(std::vector<float>{1, INFINITY}), InputError);
    EXPECT_THROW((void)all.distribution(), InputError);  // the 1 has not been counted
    all.add(std::vector<float>{0});
    EXPECT_EQ(all.distribution().limits, (Limits{0, 3}));
    EXPECT_EQ(all.distribution().numbers.total(), 3U);
}

/// Numbers in [-2, -1]: TensorRT's entropy wants 1 here, and would clip them all.
TEST(Calibration, EntropyIsGuarded) {
    std::vector<float> numbers(5000);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = -1 - static_cast<float>(i) / 4999;
    const CalibrationOptions options{{ScaleRule::TensorRt, true, {-127, 127}}};
    EXPECT_LT(entropy_reach(magnitudes_of(numbers), 128), 1.1);
    EXPECT_EQ(calibrated(Calibration::Entropy, options, distribution_of(numbers)), (Limits{-2, -1}));
}

TEST(Calibration, GroupsHaveTheirOwn) {
    std::vector<float> numbers = normal_numbers(3000);
    for (std::size_t i = 0; i < 1000; ++i) {
        numbers[i] *= 100;
        numbers[1000 + i] = 0;
    }
    const CalibrationOptions options{{ScaleRule::TensorRt, true, {-127, 127}}};
    const auto whole = candidates(options, Grouping({3, 1000}, Granularity::Tensor), {numbers}, all_methods());
    const auto each = candidates(options, Grouping({3, 1000}, Granularity::Channel, 0), {numbers}, all_methods());
    EXPECT_EQ(each[0].quantisers.size(), 3U);
    EXPECT_EQ(each[0].quantisers[1].scale, 1 / 127.0F);  // zeros
    EXPECT_GE(best(each).sqnr, best(whole).sqnr);
}

/// Of a group, by the elements of each batch: the batch's limits, and then PyTorch's average of those, as a symmetric scale.
float averaged_scale(const std::vector<float>& numbers, const std::vector<std::vector<std::size_t>>& batches) {
    float least = 0, greatest = 0;
    for (std::size_t i = 0; i < batches.size(); ++i) {
        float low = INFINITY, high = -INFINITY;
        for (const std::size_t element : batches[i]) {
            low = std::min(low, numbers[element]);
            high = std::max(high, numbers[element]);
        }
        least = i == 0 ? low : least + 0.01F * (low - least);
        greatest = i == 0 ? high : greatest + 0.01F * (high - greatest);
    }
    return std::max(std::abs(least), std::abs(greatest)) / 127;
}

/// Batches are the first axis: 4 of 3 x 2 numbers.
TEST(Calibration, MovingAveragesOfGroupsAreOverTheFirstAxis) {
    const std::vector<float> numbers = normal_numbers(24);
    struct Case {
        Grouping grouping;
        std::vector<std::vector<std::size_t>> first, last;  ///< groups
    };
    const std::vector<std::size_t> shape = {4, 3, 2};
    const std::vector<Case> cases = {
        {Grouping(shape, Granularity::Channel, 0), {{0, 1, 2, 3, 4, 5}}, {{18, 19, 20, 21, 22, 23}}},
        {Grouping(shape, Granularity::Channel, 1),
         {{0, 1}, {6, 7}, {12, 13}, {18, 19}},
         {{4, 5}, {10, 11}, {16, 17}, {22, 23}}},
        {Grouping(shape, Granularity::Block, 1, 2), {{0, 2}}, {{23}}},
        {Grouping(shape, Granularity::Block, 0, 3), {{0}, {6}, {12}}, {{23}}},
    };
    const Scheme scheme{ScaleRule::TensorRt, true, {-127, 127}};
    for (const auto& [grouping, first, last] : cases) {
        const auto found = candidates({scheme}, grouping, {numbers, 4}, std::vector{Calibration::MovingAverage})[0];
        EXPECT_EQ(found.quantisers.front().scale, averaged_scale(numbers, first)) << first.size();
        EXPECT_EQ(found.quantisers.back().scale, averaged_scale(numbers, last)) << last.size();
    }
}

TEST(Calibration, ClippedNumbersAreCounted) {
    const std::vector<float> numbers = {-1, 1, -1, 1, -1, 1, -1, 1, -1, 1};
    const CalibrationOptions options{{ScaleRule::TensorRt, true, {-127, 127}}};
    std::vector<float> some = normal_numbers(4000);
    some[0] = 50;
    const auto all = candidates({options.scheme, 99.9}, Grouping({4000}, Granularity::Tensor), {some}, all_methods());
    const Candidate& c = all[static_cast<std::size_t>(Calibration::Percentile)];
    const auto beyond = std::ranges::count_if(some, [&](float x) {
        return std::abs(static_cast<double>(x)) > 127.5 * static_cast<double>(c.quantisers[0].scale);
    });
    EXPECT_GT(beyond, 0);
    EXPECT_EQ(c.clipped, static_cast<double>(beyond) / 4000);
    EXPECT_EQ(candidates(options, Grouping({10}, Granularity::Tensor), {numbers}, all_methods())[0].sqnr,
              std::numeric_limits<double>::infinity());
}

TEST(Calibration, WhatCannotBeIsRefused) {
    for (const auto& numbers : {std::vector<float>{}, {1, std::nanf("")}, {INFINITY, 0}}) {
        EXPECT_THROW(histogram_of(numbers), InputError);
        EXPECT_THROW(candidates({}, Grouping({numbers.size()}, Granularity::Tensor), {numbers}, all_methods()),
                     InputError);
    }
    EXPECT_THROW(histogram_of(std::vector<float>{3, 3, 3}), InputError);
    EXPECT_THROW(distribution_of(std::vector<float>{3, 3, 3}), InputError);
}

}  // namespace
}  // namespace halfulp::quantize
