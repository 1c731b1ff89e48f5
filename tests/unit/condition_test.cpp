// Claim: condition numbers of sums, dot products and matrix products are what their definitions say, for terms that
// cancel to their last bits too; the cancelling problems are of their format, have the value and the condition number
// that they state, and about the one that was asked for; what a format loses of numbers is counted.
// Oracle: the definitions on exact rationals (Boost).
// Shared: nothing but the numbers; the rationals are made of their bits by lib/truth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <halfulp/lib/condition/condition.hpp>
#include <halfulp/lib/condition/problems/cancelling.hpp>
#include <halfulp/lib/condition/storage_loss.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/by_rationals.hpp"

namespace halfulp::conditioning {
namespace {

using test::rational;
using truth::Rational;

struct Sums {
    Rational sum = 0, magnitudes = 0;
    Rational kappa() const { return magnitudes / abs(sum); }
};

/// Of x alone if y is empty.
Sums sums(const std::vector<double>& x, const std::vector<double>& y = {}) {
    Sums s;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const Rational term = rational(x[i]) * (y.empty() ? Rational(1) : rational(y[i]));
        s.sum += term;
        s.magnitudes += abs(term);
    }
    return s;
}

/// Two sums and their quotient were rounded once each: within 3 units of 2^-53, relatively, and a bit.
void expect_near(double observed, const Rational& exact) {
    const Rational off = abs(rational(observed) - exact) / exact;
    EXPECT_LE(off, Rational(301, 100) * truth::pow2(-53)) << observed << " for " << exact.convert_to<double>();
}

TEST(ConditionNumbers, FollowTheirDefinitions) {
    EXPECT_EQ(of_sum(std::vector{1.0, 2.0, 3.0}), 1);
    EXPECT_EQ(of_sum(std::vector{3.0, -2.0}), 5);
    EXPECT_EQ(of_dot(std::vector{1.0, 2.0}, std::vector{3.0, 4.0}), 2);
    EXPECT_EQ(of_dot(std::vector{1.0, -2.0}, std::vector{3.0, 1.0}), 10);
    EXPECT_EQ(of_sum(std::vector{0x1p1000, 1.0, -0x1p1000}), 0x1p1001);  // 1 is lost in every sum of binary64
    EXPECT_EQ(of_dot(std::vector{0x1p600, 1.0, -0x1p600}, std::vector{0x1p-600, 0x1p-1000, 0x1p-600}), 0x1p1002);
}

TEST(ConditionNumbers, OfNothing) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(of_sum(std::vector<double>{}), 0);
    EXPECT_EQ(of_sum(std::vector{0.0, -0.0}), 0);
    EXPECT_EQ(of_sum(std::vector{1.0, -1.0}), infinity);
    EXPECT_EQ(of_dot(std::vector{1.0, 1.0}, std::vector{1.0, -1.0}), infinity);
    EXPECT_EQ(of_dot(std::vector{1.0}, std::vector{0.0}), 0);
}

TEST(ConditionNumbers, OfAProductAreThoseOfItsElements) {
    Matrix a(2, 3), b(3, 2);
    a.numbers = {1, 2, 3, -4, 5, 0.5};
    b.numbers = {1, -1, 2, 0.25, -1, 3};
    const Matrix kappa = of_product(a, b);
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 2; ++j)
            expect_near(kappa(i, j), 2 * sums({a(i, 0), a(i, 1), a(i, 2)}, {b(0, j), b(1, j), b(2, j)}).kappa());
}

TEST(CancellingProblems, StateTheirValueAndConditionNumber) {
    for (const double kappa : {1.0, 1e2, 1e8, 1e16, 1e30})
        for (const std::size_t n : {std::size_t{6}, std::size_t{7}, std::size_t{100}}) {
            const auto dot = gen_dot(n, kappa, 1, binary64), sum = gen_sum(n, kappa, 2, binary64);
            const Sums of_products = sums(dot.x, dot.y), of_terms = sums(sum.x);
            EXPECT_EQ(rational(dot.value), test::rounded_to(binary64, of_products.sum));
            EXPECT_EQ(rational(sum.value), test::rounded_to(binary64, of_terms.sum));
            expect_near(dot.kappa, 2 * of_products.kappa());
            expect_near(sum.kappa, of_terms.kappa());
            EXPECT_EQ(dot.x.size(), n);
            EXPECT_EQ(sum.x.size(), n);
            EXPECT_TRUE(sum.y.empty());
        }
}

