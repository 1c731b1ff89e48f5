// Claim: what is predicted of roundings is what they do: depths, errors of small terms, variances, what matrix units cut off.
// Oracle: counts by hand; the emulator's results, mma_dot's and the exact sums of lib/truth's rationals. Shared: the walks of
// lib/accumulate, whose orders are the emulator's too.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/plan/block_trace.hpp>
#include <halfulp/lib/plan/bound.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/plan_problems.hpp"

namespace halfulp::plan {
namespace {

using truth::Rational;

std::uint64_t code(double x) { return std::bit_cast<std::uint64_t>(x); }
double converted(const Format& f, double x) {
    return std::bit_cast<double>(convert(binary64, f, convert(f, binary64, code(x)).code).code);
}

TEST(Grid, HasTheNumbersOfAFormat) {
    for (const Format& f : {binary16, bfloat16, tf32, e4m3fn, e5m2, binary32}) {
        const Grid grid(f);
        EXPECT_EQ(code(grid.largest), convert(binary64, f, f.max_code()).code);
        for (std::uint64_t i = 0; i < 2000; ++i) {
            const int exponent = static_cast<int>(random_bits(2, i) % 300) - 150;
            const double x = std::ldexp(1 + static_cast<double>(random_bits(1, i) >> 12) * 0x1p-52, exponent);
            if (!f.has_inf && x > grid.largest) continue;  // NaN, or the largest number: no rounding
            EXPECT_EQ(grid.rounded(x), converted(f, x)) << x;
            EXPECT_EQ(grid.rounded(-x), converted(f, -x)) << x;
        }
    }
}

std::uint64_t depth(const Order& order, std::size_t terms) {
    const std::vector<std::uint64_t> codes(terms, DepthAdder::term);
    return sum(order, DepthAdder{}, std::span<const std::uint64_t>(codes)) - DepthAdder::term;
}

TEST(Depth, IsThatOfTheActualOrder) {
    EXPECT_EQ(depth(one_by_one, 1), 0U);
    EXPECT_EQ(depth(one_by_one, 9), 8U);
    EXPECT_EQ(depth(in_halves, 8), 3U);
    EXPECT_EQ(depth(in_halves, 9), 4U);
    EXPECT_EQ(depth(in_128_lanes, 640), 4U + 7);
    EXPECT_EQ(depth(Order{"", "", Grouping::Blocks, Accumulation::Plain, 32}, 128), 31U + 3);
    const std::vector<Product> products(9, {DepthAdder::term, DepthAdder::term});
    EXPECT_EQ(sum(one_by_one, DepthAdder{}, std::span<const Product>(products)), DepthAdder::term + 9);
    EXPECT_EQ(sum(one_by_one, RoundsProducts<DepthAdder>{}, std::span<const Product>(products)), DepthAdder::term + 9);
}

TEST(Depth, OfKahansSumsIsThatOfTheirTerms) {
    EXPECT_EQ(depth(by_kahan, 1000), 0U);
    EXPECT_EQ(depth(in_128_kahan_lanes, 640), 7U);
    const std::vector<Product> products(9, {DepthAdder::term, DepthAdder::term});
    EXPECT_EQ(sum(by_kahan, DepthAdder{}, std::span<const Product>(products)), DepthAdder::term + 1);
}

/// The bounds on each other that bound.hpp states, for terms of 1 in all, taken in turn until they no longer grow.
Rational kahan_share(std::uint64_t n, int precision) {
    const Rational u = truth::pow2(-precision);
    Rational largest = 1, errors = 0, rests = 0, share = 0;
    for (int i = 0; i < 12; ++i) {
        errors = Rational(n) * u * largest;
        rests = (1 + u) * u * ((1 + u) * (1 + errors + rests) + errors) + u * errors;  // |y| <= (1 + u) (|x| + |c|)
        share = u * largest + rests + u * (1 + errors + rests) + rests;
        largest = 1 + share;
    }
    return share;
}

TEST(KahanShare, IsWhatItsBoundsComeTo) {
    for (const int precision : {8, 11, 24})
        for (const std::uint64_t n : {1U, 20U, 300U})
            EXPECT_NEAR(kahan_share_of(static_cast<double>(n), std::ldexp(1, -precision)) /
                            static_cast<double>(kahan_share(n, precision)),
                        1, 0.02)
                << n << " " << precision;
    EXPECT_NEAR(kahan_share_of(1, 0x1p-24) / 0x1p-24, 4, 1e-5);
    EXPECT_EQ(kahan_share_of(1e5, 0x1p-8), INFINITY);
}

Roundings traced(const Order& order, const Format& f, const std::vector<double>& terms) {
    std::vector<std::uint64_t> codes(terms.size());
    std::transform(terms.begin(), terms.end(), codes.begin(), code);
    Roundings seen;
    const Grid grid(f);
    sum(order, TraceAdder(grid, seen), std::span<const std::uint64_t>(codes));
    return seen;
}

double emulated_error(const Order& order, const Format& f, const std::vector<double>& terms) {
    std::vector<std::uint64_t> codes;
    double exact = 0;
    for (const double x : terms) {
        codes.push_back(convert(f, binary64, code(x)).code);
        exact += x;
    }
    const std::uint64_t result = sum(order, SoftAdder{f}, std::span<const std::uint64_t>(codes));
    return std::bit_cast<double>(convert(binary64, f, result).code) - exact;
}

// ml_dtypes#63, executorch PR 20090: 4096 ones are 2048 in fp16, and 256 in bf16.
TEST(Trace, KnowsWhereASumStagnates) {
    const Order lanes{"", "", Grouping::Lanes, Accumulation::Plain, 4};
    struct Case {
        Order order;
        Format format;
        std::size_t ones;
        double error;
    };
    for (const Case& c :
         {Case{one_by_one, binary16, 2048, 0}, Case{one_by_one, binary16, 4096, -2048}, Case{lanes, binary16, 8192, 0},
          Case{lanes, binary16, 16384, -8192}, Case{one_by_one, bfloat16, 4096, -3840}}) {
        const std::vector<double> terms(c.ones, 1);
        const Roundings seen = traced(c.order, c.format, terms);
        EXPECT_NEAR(seen.drift, c.error, 2e-3 * std::abs(c.error));  // the last one of a binade seems to fit
        EXPECT_EQ(emulated_error(c.order, c.format, terms), c.error);
        EXPECT_EQ(seen.variance, 0);
        EXPECT_EQ(seen.largest, c.ones);
    }
}

TEST(Trace, FindsNoErrorInSumsThatFit) {
    std::vector<double> terms;
    terms.reserve(61);
    for (int i = 0; i < 60; ++i) terms.push_back(i % 2 == 0 ? i : -3 * i);
    EXPECT_EQ(traced(one_by_one, binary16, terms).mean_square(), 0);
    terms.push_back(0x1p-12);
    EXPECT_GT(traced(one_by_one, binary16, terms).mean_square(), 0);
}

// Its running errors come back; what is left is the last rounding, and those of the terms.
TEST(Trace, KnowsThatKahansSumKeepsWhatItLoses) {
    const std::vector<double> ones(4096, 1);
    EXPECT_EQ(traced(by_kahan, binary16, ones).mean_square(), 0);
    EXPECT_EQ(emulated_error(by_kahan, binary16, ones), 0);
    struct Case {
        workload::Data data;
        double least, most;  // of measured over predicted squares
    };
    // Of uniform numbers the last rounding is nearly all; of those that cancel there is none, and the others are left.
    for (const Case& c : {Case{workload::Data::Normal, 0.25, 2}, Case{workload::Data::Uniform, 0.7, 1.4},
                          Case{workload::Data::Cancelling, 0.05, 2}})
        for (const Order& order : {by_kahan, Order{"", "", Grouping::Lanes, Accumulation::Kahan, 8}})
            for (const Format& f : {binary16, bfloat16}) {
                double predicted = 0, measured = 0;
                for (std::uint64_t seed = 1; seed <= 60; ++seed) {
                    std::vector<double> terms;
                    for (const float x : made(Kind::Sum, 300, c.data, seed).a) terms.push_back(converted(f, x));
                    predicted += traced(order, f, terms).mean_square();
                    measured += std::pow(emulated_error(order, f, terms), 2);
                }
                EXPECT_GT(measured, c.least * predicted) << name_of(c.data) << f.precision << order.count;
                EXPECT_LT(measured, c.most * predicted) << name_of(c.data) << f.precision << order.count;
                EXPECT_GT(predicted, 0);
            }
}

// The squares have a relative standard deviation near 2, as sums reach other binades: the mean of 1500 one of 1/20.
TEST(Trace, HasTheVarianceOfRoundings) {
    for (const Order& order : {one_by_one, in_halves, Order{"", "", Grouping::Lanes, Accumulation::Plain, 8}})
        for (const Format& f : {binary16, bfloat16}) {
            double predicted = 0, measured = 0;
            for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
                std::vector<double> terms;
                terms.reserve(60);
                for (const float x : made(Kind::Sum, 60, workload::Data::Normal, seed).a)
                    terms.push_back(converted(f, x));
                predicted += traced(order, f, terms).mean_square();
                measured += std::pow(emulated_error(order, f, terms), 2);
            }
            EXPECT_NEAR(measured / predicted, 1, 0.2) << f.precision << order.count;
        }
}

// Positive numbers that are stored exactly: all of the error is the unit's, and most of it goes one way.
TEST(BlockTrace, KnowsWhatUnitsCutOff) {
    for (const MmaSpec* spec :
         {&row("V100", "mma.sync", binary16, binary32), &row("A100", "mma.sync", binary16, binary32),
          &row("H100", "wgmma", binary16, binary32), &row("H100", "wgmma", e4m3fn, binary32)}) {
        double predicted = 0, measured = 0;
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            const Problem drawn = made(Kind::Dot, 1024, workload::Data::Uniform, seed);
            std::vector<double> a, b;
            std::vector<std::uint64_t> x, y;
            double exact = 0;
            for (std::size_t i = 0; i < 1024; ++i) {
                x.push_back(convert(spec->a.format, binary64, code(drawn.a[i])).code);
                y.push_back(convert(spec->a.format, binary64, code(drawn.b[i])).code);
                a.push_back(converted(spec->a.format, drawn.a[i]));
                b.push_back(converted(spec->a.format, drawn.b[i]));
                exact += a.back() * b.back();
            }
            const std::uint64_t result = mma_dot(*spec, x, y, 0);
            predicted += trace_of_blocks(*spec, a, b).drift;
            measured += std::bit_cast<double>(convert(binary64, binary32, result).code) - exact;
        }
        EXPECT_LT(measured, 0);
        EXPECT_NEAR(predicted / measured, 1, 0.1) << name_of(*spec);
    }
}

}  // namespace
}  // namespace halfulp::plan
