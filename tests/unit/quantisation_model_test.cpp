// Claim: the models of quantisation noise deliver the published numbers, and the exact noise of finite signals obeys its
// closed forms.
// Oracle: numbers of the literature as literals, to the digits that are published (Max 1960; Sripad and Snyder 1977;
// textbooks' formulas); the closed forms, in rationals; truth::round by its search among codes. Shared: nothing.
#include <gtest/gtest.h>

#include <cmath>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/exercise/quantisation/model.h>
#include <halfulp/lib/exercise/quantisation/signal.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/operands.hpp"

namespace halfulp {
namespace {

using test::SplitMix;
using truth::Rational;

/// Whether x is the published number, given to so many places.
testing::AssertionResult is_published(double published, int places, double x) {
    if (std::abs(x - published) <= 0.5 * std::pow(10, -places)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << x << " is not " << published;
}

TEST(Quantiser, HasTheCodesOfItsName) {
    EXPECT_EQ(mid_rise.least(), -128);
    EXPECT_EQ(mid_rise.greatest(), 127);
    EXPECT_EQ(twos_complement.least(), -128);
    EXPECT_EQ(twos_complement.greatest(), 127);
    EXPECT_EQ(symmetric.least(), -127);
    EXPECT_EQ(symmetric.greatest(), 127);
    EXPECT_EQ(symmetric.with_bits(2).least(), -1);
    EXPECT_EQ(twos_complement.with_bits(16).least(), -32768);
    EXPECT_EQ(mid_rise.codes(), 256);
    EXPECT_EQ(symmetric.codes(), 255);
}

TEST(QuantisationModel, DeliversThePublishedNumbers) {
    EXPECT_TRUE(is_published(6.0206, 4, decibels(4)));
    EXPECT_TRUE(is_published(1.7609, 4, decibels(1.5)));
    EXPECT_TRUE(is_published(48.1648, 4, decibels(65536)));
    EXPECT_TRUE(is_published(49.9257, 4, decibels(1.5 * 65536)));
    const auto sine = [](const Quantiser& q, double a) { return decibels(a * a / 2 / sine_error(q, a)); };
    EXPECT_TRUE(is_published(49.950, 3, sine(symmetric, 127)));
    EXPECT_TRUE(is_published(49.753, 3, sine(symmetric, 127.5)));
    EXPECT_TRUE(is_published(49.119, 3, sine(twos_complement, 128)));
    // Max 1960, table II: steps and mean square errors of the best uniform quantisers of a Gaussian input, even numbers
    // of levels.
    struct Row {
        int bits;
        double step, error;
        int places;
    };
    for (const Row& row : {Row{2, 0.9957, 0.1188, 4}, Row{3, 0.5860, 0.03744, 5}, Row{4, 0.3352, 0.01154, 5}}) {
        const double error = gaussian_error(mid_rise.with_bits(row.bits), 1 / row.step) * row.step * row.step;
        EXPECT_TRUE(is_published(row.error, row.places, error)) << row.bits;
    }
    EXPECT_TRUE(is_published(0.648, 3, gaussian_share(0.25)));
    EXPECT_TRUE(is_published(0.9913, 4, gaussian_share(0.5)));
    EXPECT_TRUE(is_published(3.3e-9, 10, 1 - gaussian_share(1)));
    // The series has no ends, the quantiser has: far away, where nothing is left of the density.
    for (const double deviation : {0.25, 0.5, 1.0, 3.0})
        EXPECT_NEAR(12 * gaussian_error(symmetric, deviation), gaussian_share(deviation), 1e-9) << deviation;
    const Clip clip = best_gaussian_clip(symmetric);
    EXPECT_TRUE(is_published(3.92, 2, clip.deviations));
    EXPECT_TRUE(is_published(40.54, 2, decibels(clip.sqnr)));
}

TEST(QuantisationModel, PutsASineAboveTheModelWhereItsPeaksAreLevels) {
    for (int bits = 2; bits <= 16; ++bits) {
        const Quantiser levels = symmetric.with_bits(bits), between = mid_rise.with_bits(bits);
        const auto top = static_cast<double>(levels.greatest()), beyond = static_cast<double>(between.greatest()) + 1;
        EXPECT_LT(12 * sine_error(levels, top), 1) << bits;
        EXPECT_GT(12 * sine_error(levels, top + 0.5), 1) << bits;
        EXPECT_GT(12 * sine_error(between, beyond), 1) << bits;
    }
}

// MSE s^2/12 (1 - 1/M^2) for M odd, s^2/12 (1 + 2/M^2) for M even, bias 0 to nearest even; mid-rise at the middles of
// M equal parts has the first, and at their lower ends a bias of s/(2M), the second, and the
// first as the variance: (1 + 2/M^2)/12 - 1/(2M)^2 = (1 - 1/M^2)/12.
TEST(Signal, HasTheExactNoiseOfADiscreteUniformInput) {
    for (const int m : {1, 2, 3, 4, 5, 8, 15, 16}) {
        const Rational square = m * m, model{square / 12};
        const Signal integers = ramp(-127 * m, 127 * m, 1);
        const Rational less = 1 - 1 / square, more = 1 + 2 / square;
        const Noise nearest = noise(symmetric, m, integers.values, quantised(symmetric, m, integers));
        EXPECT_EQ(nearest.error, model * (m % 2 == 1 ? less : more)) << m;
        EXPECT_EQ(nearest.bias, 0) << m;
        const Signal ends = ramp(-128 * m, 128 * m, 1);
        const Noise lower = noise(mid_rise, m, ends.values, quantised(mid_rise, m, ends));
        EXPECT_EQ(lower.error, model * more) << m;
        EXPECT_EQ(lower.bias, (Rational{1, 2})) << m;  // s/(2M), s = M
        EXPECT_EQ(variance(nearest), nearest.error) << m;
        EXPECT_EQ(variance(lower), model * less) << m;
        const Signal middles = ramp(-128 * m + Rational{1, 2}, 128 * m, 1);
        const Noise middle = noise(mid_rise, m, middles.values, quantised(mid_rise, m, middles));
        EXPECT_EQ(middle.error, model * less) << m;
        EXPECT_EQ(middle.bias, 0) << m;
        EXPECT_EQ(middle.power, model * (65536 - 1 / square)) << m;  // so that SQNR = 4^8 as M grows
    }
}

TEST(Signal, SinesAreRoundedToBinary32) {
    const std::uint64_t root_of_half = 0x3f3504f3, root_of_three_quarters = 0x3f5db3d7, one = 0x3f800000;
    EXPECT_EQ(sine(8).codes[1], root_of_half);
    EXPECT_EQ(sine(6).codes[1], root_of_three_quarters);
    EXPECT_EQ(sine(4).codes, (Codes{0, one, 0, one | binary32.sign_bit()}));
}

TEST(Signal, RoundsToBinary32AsTheDefinition) {
    SplitMix random{4};
    for (int i = 0; i < 2000; ++i) {
        const Rational n = random() >> random() % 60, d = (random() >> random() % 60) + 1;
        const Rational x = (random() % 2 == 0 ? n : -n) / d;
        EXPECT_EQ(in_binary32(x), value_of(binary32, truth::round(binary32, x).code)) << x;
    }
    EXPECT_EQ(in_binary32((1 << 24) + 1), 1 << 24);  // ties
    EXPECT_EQ(in_binary32((1 << 24) + 3), (1 << 24) + 4);
}

}  // namespace
}  // namespace halfulp
