// Claim: truth::sine_of_turn rounds the sine correctly.
// Oracle: sines that are roots of rationals, compared by exact squares; the sign and the symmetries; the machine's libm
// to a unit of binary64. Shared: nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include <halfulp/lib/truth/sine.hpp>

namespace halfulp::truth {
namespace {

TEST(Sine, IsExactWhereItIsShort) {
    for (const int precision : {2, 24, 53, 64}) {
        EXPECT_EQ(sine_of_turn(0, 7, precision), 0);
        EXPECT_EQ(sine_of_turn(1, 12, precision), (Rational{1, 2}));
        EXPECT_EQ(sine_of_turn(1, 4, precision), 1);
        EXPECT_EQ(sine_of_turn(1, 2, precision), 0);
        EXPECT_EQ(sine_of_turn(7, 12, precision), (Rational{-1, 2}));
        EXPECT_EQ(sine_of_turn(3, 4, precision), -1);
    }
}

/// The root lies within half a unit of its last bit. 1/2 <= root < 1.
void expect_rounded_root(const Rational& square, const Rational& root, int precision) {
    const Rational half = pow2(-precision - 1);
    EXPECT_LT((root - half) * (root - half), square) << precision;
    EXPECT_GT((root + half) * (root + half), square) << precision;
    EXPECT_EQ(denominator(Rational{root * pow2(precision)}), 1) << precision;
}

TEST(Sine, IsTheRoundedRoot) {
    for (int precision = 2; precision <= 64; ++precision) {
        expect_rounded_root({1, 2}, sine_of_turn(1, 8, precision), precision);
        expect_rounded_root({3, 4}, sine_of_turn(1, 6, precision), precision);
        expect_rounded_root({1, 2}, -sine_of_turn(5, 8, precision), precision);
    }
}

TEST(Sine, IsSymmetric) {
    for (const std::uint64_t whole : {1021U, 8191U})
        for (std::uint64_t part = 1; part < whole; ++part)
            EXPECT_EQ(sine_of_turn(part, whole, 24), -sine_of_turn(whole - part, whole, 24)) << part << '/' << whole;
}

TEST(Sine, IsNearTheMachines) {
    for (std::uint64_t part = 0; part < 1021; ++part) {
        const double libm = std::sin(2 * std::numbers::pi * static_cast<double>(part) / 1021);
        EXPECT_NEAR(sine_of_turn(part, 1021, 53).convert_to<double>(), libm, 1e-15) << part;  // 2 pi part is rounded
    }
}

}  // namespace
}  // namespace halfulp::truth
