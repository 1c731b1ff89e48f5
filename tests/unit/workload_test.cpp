// Claim: problems have the numbers that they promise, their truths are the exact sums, errors are what they say, no
// ordinary way of summing exceeds the bounds on errors, and the roof is the longest of the three times.
// Oracle: moments of the distributions, with the standard error of their estimates; exact rationals; hand-made cases; the
// emulator, summing in the order in which bounds are worst. Shared: the problems' numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/lib/workload/definition.hpp>
#include <halfulp/lib/workload/measurement.hpp>
#include <halfulp/lib/workload/stored.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/neighbours.hpp>

namespace halfulp::workload {
namespace {

using truth::Rational;

const Workload& row(Kind kind) { return workloads[static_cast<std::size_t>(kind)]; }

double moment(const std::vector<float>& x, int power) {
    double sum = 0;
    for (const float v : x) sum += std::pow(v, power);
    return sum / static_cast<double>(x.size());
}

TEST(Problem, DrawsWhatItsDataPromise) {
    const std::size_t size = 1 << 16;
    const double five_errors = 5 / std::sqrt(static_cast<double>(size));
    const Problem normal = make_problem(row(Kind::Sum), size, Data::Normal, 1);
    EXPECT_NEAR(moment(normal.a, 1), 0, five_errors);
    EXPECT_NEAR(moment(normal.a, 2), 1, five_errors * std::sqrt(2));
    EXPECT_NEAR(moment(normal.a, 4), 2.9, five_errors * 10);  // 3 - 6/5/12 of the sum of twelve
    const Problem uniform = make_problem(row(Kind::Sum), size, Data::Uniform, 1);
    EXPECT_NEAR(moment(uniform.a, 1), 0.5, five_errors / std::sqrt(12));
    EXPECT_NEAR(moment(uniform.a, 2), 1 / 3.0, five_errors);
    for (const float x : uniform.a) ASSERT_TRUE(x >= 0 && x < 1);
    EXPECT_EQ(make_problem(row(Kind::Sum), size, Data::Normal, 1).a, normal.a);
    EXPECT_NE(make_problem(row(Kind::Sum), size, Data::Normal, 2).a, normal.a);
}

TEST(Problem, HasGradientsThatFp16DoesNotHold) {
    const Problem normal = make_problem(row(Kind::Gemv), 64, Data::Normal, 1),
                  small = make_problem(row(Kind::Gemv), 64, Data::Gradients, 1);
    EXPECT_EQ(small.b, normal.b);
    ASSERT_EQ(small.a.size(), normal.a.size());
    for (std::size_t i = 0; i < small.a.size(); ++i) {
        ASSERT_EQ(small.a[i] * 0x1p28F, normal.a[i]);
        ASSERT_LE(std::abs(small.a[i]), 0x1p-25F);  // half of the smallest number: to even, 0
    }
}

TEST(Problem, HasTheShapeOfItsWorkload) {
    const auto shape = [](Kind kind) {
        const Problem p = make_problem(row(kind), 6, Data::Normal, 1);
        return std::vector{p.m, p.n, p.k, p.a.size(), p.b.size(), p.bias.size()};
    };
    EXPECT_EQ(shape(Kind::Sum), (std::vector<std::size_t>{1, 1, 6, 6, 0, 0}));
    EXPECT_EQ(shape(Kind::Dot), (std::vector<std::size_t>{1, 1, 6, 6, 6, 0}));
    EXPECT_EQ(shape(Kind::Gemv), (std::vector<std::size_t>{6, 1, 6, 36, 6, 0}));
    EXPECT_EQ(shape(Kind::Gemm), (std::vector<std::size_t>{6, 6, 6, 36, 36, 0}));
    EXPECT_EQ(shape(Kind::Layer), (std::vector<std::size_t>{6, 6, 6, 36, 36, 6}));
    EXPECT_EQ(shape(Kind::LayerGradients), (std::vector<std::size_t>{13, 6, 6, 36, 36, 0}));
    EXPECT_EQ(make_problem(row(Kind::LayerGradients), 6, Data::Normal, 1).inputs.size(), 36U);
    EXPECT_EQ(operations(make_problem(row(Kind::Sum), 6, Data::Normal, 1)), 6);
    EXPECT_EQ(operations(make_problem(row(Kind::Gemm), 6, Data::Normal, 1)), 432);
    EXPECT_EQ(operations(make_problem(row(Kind::Layer), 6, Data::Normal, 1)), 504);
    EXPECT_EQ(operations(make_problem(row(Kind::LayerGradients), 6, Data::Normal, 1)), 2 * 432 + 72);
}

TEST(Problem, RefusesSizesThatCannotBe) {
    EXPECT_THROW(make_problem(row(Kind::Sum), 0, Data::Normal, 1), std::invalid_argument);
    EXPECT_THROW(make_problem(row(Kind::Gemm), std::size_t{1} << 32, Data::Normal, 1), std::invalid_argument);
    EXPECT_THROW(make_problem(row(Kind::Sum), std::numeric_limits<std::size_t>::max(), Data::Normal, 1),
                 std::invalid_argument);
}

/// The two factors of a term. Of a layer's gradients, as calculus has them of z = x W + bias: dx_ij = sum of dz_il W_jl,
/// dW_ij = sum of x_li dz_lj, dbias_j = sum of dz_lj.
std::pair<float, float> factors(const Problem& p, std::size_t place, std::size_t l) {
    const std::size_t i = place / p.n, j = place % p.n;
    const auto at = [&](const std::vector<float>& x, std::size_t row, std::size_t column) {
        return x[row * p.k + column];
    };
    if (p.workload.kind != Kind::LayerGradients) return {at(p.a, i, l), p.b.empty() ? 1 : p.b[l * p.n + j]};
    if (i < p.k) return {at(p.a, i, l), at(p.b, j, l)};
    return {i < 2 * p.k ? at(p.inputs, l, i - p.k) : 1, at(p.a, l, j)};
}

Rational exact_sum(const Problem& p, std::size_t place) {
    Rational sum = p.bias.empty() ? Rational(0) : Rational(p.bias[place % p.n]);
    for (std::size_t l = 0; l < p.k; ++l) {
        const auto [a, b] = factors(p, place, l);
        sum += Rational(a) * Rational(b);
    }
    return p.workload.kind == Kind::Layer && sum < 0 ? Rational(0) : sum;
}

Rational magnitudes(const Problem& p, std::size_t place) {
    Rational sum = p.bias.empty() ? Rational(0) : abs(Rational(p.bias[place % p.n]));
    for (std::size_t l = 0; l < p.k; ++l) {
        const auto [a, b] = factors(p, place, l);
        sum += abs(Rational(a) * Rational(b));
    }
    return sum;
}

TEST(Truth, IsTheExactSum) {
    for (const Workload& w : workloads)
        for (const DataRow& data : data_rows) {
            const Problem p = make_problem(w, 11, data.data, 3);
            const Truth truth = truth_of(p, 1 << 20);
            ASSERT_EQ(truth.places.size(), p.m * p.n);
            for (std::size_t i = 0; i < truth.places.size(); ++i) {
                ASSERT_EQ(truth.places[i], i);
                EXPECT_EQ(truth.values[i], static_cast<double>(exact_sum(p, i))) << w.name << data.name;
                const auto magnitude = static_cast<double>(magnitudes(p, i));
                EXPECT_NEAR(truth.magnitudes[i], magnitude, magnitude * 1e-14);
            }
        }
}

TEST(Truth, OfManyResultsTakesSomeInEveryPart) {
    const Problem p = make_problem(row(Kind::Gemm), 64, Data::Normal, 3);
    const Truth truth = truth_of(p, 12800);
    ASSERT_EQ(truth.places.size(), 200U);
    std::set<std::size_t> columns, lanes;
    for (std::size_t i = 0; i < 200; ++i) {
        EXPECT_GE(truth.places[i], i * 4096 / 200);
        EXPECT_LT(truth.places[i], (i + 1) * 4096 / 200);
        EXPECT_EQ(truth.values[i], static_cast<double>(exact_sum(p, truth.places[i])));
        columns.insert(truth.places[i] % 64);
        lanes.insert(truth.places[i] % 16);
    }
    EXPECT_GT(columns.size(), 48U);  // of 64, 61 are expected to be among 200
    EXPECT_EQ(lanes.size(), 16U);
    EXPECT_EQ(truth_of(p, 12800).places, truth.places);
    EXPECT_EQ(truth_of(p, 1).places.size(), 1U);
}

TEST(CancellingData, LeavePartsOfTheTermsThatAreFarSmaller) {
    for (const Workload& w : workloads) {
        if (w.kind == Kind::Layer) continue;  // its bias does not cancel
        const Problem p = make_problem(w, 64, Data::Cancelling, 3);
        const Truth truth = truth_of(p, 1 << 20);
        for (std::size_t i = 0; i < truth.values.size(); ++i)
            EXPECT_LE(std::abs(truth.values[i]), truth.magnitudes[i] * 0x1p-20) << w.name;
    }
}

TEST(Error, SaysHowFarResultsAreOff) {
    const std::vector<double> truths{1, -2, 0, 1024}, results{1.25, -2, 0, 1022};
    const Error e = error_of(results, truths, binary16);
    EXPECT_EQ(e.largest, 2);
    EXPECT_EQ(e.largest_relative, 0.25);
    EXPECT_EQ(e.largest_ulps, 256);  // 2^-10 is the unit of [1, 2), 1 of [1024, 2048)
    EXPECT_DOUBLE_EQ(e.relative_norm, std::sqrt((0.0625 + 4) / (1 + 4 + 1024.0 * 1024)));
    EXPECT_EQ(e.not_finite, 0U);
    EXPECT_DOUBLE_EQ((Error{0, 0, 0, 1e-3, 0}.sqnr()), 60);
    EXPECT_DOUBLE_EQ((Error{0, 0, 0, 1e-3, 0}.digits()), 3);
    EXPECT_EQ(error_of(std::vector{0x1p-24, 1.0}, std::vector{0x1p-23, 1.0}, binary16).largest_ulps, 1);
    EXPECT_EQ(error_of(std::vector{1.0}, std::vector{0.0}, binary16).largest_ulps, 0);  // 0 has no last place
    EXPECT_EQ(error_of(std::vector{0x1p-24}, std::vector{0.0}, binary16).largest_relative, INFINITY);
    for (const double x : {static_cast<double>(INFINITY), static_cast<double>(NAN)}) {
        const Error infinite = error_of(std::vector{x, 1.0}, std::vector{1.0, 1.0}, binary16);
        EXPECT_EQ(infinite.relative_norm, INFINITY);
        EXPECT_EQ(infinite.largest, INFINITY);
        EXPECT_EQ(infinite.not_finite, 1U);
    }
}

/// One after another in the policy's format, of stored terms: no order has a larger bound.
double sum_in_sequence(const Problem& p, const Policy& policy, std::size_t place) {
    const Format &s = policy.storage.format, &f = policy.accumulate.format;
    const auto kept = [&](float x) {
        return Operand{
            s, compute(Operation::Convert, s, std::array{Operand{binary32, std::bit_cast<std::uint32_t>(x)}}).code};
    };
    Operand sum{f, 0};
    for (std::size_t l = 0; l < p.k; ++l) {
        const auto [first, second] = factors(p, place, l);
        const Operand a = kept(first), b = kept(second);
        const Operand product{f, compute(Operation::Mul, f, std::array{a, b}).code};
        sum.code = compute(Operation::Add, f, std::array{product, sum}).code;
    }
    if (!p.bias.empty()) sum.code = compute(Operation::Add, f, std::array{kept(p.bias[place % p.n]), sum}).code;
    const std::uint64_t code = compute(Operation::Convert, binary64, std::array{sum}).code;
    const auto value = std::bit_cast<double>(code);
    return p.workload.kind == Kind::Layer ? std::max(0.0, value) : value;
}

TEST(ErrorBounds, AreNotExceededByRoundedSums) {
    double closest = 0;
    for (const Policy& policy : policies) {
        if (policy.storage.integer) continue;
        for (const Workload& w : workloads)
            for (const DataRow& data : data_rows)
                for (const std::size_t size : {1U, 2U, 3U, 17U, 60U}) {
                    const Problem p = make_problem(w, size, data.data, size);
                    const Truth truth = truth_of(p, 20 * size);
                    const std::vector<double> bounds = error_bounds(p, policy, truth);
                    for (std::size_t i = 0; i < truth.places.size(); ++i) {
                        const double error = std::abs(sum_in_sequence(p, policy, truth.places[i]) - truth.values[i]);
                        ASSERT_LE(error, bounds[i]) << policy.name << w.name << data.name << size;
                        closest = std::max(closest, error / bounds[i]);
                    }
                }
    }
    EXPECT_GT(closest, 0.1);  // not so wide that nothing would be wrong
}

// Half of fp16's least number is stored as 0, whatever it is multiplied by: weights, inputs, or the ones of the bias.
TEST(ErrorBounds, KnowAllThatAGradientIsMultipliedBy) {
    const Policy policy = *find_by_name(policies, "fp16-fp32");
    for (const auto& [weight, input] : {std::pair{100.0F, 0.0F}, {0.0F, 100.0F}, {0.0F, 0.0F}}) {
        Problem p = make_problem(row(Kind::LayerGradients), 4, Data::Normal, 1);
        std::ranges::fill(p.a, 0x1p-25F);
        std::ranges::fill(p.b, weight);
        std::ranges::fill(p.inputs, input);
        const Truth truth = truth_of(p, 1 << 20);
        const std::vector<double> bounds = error_bounds(p, policy, truth), zeros(p.m * p.n);
        EXPECT_EQ(defined_results(p, policy, truth.places), zeros);
        for (std::size_t i = 0; i < bounds.size(); ++i) EXPECT_LE(truth.values[i], bounds[i]) << i;
        EXPECT_EQ(truth.values.back(), 0x1p-23);
    }
}

TEST(AgainstBounds, WrongIsWhatIsBeyondThem) {
    const Problem p = make_problem(row(Kind::Gemm), 8, Data::Normal, 5);
    const Policy policy = *find_by_name(policies, "fp16-fp32");
    const Truth truth = truth_of(p, 1 << 20);
    std::vector<double> results = truth.values;
    const auto wrong = [&] { return against_bounds(p, policy, truth, results).wrong; };
    EXPECT_EQ(wrong(), 0U);
    const std::vector<double> bounds = error_bounds(p, policy, truth);
    results[3] += 1.01 * bounds[3];
    results[4] -= 0.99 * bounds[4];
    EXPECT_EQ(wrong(), 1U);
    results[60] = NAN;
    results[61] = INFINITY;
    EXPECT_EQ(wrong(), 3U);
    EXPECT_EQ(against_bounds(p, policy, truth, results).checked, 64U);
}

/// Of 512 sums in bfloat16 nothing can be promised: who is finite is not judged.
TEST(AgainstBounds, NothingIsSaidWhereTheyAreInfinite) {
    const Problem p = make_problem(row(Kind::Gemv), 512, Data::Normal, 5);
    const Truth truth = truth_of(p, 1536);
    std::vector<double> results(512, -1e30);
    const Count count = against_bounds(p, *find_by_name(policies, "bf16"), truth, results);
    EXPECT_EQ(count.checked, 0U);
    EXPECT_EQ(count.wrong, 0U);
    results[truth.places[1]] = INFINITY;
    EXPECT_EQ(against_bounds(p, *find_by_name(policies, "bf16"), truth, results).wrong, 1U);
}

/// The same products and sums, written out: each operation by the emulator, in sequence.
double product_by_the_emulator(const Problem& p, const Policy& policy, std::size_t place) {
    const Format &s = policy.storage.format, &f = policy.accumulate.format;
    const auto number = [](const Format& format, float x) {
        const Operand code{binary32, std::bit_cast<std::uint32_t>(x)};
        return Operand{format, compute(Operation::Convert, format, std::array{code}).code};
    };
    Operand sum{f, 0};
    for (std::size_t l = 0; l < p.k; ++l) {
        const auto [first, second] = factors(p, place, l);
        const Operand a = number(s, first), b = number(s, second);
        const Operand product{f, compute(Operation::Mul, f, std::array{a, b}).code};
        sum.code = policy.fused ? compute(Operation::Fma, f, std::array{a, b, sum}).code
                                : compute(Operation::Add, f, std::array{product, sum}).code;
    }
    if (!p.bias.empty()) sum.code = compute(Operation::Add, f, std::array{sum, number(f, p.bias[place % p.n])}).code;
    const double x = std::bit_cast<double>(compute(Operation::Convert, binary64, std::array{sum}).code);
    return p.bias.empty() || x > 0 ? x : 0;
}

TEST(DefinedResults, OfMatricesAreOneOperationAfterAnother) {
    for (const Policy& policy : policies)
        for (const Kind kind : {Kind::Gemm, Kind::Layer, Kind::LayerGradients})
            for (const DataRow& data : data_rows) {
                if (policy.gemm.empty()) continue;
                const Problem p = make_problem(row(kind), 19, data.data, 7);
                std::vector<std::size_t> places{0, 18, 19, 200, 360};
                if (kind == Kind::LayerGradients) places.insert(places.end(), {361, 400, 721, 722, 740});
                const std::vector<double> defined = defined_results(p, policy, places);
                for (std::size_t i = 0; i < places.size(); ++i)
                    EXPECT_EQ(defined[i], product_by_the_emulator(p, policy, places[i])) << policy.name << data.name;
            }
}

/// Every difference counts, however long the sums: where bounds say nothing, too.
TEST(AgainstDefinition, WrongIsWhatDiffersInABit) {
    for (const std::string_view name : {"fp32", "fp16", "bf16-fused", "fp32-exact", "fp32-kahan", "int8"}) {
        const Policy policy = *find_by_name(policies, name);
        const bool is_vector = policy.gemm.empty() && !policy.storage.integer;
        const Problem p =
            make_problem(row(is_vector ? Kind::Sum : Kind::Gemm), is_vector ? 5000 : 300, Data::Normal, 5);
        const Truth truth = truth_of(p, 3000);
        std::vector<double> results(p.m * p.n, NAN);
        const std::vector<double> defined = defined_results(p, policy, truth.places);
        for (std::size_t i = 0; i < defined.size(); ++i) results[truth.places[i]] = defined[i];
        const Count right = against_definition(p, policy, truth, results);
        EXPECT_EQ(right.checked, truth.places.size()) << name;
        EXPECT_EQ(right.wrong, 0U) << name;
        for (const double other : {std::nextafter(defined[0], INFINITY), -defined[0], 0.0, double{NAN}}) {
            results[truth.places[0]] = other;
            EXPECT_EQ(against_definition(p, policy, truth, results).wrong, 1U) << name << other;
        }
    }
}

TEST(StoredBytes, AreTheNearestMultiplesOfTheScale) {
    const Problem p = make_problem(row(Kind::Sum), 1000, Data::Normal, 9);
    const StoredBytes stored = stored_bytes(p.a);
    float largest = 0;
    for (const float x : p.a) largest = std::max(largest, std::abs(x));
    EXPECT_EQ(stored.scale, largest / 127);
    for (std::size_t i = 0; i < p.a.size(); ++i) {
        EXPECT_LE(std::abs(stored.bytes[i]), 127);
        // Half a step, and what the rounded scale and quotient add.
        EXPECT_LE(abs(Rational(p.a[i]) - Rational(stored.scale) * stored.bytes[i]),
                  Rational(stored.scale) * (Rational(1) + truth::pow2(-15)) / 2);
    }
    EXPECT_EQ(stored_bytes({0, -0.0F}).scale, 1);
    EXPECT_EQ(stored_bytes({0, -0.0F}).bytes, (std::vector<std::int8_t>{0, 0}));
    EXPECT_THROW(stored_bytes({1, NAN}), std::invalid_argument);
    EXPECT_THROW(stored_bytes({1, -INFINITY}), std::invalid_argument);
}

/// The definition overflows, and so does the result: as it must be, and yet of no use.
TEST(AgainstDefinition, WrongIsWhatIsNotFinite) {
    Problem p = make_problem(row(Kind::Gemm), 4, Data::Uniform, 5);
    for (float& x : p.a) x = 60000;
    for (float& x : p.b) x = 2;
    const Policy policy = *find_by_name(policies, "fp16");
    const Truth truth = truth_of(p, 1 << 20);
    const std::vector<double> defined = defined_results(p, policy, truth.places);
    EXPECT_EQ(defined, std::vector<double>(16, INFINITY));
    EXPECT_EQ(against_definition(p, policy, truth, defined).wrong, 16U);
}

TEST(AgainstBounds, WrongOfBytesIsWhatIsNotExact) {
    const Problem p = make_problem(row(Kind::Gemm), 8, Data::Normal, 5);
    const Policy policy = *find_by_name(policies, "int8");
    const Truth truth = truth_of(p, 1 << 20);
    const StoredBytes a = stored_bytes(p.a), b = stored_bytes(p.b);
    std::vector<double> results;
    for (std::size_t place = 0; place < 64; ++place) {
        int sum = 0;
        for (std::size_t l = 0; l < 8; ++l) sum += a.bytes[place / 8 * 8 + l] * b.bytes[l * 8 + place % 8];
        results.push_back(static_cast<float>(sum) * (a.scale * b.scale));
    }
    EXPECT_EQ(against_bounds(p, policy, truth, results).wrong, 0U);
    results[7] = std::nextafter(static_cast<float>(results[7]), INFINITY);
    EXPECT_EQ(against_bounds(p, policy, truth, results).wrong, 1U);
}

TEST(Roof, IsTheLongestOfTheTimes) {
    using measure::Kind;
    const std::size_t all = std::numeric_limits<std::size_t>::max();
    const std::vector<measure::Ceiling> ceilings{{"fp32 fused multiply-add", Kind::Arithmetic, 1000, 0, 0},
                                                 {"int8 slow", Kind::Arithmetic, 2000, 0, 0},
                                                 {"int8 quick", Kind::Arithmetic, 3000, 0, 0},
                                                 {"fp16 to fp32", Kind::Conversion, 100, 0, 0},
                                                 {"L1", Kind::Reading, 400, 10, 1000},
                                                 {"memory", Kind::Reading, 40, 10, all}};
    const Problem dot = make_problem(row(workload::Kind::Dot), 100, Data::Normal, 1);
    const Problem sum = make_problem(row(workload::Kind::Sum), 100, Data::Normal, 1);
    const auto roof = [&](const Problem& p, std::string_view policy, std::size_t bytes, std::size_t conversions) {
        return roof_of(p, *find_by_name(policies, policy), {{}, {}, bytes, conversions}, ceilings);
    };
    EXPECT_EQ(roof(dot, "fp32", 10, 0).name, "fp32 fused multiply-add");
    EXPECT_EQ(roof(dot, "fp32", 10, 0).seconds, 0.2);
    EXPECT_EQ(roof(sum, "fp32", 10, 0).seconds, 0.2);  // an addition takes as long as a multiply-add
    EXPECT_EQ(roof(dot, "int8", 10, 0).name, "int8 quick");
    EXPECT_EQ(roof(dot, "fp32", 1000, 0).name, "L1");
    EXPECT_EQ(roof(dot, "fp32", 1000, 0).seconds, 2.5);
    EXPECT_EQ(roof(dot, "fp32", 1001, 0).name, "memory");
    EXPECT_EQ(roof(dot, "fp32", 1001, 0).seconds, 1000 / 400.0 + 1 / 40.0);  // L1 may hold the rest
    EXPECT_EQ(roof(sum, "fp16", 10, 0).name, "L1");                          // of sums in 16 bits no loop is measured
    EXPECT_EQ(roof(dot, "fp16-fp32", 10, 200).name, "fp16 to fp32");
    EXPECT_EQ(roof(dot, "fp16-fp32", 10, 200).seconds, 2);
    EXPECT_EQ(roof(dot, "bf16-fp32", 10, 200).name, "fp32 fused multiply-add");  // its conversion was not measured
}

TEST(Hash, DependsOnEveryBitAndOnTheOrder) {
    EXPECT_EQ(hash_of({1, 2, 3}), hash_of({1, 2, 3}));
    EXPECT_NE(hash_of({1, 2, 3}), hash_of({1, 3, 2}));
    EXPECT_NE(hash_of({0}), hash_of({-0.0}));
    EXPECT_NE(hash_of({1}), hash_of({std::nextafter(1, 2)}));
}

}  // namespace
}  // namespace halfulp::workload
