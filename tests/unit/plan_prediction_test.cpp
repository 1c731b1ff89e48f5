// Claim: what is predicted of roundings is what they do: depths, errors of small terms, variances, what matrix units cut off;
// bounds hold for hostile numbers; each flag is raised by what it is for and by nothing near it; scaling brings numbers into
// range and changes no bit of the rest.
// Oracle: counts by hand; the emulator's results, mma_dot's and the exact sums of lib/truth's rationals. Shared: the walks of
// lib/accumulate, whose orders are the emulator's too.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/plan/block_trace.hpp>
#include <halfulp/lib/plan/bound.hpp>
#include <halfulp/lib/plan/pair_sums.hpp>
#include <halfulp/lib/plan/prediction.hpp>
#include <halfulp/lib/plan/run.hpp>
#include <halfulp/lib/plan/scaling.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/random.hpp>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace halfulp::plan {
namespace {

using truth::Rational;
using workload::Kind;
using workload::Problem;

Problem problem(Kind kind, std::vector<float> a, std::vector<float> b = {}, std::size_t m = 1, std::size_t n = 1,
                std::vector<float> bias = {}) {
    const std::size_t k = a.size() / m;
    return {workload::workloads[static_cast<std::size_t>(kind)], m, n, k, std::move(a), std::move(b), std::move(bias)};
}

Problem made(Kind kind, std::size_t size, workload::Data data, std::uint64_t seed = 1) {
    return make_problem(workload::workloads[static_cast<std::size_t>(kind)], size, data, seed);
}

Prediction predicted_everywhere(const Problem& p, const Policy& policy) {
    return predicted(p, policy, places_among(p.m * p.n, p.m * p.n));
}

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

Rational exact_sum(const Problem& p, std::size_t place) {
    Rational sum = 0;
    for (std::size_t l = 0; l < p.k; ++l)
        sum += Rational(p.a[place / p.n * p.k + l]) * Rational(p.b.empty() ? 1 : p.b[l * p.n + place % p.n]);
    if (p.bias.empty()) return sum;
    sum += Rational(p.bias[place % p.n]);
    return sum < 0 ? Rational(0) : sum;
}

const MmaSpec& row(const char* processor, const char* instruction, const Element& in, const Element& out) {
    return *find_mma(processor, instruction, in, out);
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

/// Bytes that are codes already: the scale is 1.
Problem of_bytes(Kind kind, std::vector<float> a, std::vector<float> b, std::size_t m = 1, std::size_t n = 1) {
    return problem(kind, std::move(a), std::move(b), m, n);
}

TEST(Saturation, IsPredictedAndCounted) {
    // (127 + 128) (127 + 127) and (-127 + 128) (127 + 127); the last pair is a single product.
    const Problem p = of_bytes(Kind::Gemm, {127, 127, -127, -127, 127}, {127, 127, 127, 127, 127});
    const Prediction one = predicted_everywhere(p, saturating_policy());
    EXPECT_EQ(one.saturated, 1U);
    EXPECT_TRUE(one.is_forbidden());
    const double lost = 255 * 254 - 32767;
    EXPECT_EQ(computed(p, saturating_policy(), 1)[0], 127.0 * 127 - lost);
    EXPECT_NEAR(one.expected, lost, 1);
    EXPECT_GE(one.bound, lost);
    EXPECT_LE(one.bound, lost + 1);
    const Problem many = made(Kind::Gemm, 40, workload::Data::Uniform);
    const Prediction all = predicted_everywhere(many, saturating_policy());
    const std::vector<std::size_t> counts = saturated_pairs(many);
    EXPECT_EQ(all.saturated, std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
    EXPECT_GT(all.saturated, 1000U);
    EXPECT_EQ(saturated_pairs(p), std::vector<std::size_t>{1});
}

TEST(Saturation, IsForeseenInWhatIsNotLookedAt) {
    std::vector<float> a(2 * 64, 1), b(2, 127);
    a[0] = a[1] = 127;  // one row of 64
    const Problem p = problem(Kind::Gemv, a, b, 64, 1);
    const std::vector<std::size_t> places = {7};
    EXPECT_TRUE(predicted(p, saturating_policy(), places).raised(Flag::IntegerSaturation));
    EXPECT_EQ(predicted(p, saturating_policy(), places).saturated, 0U);
    a[1] = 1;  // 255 * 64 and 129 * 127 are together 32703
    EXPECT_FALSE(predicted(problem(Kind::Gemv, a, {64, 127}, 64, 1), saturating_policy(), places)
                     .raised(Flag::IntegerSaturation));
}

#if defined(__x86_64__)
/// The sum of the eight sums of pairs that the instruction makes of 16 bytes, those of a raised by 128.
__attribute__((target("ssse3"))) std::int64_t maddubs(const std::int8_t* a, const std::int8_t* b) {
    const auto load = [](const std::int8_t* x) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(x)); };
    const __m128i raised = _mm_xor_si128(load(a), _mm_set1_epi8(INT8_MIN));
    std::array<std::int16_t, 8> pairs{};
    _mm_storeu_si128(reinterpret_cast<__m128i*>(pairs.data()), _mm_maddubs_epi16(raised, load(b)));
    return std::accumulate(pairs.begin(), pairs.end(), std::int64_t{0});
}

TEST(Saturation, IsThatOfTheInstruction) {
    std::vector<std::int8_t> a, b;
    for (std::uint64_t i = 0; i < 4096; ++i) {
        a.push_back(static_cast<std::int8_t>(random_bits(1, i)));
        b.push_back(static_cast<std::int8_t>(random_bits(2, i)));
    }
    const PairSum sum = pair_sum({1, 1, a.size(), a, b}, 0, 0);
    std::int64_t by_instruction = 0, exact = 0;
    for (std::size_t i = 0; i < a.size(); i += 16) by_instruction += maddubs(&a[i], &b[i]);
    for (std::size_t i = 0; i < a.size(); ++i) {
        by_instruction -= 128 * b[i];
        exact += a[i] * b[i];
    }
    EXPECT_EQ(sum.sum, by_instruction);
    EXPECT_EQ(sum.sum + sum.lost, exact);
    EXPECT_GT(sum.saturated, 50U);
}
#endif

TEST(Saturation, CanBeExactlyWhereSomeRowOfTheRangesDoes) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        std::vector<std::int8_t> a, b;
        const auto draw = [&](std::uint64_t i) {
            const auto range = static_cast<int>(seed % 120) + 8;
            return static_cast<std::int8_t>(
                static_cast<int>(random_bits(seed, i) % static_cast<std::uint64_t>(2 * range)) - range);
        };
        for (std::uint64_t i = 0; i < 8; ++i) a.push_back(draw(i));        // 4 x 2
        for (std::uint64_t i = 0; i < 6; ++i) b.push_back(draw(100 + i));  // 2 x 3
        const ByteMatrices x{4, 3, 2, a, b};
        bool any = false;  // of all combinations of the bytes of both columns of A
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < 4; ++j)
                for (std::size_t column = 0; column < 3; ++column) {
                    const int pair = (a[2 * i] + 128) * b[column] + (a[2 * j + 1] + 128) * b[3 + column];
                    any = any || pair > INT16_MAX || pair < INT16_MIN;
                }
        EXPECT_EQ(may_saturate(x), any) << seed;
    }
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