TEST(CancellingProblems, AreAboutAsIllConditionedAsAsked) {
    struct Row {
        const Format& format;
        double largest_dot, largest_sum;
    };
    for (const Row& row :
         {Row{binary64, 1e30, 1e30}, Row{binary32, 1e30, 1e30}, Row{bfloat16, 1e30, 1e30}, Row{binary16, 1e8, 1e4}})
        for (std::uint64_t seed = 0; seed < 20; ++seed)
            for (double kappa = 1e4; kappa <= row.largest_dot; kappa *= 1e2) {
                const auto within = [&](double found) { return found > kappa / 100 && found < kappa * 1e4; };
                EXPECT_PRED1(within, gen_dot(100, kappa, seed, row.format).kappa) << kappa;
                if (kappa > row.largest_sum) continue;
                EXPECT_PRED1(within, gen_sum(100, kappa, seed, row.format).kappa) << kappa;
            }
}

TEST(CancellingProblems, AreNumbersOfTheirFormat) {
    for (const Format& f : {binary32, bfloat16, binary16})
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            const auto dot = gen_dot(50, 1e8, seed, f), sum = gen_sum(5000, 4000, seed, f);
            for (const auto* numbers : {&dot.x, &dot.y, &sum.x})
                for (const double x : *numbers) {
                    const Rounded code = convert(f, binary64, std::bit_cast<std::uint64_t>(x));
                    ASSERT_TRUE(std::isfinite(x) && !code.status.inexact && !code.status.overflow) << x;
                }
        }
}

TEST(CancellingProblems, RefuseWhatThereIsNot) {
    EXPECT_THROW(gen_dot(5, 10, 1, binary64), std::invalid_argument);
    EXPECT_THROW(gen_dot(6, 0.5, 1, binary64), std::invalid_argument);
    EXPECT_THROW(gen_dot(6, std::nan(""), 1, binary64), std::invalid_argument);
    EXPECT_THROW(gen_dot(6, 1e9, 1, binary16), std::invalid_argument);
    EXPECT_THROW(gen_sum(6, 1e5, 1, binary16), std::invalid_argument);
    EXPECT_THROW(gen_sum(6, std::numeric_limits<double>::infinity(), 1, binary64), std::invalid_argument);
}

/// Numbers around the ends of fp16's range: its largest is 65504, its least normal one 2^-14, its least one 2^-24.
TEST(StorageLosses, CountWhatRoundingDoes) {
    const std::vector<double> numbers = {0,       -0.0,        1,       65504,        65519.99,
                                         65520,   -1e9,        0x1p-14, 0x1.0001p-14, 0x1.8p-24,
                                         0x1p-24, 0x1.001p-15, 0x1p-25, -0x1.1p-25,   1e-300};
    const StorageLoss half = loss_in(binary16, numbers), wide = loss_in(binary64, numbers);
    EXPECT_EQ(half.beyond, 2);     // 65520 and -1e9
    EXPECT_EQ(half.subnormal, 3);  // 1.5 * 2^-24, 2^-15 and a little, and 1.1 * 2^-25, which is rounded up
    EXPECT_EQ(half.lost, 2);       // 2^-25, a tie, and 1e-300
    EXPECT_EQ(half.unit_roundoff, 0x1p-11);
    EXPECT_EQ(wide.beyond + wide.subnormal + wide.lost, 0);
    EXPECT_EQ(half.digits(1), 0);
    EXPECT_NEAR(loss_in(binary16, std::vector{1.0}).digits(2), std::log10(1024), 1e-14);
    EXPECT_EQ(wide.digits(0x1p60), 0);
    EXPECT_THAT(against(half, 2048), testing::ElementsAre("2 numbers beyond 65504", "kappa u = 1"));
    EXPECT_THAT(against(loss_in(binary16, std::vector{70000.0}), 1), testing::ElementsAre("1 number beyond 65504"));
    EXPECT_TRUE(against(wide, 0x1p52).empty());
    EXPECT_THAT(warnings(half), testing::ElementsAre("2 numbers become 0", "3 numbers lose digits as subnormal"));
    EXPECT_TRUE(warnings(wide).empty());
}

}  // namespace
}  // namespace halfulp::conditioning
