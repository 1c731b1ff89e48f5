// Claim: bounds hold for hostile numbers; what is predicted is what is measured; each flag is raised by what it is for and by
// nothing near it; scaling brings numbers into range and changes no bit of the rest.
// Oracle: cases by hand, and the exact sums of lib/truth's rationals. Shared: the results are those of lib/kernel and mma_dot,
// whose tests are elsewhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <halfulp/lib/plan/bound.hpp>
#include <halfulp/lib/plan/prediction.hpp>
#include <halfulp/lib/plan/run.hpp>
#include <halfulp/lib/plan/scaling.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/plan_problems.hpp"

namespace halfulp::plan {
namespace {

using truth::Rational;

Rational exact_sum(const Problem& p, std::size_t place) {
    Rational sum = 0;
    for (std::size_t l = 0; l < p.k; ++l)
        sum += Rational(p.a[place / p.n * p.k + l]) * Rational(p.b.empty() ? 1 : p.b[l * p.n + place % p.n]);
    if (p.bias.empty()) return sum;
    sum += Rational(p.bias[place % p.n]);
    return sum < 0 ? Rational(0) : sum;
}

/// Of any exponent in a range, so that much is cut off, and some cancels.
std::vector<float> hostile(std::size_t count, std::uint64_t seed, int range) {
    std::vector<float> x;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t bits = random_bits(seed, i);
        const int exponent = static_cast<int>(bits % static_cast<std::uint64_t>(2 * range)) - range;
        const float magnitude = std::ldexp(1 + static_cast<float>(bits >> 44) * 0x1p-20F, exponent);
        x.push_back((bits >> 40 & 1) != 0 ? -magnitude : magnitude);
    }
    return x;
}

std::vector<Policy> all_policies(Kind kind) {
    std::vector<Policy> policies = cpu_policies(kind);
    if (kind == Kind::Gemm || kind == Kind::Layer)
        for (const char* processor : {"V100", "T4", "A100", "Ada", "H100"})
            for (const Policy& policy : unit_policies(processor, processor)) policies.push_back(policy);
    return policies;
}

/// The largest error over its bound, of those that are finite.
double closest_to_bound(const Problem& p, const Policy& policy) {
    const Prediction prediction = predicted_everywhere(p, policy);
    const std::vector<double> results = computed(p, policy, 1);
    double closest = 0;
    for (std::size_t i = 0; i < results.size(); ++i)
        if (std::isfinite(prediction.bounds[i])) {
            const auto error = static_cast<double>(abs(Rational(results[i]) - exact_sum(p, i)));
            closest = std::max(closest, error == 0 ? 0 : error / prediction.bounds[i]);
        }
    return closest;
}

Problem hostile_problem(Kind kind, std::size_t k, int range) {
    const workload::Workload& w = workload::workloads[static_cast<std::size_t>(kind)];
    const std::size_t m = w.is_vector ? 1 : 2, n = w.has_columns ? 2 : 1;
    return problem(kind, hostile(m * k, k, range), w.has_b ? hostile(k * n, k + 1, range) : std::vector<float>(), m, n,
                   kind == Kind::Layer ? hostile(n, k + 2, range) : std::vector<float>());
}

TEST(Bounds, HoldForHostileNumbers) {
    double closest = 0;  // of sums in fp16
    for (const Kind kind : {Kind::Sum, Kind::Dot, Kind::Gemv, Kind::Gemm, Kind::Layer})
        for (const Policy& policy : all_policies(kind))
            for (const int range : {1, 10})
                for (const std::size_t k : {1U, 3U, 40U}) {
                    const double share = closest_to_bound(hostile_problem(kind, k, range), policy);
                    ASSERT_LE(share, 1) << policy.name << ", " << k << " terms, range " << range;
                    if (policy.by.accumulate == binary16) closest = std::max(closest, share);
                }
    EXPECT_GT(closest, 0.5);
}

// Seven products below the last bit that is kept beside 1 are cut off whole.
TEST(Bounds, CountEveryTermThatABlockCutsOff) {
    std::vector<float> x(8, 0x1.ffcp-13F);
    x[0] = 1;
    const Problem p = problem(Kind::Gemm, x, x);
    const Policy policy = unit_policy(row("A100", "mma.sync", binary16, binary32), "A100");
    const double bound = predicted_everywhere(p, policy).bounds[0];
    const auto error = static_cast<double>(abs(Rational(computed(p, policy, 1)[0]) - exact_sum(p, 0)));
    EXPECT_GT(error, 6.9 * 0x1p-24);
    EXPECT_LE(error, bound);
    EXPECT_LE(bound, 2 * error);
}

// Kahan's 2048 halves of a unit beside 2048: each is lost, and comes back.
TEST(Bounds, OfKahansSumsDoNotGrowWithTheirLength) {
    for (const std::size_t k : {200U, 60000U}) {
        const Problem p = made(Kind::Sum, k, workload::Data::Uniform);
        const double value = static_cast<double>(exact_sum(p, 0));
        const double kahan = predicted_everywhere(p, cpu_policy("fp32", "Kahan")).bounds[0];
        EXPECT_NEAR(kahan / value / 0x1p-24, 11, 0.1);  // 4, and 7 of 128 lanes in halves
        EXPECT_LE(std::abs(computed(p, cpu_policy("fp32", "Kahan"), 1)[0] - value), kahan);
    }
    const Problem p =
        made(Kind::Sum, 60000, workload::Data::Uniform);  // blocks of 2048: 15 and 7 roundings, and Kahan's 4
    EXPECT_NEAR(predicted_everywhere(p, cpu_policy("fp32", "FABsum")).bounds[0] / static_cast<double>(exact_sum(p, 0)) /
                    0x1p-24,
                26, 0.1);
}

TEST(Bounds, OfALayerAreNoneWhereNothingCanComeAboveZero) {
    for (const char* name : {"fp32", "fp16", "int8"}) {
        const Problem p = problem(Kind::Layer, {1, 1.5, 3}, {2, 1, 1, 1, 1, 1}, 1, 2, {-100, -7});  // -93.5 and -1.5
        const Prediction far = predicted_everywhere(p, cpu_policy(name, ""));
        EXPECT_EQ(far.bounds, std::vector<double>(2, 0)) << name;
        EXPECT_EQ(far.expected, 0);
        EXPECT_EQ(far.kappa, 0);
        EXPECT_EQ(computed(p, cpu_policy(name, ""), 1), std::vector<double>(2, 0));
    }
    // 2^-12 above 1 is lost in fp16, and so is the result.
    const Problem near = problem(Kind::Layer, {1}, {1 + 0x1p-12F}, 1, 1, {-1});
    const Prediction p = predicted_everywhere(near, cpu_policy("fp16", ""));
    EXPECT_EQ(computed(near, cpu_policy("fp16", ""), 1)[0], 0);
    EXPECT_EQ(p.expected, 0x1p-12);
    EXPECT_GE(p.bounds[0], 0x1p-12);
}

TEST(Bounds, OfAUnitsLayerCountTheAdditionOfItsBias) {
    const Policy policy = unit_policy(row("A100", "mma.sync", binary16, binary32), "A100");
    const std::vector<float> ones(32, 1);
    const double product = predicted_everywhere(problem(Kind::Gemm, ones, ones), policy).bounds[0],
                 layer = predicted_everywhere(problem(Kind::Layer, ones, ones, 1, 1, {0}), policy).bounds[0];
    EXPECT_NEAR((layer - product) / 32, 0x1p-24, 0x1p-30);
}

TEST(Prediction, OfExactSumsIsOfTheirOneRounding) {
    const Problem p = made(Kind::Dot, 3000, workload::Data::Cancelling);
    const Prediction exact = predicted_everywhere(p, cpu_policy("fp32", "exact"));
    const double value = std::abs(static_cast<double>(exact_sum(p, 0)));
    EXPECT_GT(exact.kappa, 1e6);
    EXPECT_NEAR(exact.bound / value, 0x1p-24, 1e-9);
    EXPECT_LE(exact.expected, exact.bound);
    EXPECT_NEAR(exact.kappa, predicted_everywhere(p, cpu_policy("fp16-fp32", "lanes")).kappa, 1e-3);
}

void expect_what_is_measured(const Problem& p) {
    std::vector<double> exact;
    double norm = 0;
    for (std::size_t i = 0; i < p.m * p.n; ++i) {
        exact.push_back(static_cast<double>(exact_sum(p, i)));
        norm += exact.back() * exact.back();
    }
    for (const Policy& policy : all_policies(p.workload.kind)) {
        const Prediction prediction = predicted_everywhere(p, policy);
        const std::vector<double> results = computed(p, policy, 1);
        double squares = 0;
        for (std::size_t i = 0; i < results.size(); ++i) squares += std::pow(results[i] - exact[i], 2);
        EXPECT_NEAR(prediction.norm, std::sqrt(norm), 1e-12 * std::sqrt(norm));
        EXPECT_NEAR(std::sqrt(squares) / prediction.expected, 1, 0.2) << policy.name;
        EXPECT_NEAR(std::sqrt(squares) / prediction.rms, 1, 0.3) << policy.name;
        EXPECT_TRUE(prediction.flags.empty() || policy.saturates) << policy.name;
    }
}

TEST(Prediction, IsWhatIsMeasuredOverManyResults) {
    expect_what_is_measured(made(Kind::Gemm, 12, workload::Data::Normal));
    expect_what_is_measured(made(Kind::Layer, 12, workload::Data::Normal));
    expect_what_is_measured(made(Kind::Gemv, 400, workload::Data::Normal));
}

struct FlagCase {
    const char* name;
    Problem problem;
    Policy policy;
    Flag flag;
    bool is_raised;
};

std::vector<FlagCase> flag_cases() {
    const auto vector = [](const char* policy, const char* order = "sequential") { return cpu_policy(policy, order); };
    const auto ones = [](std::size_t count, float x = 1) { return std::vector<float>(count, x); };
    const Policy e4m3 = unit_policy(row("H100", "wgmma", e4m3fn, binary32), "H100"), bytes = cpu_policy("int8", "");
    const std::vector<float> uniform = made(Kind::Sum, 8192, workload::Data::Uniform).a,
                             normal = made(Kind::Sum, 8192, workload::Data::Normal).a,
                             others = made(Kind::Sum, 8192, workload::Data::Normal, 2).a;
    return {
        {"65520 is infinite", problem(Kind::Sum, {1, 65520}), vector("fp16-fp32"), Flag::Overflow, true},
        {"65519 is not", problem(Kind::Sum, {1, 65519}), vector("fp16-fp32"), Flag::Overflow, false},
        {"fp32 does not care", problem(Kind::Sum, {1, 65520}), vector("fp32"), Flag::Overflow, false},
        {"a sum of 65536", problem(Kind::Sum, ones(2, 32768)), vector("fp16"), Flag::Overflow, true},
        {"the same in fp32", problem(Kind::Sum, ones(2, 32768)), vector("fp16-fp32"), Flag::Overflow, false},
        {"a product of 2^16", problem(Kind::Dot, {256, 1}, {256, 1}), vector("fp16"), Flag::Overflow, true},
        {"gradients", made(Kind::Dot, 64, workload::Data::Gradients), vector("fp16-fp32"), Flag::Underflow, true},
        {"bf16 holds them", made(Kind::Dot, 64, workload::Data::Gradients), vector("bf16-fp32"), Flag::Underflow,
         false},
        {"a few small ones do not matter", problem(Kind::Sum, {1.001F, 1e-9F, 2e-9F}), vector("fp16-fp32"),
         Flag::Underflow, false},
        {"sums of 2^-127", problem(Kind::Dot, ones(1, 0x1p-63F), ones(1, 0x1p-64F)), vector("fp32"), Flag::Underflow,
         true},
        {"of 2^-126", problem(Kind::Dot, ones(1, 0x1p-63F), ones(1, 0x1p-63F)), vector("fp32"), Flag::Underflow, false},
        {"of zeros", problem(Kind::Dot, ones(1, 0), ones(1, 0)), vector("fp32"), Flag::Underflow, false},
        {"of bytes times their scales", problem(Kind::Gemm, ones(1, 0x1p-63F), ones(1, 0x1p-64F)), bytes,
         Flag::Underflow, true},
        {"tenths are all rounded down", problem(Kind::Sum, ones(1000, 0.1F)), vector("fp16-fp32"), Flag::Bias, true},
        {"9 of 0.4 units each: sqrt(9 * 12) * 0.4 > 4", problem(Kind::Sum, ones(9, 0.1F)), vector("fp16-fp32"),
         Flag::Bias, true},
        {"8 of them", problem(Kind::Sum, ones(8, 0.1F)), vector("fp16-fp32"), Flag::Bias, false},
        {"quarters are not rounded", problem(Kind::Sum, ones(1000, 0.25F)), vector("fp16-fp32"), Flag::Bias, false},
        {"4096 ones", problem(Kind::Sum, ones(4096)), vector("fp16"), Flag::Stagnation, true},
        {"2048 ones", problem(Kind::Sum, ones(2048)), vector("fp16"), Flag::Stagnation, false},
        {"4096 in 128 lanes", problem(Kind::Sum, ones(4096)), vector("fp16", "lanes"), Flag::Stagnation, false},
        {"in each lane", problem(Kind::Sum, ones(65536, 0.001F)), vector("bf16", "lanes"), Flag::Stagnation, true},
        {"uniform numbers", problem(Kind::Sum, uniform), vector("fp16"), Flag::Stagnation, true},
        {"normal ones", problem(Kind::Sum, normal), vector("fp16"), Flag::Stagnation, false},
        {"14 bits of a long sum", problem(Kind::Gemm, uniform, uniform), e4m3, Flag::Truncation, true},
        {"of either sign", problem(Kind::Gemm, normal, others), e4m3, Flag::Truncation, false},
        {"255 * 127 and 128 * 3 are beyond 16 bits", of_bytes(Kind::Gemm, {127, 0}, {127, 3}), saturating_policy(),
         Flag::IntegerSaturation, true},
        {"255 * 127 and 128 * 2 are not", of_bytes(Kind::Gemm, {127, 0}, {127, 2}), saturating_policy(),
         Flag::IntegerSaturation, false},
        {"255 * -127 and 128 * -3", of_bytes(Kind::Gemm, {127, 0}, {-127, -3}), saturating_policy(),
         Flag::IntegerSaturation, true},
        {"255 * -127 and 128 * -2 are -32641", of_bytes(Kind::Gemm, {127, 0}, {-127, -2}), saturating_policy(),
         Flag::IntegerSaturation, false},
        {"this library's bytes", of_bytes(Kind::Gemm, {127, 127}, {127, 127}), bytes, Flag::IntegerSaturation, false},
        {"scales whose product is infinite", problem(Kind::Gemm, {0x1p100F, 0}, {0, 0x1p100F}), bytes, Flag::Overflow,
         true},
        {"and is not", problem(Kind::Gemm, {0x1p60F, 0}, {0, 0x1p60F}), bytes, Flag::Overflow, false},
        {"a sum of bytes beyond fp32", problem(Kind::Gemm, ones(4, 0x1p63F), ones(4, 0x1p63F)), bytes, Flag::Overflow,
         true},
        {"133145 * 127^2 >= 2^31", problem(Kind::Gemm, ones(133145), ones(133145)), bytes, Flag::IntegerOverflow, true},
        {"133144 * 127^2 < 2^31", problem(Kind::Gemm, ones(133144), ones(133144)), bytes, Flag::IntegerOverflow, false},
    };
}

TEST(Flags, AreRaisedByWhatTheyAreFor) {
    for (const FlagCase& c : flag_cases()) {
        const Prediction p = predicted_everywhere(c.problem, c.policy);
        EXPECT_EQ(p.raised(c.flag), c.is_raised) << c.name;
        EXPECT_EQ(p.is_forbidden(), c.is_raised && row_of(c.flag).forbids) << c.name;
    }
}

TEST(Flags, OfResultsThatAreNotAllLookedAtForeseeTheLargest) {
    const Problem p = problem(Kind::Gemm, std::vector<float>(64, 40), std::vector<float>(64, 16), 8, 8);  // 8 * 640
    const Policy policy = cpu_policy("fp16", "");
    Problem large = p;
    for (float& x : large.a) x *= 8;  // 40960 of 65504
    EXPECT_FALSE(predicted(p, policy, places_among(64, 5)).raised(Flag::Overflow));
    EXPECT_TRUE(predicted(large, policy, places_among(64, 5)).raised(Flag::Overflow));
    EXPECT_FALSE(predicted_everywhere(large, policy).raised(Flag::Overflow));
}

TEST(Places, AreSpreadOverAllResults) {
    EXPECT_EQ(places_among(3, 5), (std::vector<std::size_t>{0, 1, 2}));
    const auto places = places_among(1000003, 256);
    ASSERT_EQ(places.size(), 256U);
    for (std::size_t i = 0; i < 256; ++i) {
        EXPECT_GE(places[i], i * 1000003 / 256);
        EXPECT_LT(places[i], (i + 1) * 1000003 / 256);
    }
}

TEST(Scaling, BringsNumbersIntoRange) {
    for (const auto& [policy, order] : {std::pair{"fp16-fp32", "lanes"}, std::pair{"fp16", "lanes"}})
        for (const int exponent : {-40, 30}) {
            Problem p = made(Kind::Dot, 300, workload::Data::Normal);
            const Prediction usual = predicted_everywhere(p, cpu_policy(policy, order));
            for (float& x : p.a) x = std::ldexp(x, exponent);
            Policy scaled = cpu_policy(policy, order);
            EXPECT_FALSE(predicted_everywhere(p, scaled).flags.empty());
            scaled.scaled = true;
            const Prediction prediction = predicted_everywhere(p, scaled);
            EXPECT_TRUE(prediction.flags.empty());
            EXPECT_NEAR(prediction.error() / usual.error(), 1, 0.1);
            const std::vector<double> results = computed(p, scaled, 1);
            const double error = std::abs(static_cast<double>(Rational(results[0]) - exact_sum(p, 0)));
            EXPECT_LE(error, prediction.bounds[0]);
            EXPECT_LE(error, 5 * prediction.expected);
        }
}

// 2^-100 times what brings 2^100 into fp16 is 0 in binary32, too.
TEST(Scaling, BoundsWhatItLoses) {
    Policy policy = cpu_policy("fp16-fp32", "");
    policy.scaled = true;
    const Problem p = problem(Kind::Gemm, {0x1p100F, 0x1p-100F}, {1}, 2, 1);
    const Prediction prediction = predicted_everywhere(p, policy);
    EXPECT_EQ(computed(p, policy, 1)[1], 0);
    EXPECT_GE(prediction.bounds[1], 0x1p-100);
    EXPECT_EQ(prediction.bounds[1] < 0x1p-30, true);
}

TEST(Scaling, TakesABiasAlong) {
    Policy policy = cpu_policy("fp16-fp32", "");
    policy.scaled = true;
    const Problem p = problem(Kind::Layer, {70000, 1}, {1, 2}, 1, 1, {8});
    EXPECT_EQ(computed(p, policy, 1)[0], 70016 + 2 + 8);
    // The bias is the largest number, and must not overflow fp16.
    Policy half = cpu_policy("fp16", "");
    half.scaled = true;
    const Problem large = problem(Kind::Layer, {1, 1}, {1, 2}, 1, 1, {1e6});
    EXPECT_TRUE(predicted_everywhere(large, cpu_policy("fp16", "")).raised(Flag::Overflow));
    EXPECT_FALSE(predicted_everywhere(large, half).raised(Flag::Overflow));
    EXPECT_NEAR(computed(large, half, 1)[0] / 1000003, 1, 0x1p-10);
}

// The product of the scales is below binary32's least number: nothing is left.
TEST(Prediction, KnowsWhenBytesLoseTheirScale) {
    const Problem p = problem(Kind::Gemm, std::vector<float>(8, 0x1p-80F), std::vector<float>(8, 0x1p-80F));
    const Prediction prediction = predicted_everywhere(p, cpu_policy("int8", ""));
    EXPECT_EQ(computed(p, cpu_policy("int8", ""), 1)[0], 0);
    EXPECT_EQ(prediction.error(), 1);
    EXPECT_GE(prediction.bounds[0], 8 * 0x1p-160);
}

TEST(Scaling, ReachesTheLargestSafeNumber) {
    const Problem p = problem(Kind::Dot, {3, 0.5}, {100, 1});
    Policy policy = cpu_policy("fp16-fp32", "lanes");
    EXPECT_EQ(exponents_of(p, policy).a, 0);
    policy.scaled = true;
    const Exponents e = exponents_of(p, policy);
    EXPECT_EQ(std::ldexp(3, e.a), 3 * 8192);  // below 2^15
    EXPECT_EQ(std::ldexp(100, e.b), 100 * 256);
    EXPECT_EQ(e.of_result(), e.a + e.b);
}

}  // namespace
}  // namespace halfulp::plan
