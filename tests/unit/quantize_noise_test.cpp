// Claim: what quantisation loses, in bits and in noise, is what definitions and theory say: predicted from a histogram and
// measured agree from 2 to 16 bits, the uniform model is refuted where it fails, and a network's noise is predicted layer by layer.
// Oracle: definitions by hand, numerical integration, the closed forms of exercise 4 for Gaussian inputs. Shared: quantise.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>
#include <vector>

#include <halfulp/lib/exercise/quantisation/model.h>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/quantize/grouping.hpp>
#include <halfulp/lib/quantize/information.hpp>
#include <halfulp/lib/quantize/network.hpp>
#include <halfulp/lib/quantize/noise.hpp>

namespace halfulp::quantize {
namespace {

std::vector<float> normal_numbers(std::size_t count) {
    std::mt19937 random(11);
    std::normal_distribution<float> normal(0, 1);
    std::vector<float> numbers(count);
    for (float& x : numbers) x = normal(random);
    return numbers;
}

TEST(Information, EntropyByHand) {
    EXPECT_EQ(entropy(std::vector<float>{1, 2, 3, 4}), 2);
    EXPECT_EQ(entropy(std::vector<float>{1, 1, 1, 1}), 0);
    EXPECT_DOUBLE_EQ(entropy(std::vector<std::int32_t>{5, 5, 5, 7}), 2 - 0.75 * std::log2(3));
    EXPECT_EQ(entropy(std::vector<float>{}), 0);
}

TEST(Information, DivergenceByHand) {
    // Bins around 0.5, 1.5, 2.5, 3.5: with scale 2 the codes are 0, 1, 1, 2 (ties of no bin).
    const Histogram h{0, 1, {1, 3, 1, 3}};
    EXPECT_DOUBLE_EQ(divergence({.scale = 2}, h), 0.375 * std::log2(1.5) + 0.125 * std::log2(0.5));
    EXPECT_EQ(divergence({.scale = 0.5F}, h), 0);
    EXPECT_EQ(divergence({.scale = 2}, {0, 1, {1, 3, 0, 3}}), 0);  // an empty bin takes no share
}

TEST(Information, BitsThatAreKept) {
    const std::vector<float> numbers = normal_numbers(20000);
    const Affine q{.scale = 1, .range = {-8, 7}};
    const auto codes = quantise(Grouping({numbers.size()}, Granularity::Tensor), std::vector{q}, numbers);
    const Information i = information(q, numbers, codes);
    // The entropy of a Gaussian variable in unit steps: 2.1048 bits, from its distribution function.
    double expected = 0;
    for (int k = -8; k <= 8; ++k) {
        const auto below = [](double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; };
        const double p = below(k + 0.5) - below(k - 0.5);
        expected -= p * std::log2(p);
    }
    EXPECT_NEAR(i.kept, expected, 0.02);
    EXPECT_GT(i.numbers, 13.9);  // log2(20000) = 14.29 if all differed
    EXPECT_GT(i.divergence, 0);
}

TEST(Noise, MomentsByHand) {
    const Noise n = noise_of(std::vector<float>{1, 2, 3}, std::vector<float>{1.5F, 2, 3.5F});
    EXPECT_DOUBLE_EQ(n.power, 14.0 / 3);
    EXPECT_DOUBLE_EQ(n.mean, 1.0 / 3);
    EXPECT_DOUBLE_EQ(n.mean_square, 0.5 / 3);
    EXPECT_NEAR(n.variance(), 0.5 / 3 - 1.0 / 9, 1e-15);
    EXPECT_NEAR(n.correlation, 0, 1e-15);
    EXPECT_DOUBLE_EQ(n.sqnr(), 10 * std::log10(14 / 0.5));
    EXPECT_NEAR(noise_of(std::vector<float>{1, 2}, std::vector<float>{2, 4}).correlation, 1, 1e-12);
}

/// Of 100 uniform numbers the mean deviates by 1 / sqrt(12 * 100), the variance by sqrt(4/5 / 100) of itself, as its fourth moment
/// is 9/5 of the variance's square, and the correlation by 1/10.
TEST(Noise, DeparturesByHand) {
    const Noise n{.power = 1, .mean = 0.1, .mean_square = 0.1 + 0.01, .correlation = -0.3, .count = 100};
    const Departure d = departure(n, 1);
    EXPECT_NEAR(d.mean, 0.1 * std::sqrt(1200), 1e-12);
    EXPECT_NEAR(d.variance, 0.2 * std::sqrt(125), 1e-12);
    EXPECT_NEAR(d.correlation, -3, 1e-12);
    EXPECT_TRUE(d.holds());
    EXPECT_FALSE((Departure{0, 0, -4.1}.holds()));
}

/// The exact integral against sums over many points, for bins inside, at the ends and beyond, and a zero point.
TEST(Noise, PredictedErrorIsTheIntegral) {
    for (const Affine& q : {Affine{0.3F, 0, {-4, 3}}, Affine{0.7F, 2, {0, 15}}, Affine{5, 0, {-1, 1}}})
        for (const double least : {-3.0, -0.4, 0.9, 8.0}) {
            const Histogram h{least, 1.37, {1, 0, 3}};
            double sum = 0;
            constexpr int points = 20000;
            for (std::size_t bin : {0U, 2U})
                for (int i = 0; i < points; ++i) {
                    const double x = h.edge(bin) + (i + 0.5) / points * h.width;
                    const double level = static_cast<double>(number_of(q, code_of(q, static_cast<float>(x))));
                    sum += static_cast<double>(h.counts[bin]) * (level - x) * (level - x) / points;
                }
            EXPECT_NEAR(predicted_error(q, h), sum / 4, 2e-4 * sum) << q.scale << " from " << least;
        }
}

TEST(Noise, PredictedForAGaussianAsInClosedForm) {
    const std::vector<float> numbers = normal_numbers(200000);
    const Histogram h = histogram_of(numbers);
    for (const int bits : {3, 4, 6, 8}) {
        const float scale = 5.0F / static_cast<float>(full_range({bits, true}).greatest);
        const double in_steps = gaussian_error(twos_complement.with_bits(bits), 1 / static_cast<double>(scale));
        const double expected = in_steps * static_cast<double>(scale) * static_cast<double>(scale);
        EXPECT_NEAR(predicted_error({scale, 0, full_range({bits, true})}, h) / expected, 1, 0.02) << bits;
    }
}

/// From 2 to 16 bits: the histogram predicts within 0.3 dB; the model does from 5 bits on.
TEST(Noise, PredictedAndMeasuredAgree) {
    const auto rows = noise_by_bits({ScaleRule::Onnx}, normal_numbers(50000));
    ASSERT_EQ(rows.size(), 15U);
    for (const NoiseRow& row : rows) {
        EXPECT_NEAR(row.distribution, row.measured(), 0.3) << row.bits;
        if (row.bits < 5) continue;
        EXPECT_NEAR(row.model, row.measured(), 0.2) << row.bits;
        EXPECT_TRUE(departure(row.noise, row.by.scale).holds()) << row.bits;
    }
    // 6.02 dB a bit.
    EXPECT_NEAR(rows[10].measured() - rows[6].measured(), 4 * 6.02, 0.3);
    EXPECT_EQ(rows[0].bits, 2);
    EXPECT_FALSE(departure(rows[0].noise, rows[0].by.scale).holds());
}

/// [0, 1e-34] has a normal scale, at least 2^-126, up to 1e-34 / 2^-126 = 8507 steps: 13 bits.
TEST(Noise, BitsWithoutAScaleAreRowsThatSaySo) {
    const auto rows = noise_by_bits({ScaleRule::Onnx}, std::vector<float>{0, 3e-35F, 1e-34F});
    ASSERT_EQ(rows.size(), 15U);
    for (const NoiseRow& row : rows) EXPECT_EQ(row.possible(), row.bits <= 13) << row.bits;
    EXPECT_NE(rows[12].why.find("expected numbers whose scale is a normal number of fp32"), std::string::npos);
}

/// Where the noise is not that of the model: numbers on the levels, few levels, a constant beside a level, clipping.
TEST(Noise, TheModelFailsWhereItMust) {
    const auto judged = [](const Affine& q, const std::vector<float>& numbers) {
        std::vector<float> levels(numbers.size());
        fake_quantise(q, numbers, levels);
        return departure(noise_of(numbers, levels), q.scale);
    };
    std::vector<float> grid(4000), sine(4000), offset(4000), clipped = normal_numbers(4000);
    for (std::size_t i = 0; i < grid.size(); ++i) {
        grid[i] = static_cast<float>(i % 64) - 32;
        sine[i] = 1.2F * static_cast<float>(std::sin(2 * std::numbers::pi * static_cast<double>(i) / 4000));
        offset[i] = static_cast<float>(i % 7) + 0.25F;
    }
    EXPECT_LT(judged({.scale = 1}, grid).variance, -4);  // no error at all
    EXPECT_GT(std::abs(judged({.scale = 1}, sine).correlation), 4);
    EXPECT_LT(judged({.scale = 1}, offset).mean, -4);  // always -1/4
    EXPECT_LT(judged({0.01F, 0, {-100, 100}}, clipped).correlation, -4);
    EXPECT_TRUE(judged({0.03F, 0, {-128, 127}}, normal_numbers(4000)).holds());
}

std::vector<Layer> random_network(std::size_t depth, std::size_t width) {
    std::mt19937 random(12);
    std::normal_distribution<float> normal(0, std::sqrt(2.0F / static_cast<float>(width)));
    std::vector<Layer> layers;
    for (std::size_t l = 0; l < depth; ++l) {
        Layer layer{width, width, std::vector<float>(width * width), std::vector<float>(width, 0.01F), l + 1 < depth};
        for (float& w : layer.weights) w = normal(random);
        layers.push_back(layer);
    }
    return layers;
}

TEST(Network, NoiseIsPredictedLayerByLayer) {
    const std::vector<Layer> layers = random_network(6, 48);
    const std::vector<float> x = normal_numbers(std::size_t{200} * 48);
    for (const int bits : {3, 4, 6, 8, 10, 12, 16}) {
        const auto noise = network_noise(layers, x, bits);
        ASSERT_EQ(noise.size(), layers.size());
        for (std::size_t l = 0; l < noise.size(); ++l)
            EXPECT_NEAR(noise[l].predicted, noise[l].measured, 1.5) << bits << " bits, layer " << l;
        EXPECT_LT(noise.back().measured, noise[0].measured - 3);  // noise grows on its way
    }
    // With codes of 2 bits noise is as large as the signal, and no longer adds up.
    const LayerNoise coarse = network_noise(layers, x, 2).back();
    EXPECT_GT(coarse.measured, coarse.predicted + 3);
}

TEST(Network, OneLayerByHand) {
    // y = x: the noise of x, that of the weight, which is a level, none, and the output, whose levels are those of x.
    const Layer same{1, 1, {1}, {0}, false};
    const std::vector<float> x = normal_numbers(5000);
    const auto noise = network_noise(std::vector{same}, x, 8);
    const auto row = noise_by_bits({ScaleRule::Onnx}, x)[6];
    EXPECT_EQ(noise[0].measured, row.measured());
    const double weight = std::pow(1 / 127.0, 2) / 12 * row.noise.power;
    const double predicted = 2 * predicted_error(row.by, histogram_of(x)) + weight;
    EXPECT_NEAR(noise[0].predicted, 10 * std::log10(row.noise.power / predicted), 1e-3);
}

TEST(Network, SizesThatDoNotMatchAreRefused) {
    const Layer layer{2, 1, {1, 2}, {0}, false};
    EXPECT_THROW(network_noise(std::vector{layer}, std::vector<float>{1, 2, 3}, 8), std::invalid_argument);
    EXPECT_THROW(network_noise(std::vector{layer, layer}, std::vector<float>{1, 2}, 8), std::invalid_argument);
    EXPECT_THROW(network_noise({}, std::vector<float>{1, 2}, 8), std::invalid_argument);
    EXPECT_THROW(network_noise(std::vector{layer}, std::vector<float>{1, NAN}, 8), InputError);
}

}  // namespace
}  // namespace halfulp::quantize
