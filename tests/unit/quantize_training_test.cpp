// Claim: a layer with fake quantisation gives, bit for bit, what the deployed integer layer gives, for every way to requantise,
// both quotients, signed and unsigned codes and a quantiser for each column; gradients are what their definitions say.
// Oracle: for the integers a loop over codes in 64 bits, whose codes and requantisation the tests of those show; for gradients
// the published formulas, written out. The two layers share quantise and requantise, and neither products nor sums.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include <halfulp/lib/kernel/gemm.hpp>
#include <halfulp/lib/quantize/linear.hpp>
#include <halfulp/lib/quantize/training.hpp>

namespace halfulp::quantize {
namespace {

struct Numbers {
    std::vector<float> x, weights, bias;
};

Numbers random_numbers(std::size_t rows, std::size_t inner, std::size_t columns) {
    std::mt19937 random(5);
    std::normal_distribution<float> normal(0, 1);
    Numbers some{std::vector<float>(rows * inner), std::vector<float>(inner * columns), std::vector<float>(columns)};
    for (auto* values : {&some.x, &some.weights, &some.bias})
        for (float& v : *values) v = normal(random);
    return some;
}

std::vector<std::int32_t> by_definition(const LinearScheme& s, const LinearProblem& p) {
    std::vector<std::int32_t> codes;
    for (std::size_t i = 0; i < p.rows; ++i)
        for (std::size_t j = 0; j < p.columns; ++j) {
            const double unit = static_cast<double>(s.input.scale) * static_cast<double>(s.weight(j).scale);
            std::int64_t sum = std::llrint(static_cast<double>(p.bias[j]) / unit);
            for (std::size_t k = 0; k < p.inner; ++k)
                sum += std::int64_t{code_of(s.input, p.x[i * p.inner + k]) - s.input.zero_point} *
                       (code_of(s.weight(j), p.weights[k * p.columns + j]) - s.weight(j).zero_point);
            const double factor = row_of(s.mode).fixed_point
                                      ? unit / static_cast<double>(s.output.scale)
                                      : static_cast<double>(s.input.scale * s.weight(j).scale / s.output.scale);
            codes.push_back(
                requantise({s.mode, factor, s.output.zero_point, s.output.range}, static_cast<std::int32_t>(sum)));
        }
    return codes;
}

void expect_same(const LinearScheme& s, const LinearProblem& p) {
    const std::vector<std::int32_t> codes = linear_codes(s, p);
    const std::vector<float> numbers = linear_numbers(s, p);
    ASSERT_EQ(codes.size(), numbers.size());
    std::size_t wrong = 0, clamped = 0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const auto deployed = std::bit_cast<std::uint32_t>(number_of(s.output, codes[i]));
        if (deployed != std::bit_cast<std::uint32_t>(numbers[i])) ++wrong;
        if (codes[i] == s.output.range.least || codes[i] == s.output.range.greatest) ++clamped;
    }
    EXPECT_EQ(wrong, 0U) << row_of(s.mode).name;
    EXPECT_LT(clamped, codes.size() / 10);  // the numbers are not all ends of the range
}

TEST(QuantisedLayer, FakeQuantisationIsTheIntegerLayerOnAMillionElements) {
    constexpr std::size_t rows = 1000, inner = 48, columns = 1000;
    const Numbers some = random_numbers(rows, inner, columns);
    for (const RequantisationRow& row : requantisations)
        expect_same({.input = {0.0353F, 128, {0, 255}},
                     .weights = {{0.0287F, 0, {-127, 127}}},
                     .output = {0.211F, -3},
                     .mode = row.value},
                    {rows, inner, columns, some.x, some.weights, some.bias});
}

/// What is done otherwise: fake-quantised numbers are multiplied in binary32 and their sum is fake-quantised. That is another
/// result here and there, which this layer does not have.
TEST(QuantisedLayer, ProductsOfFakeQuantisedNumbersAreNotTheIntegerLayer) {
    constexpr std::size_t rows = 1000, inner = 48, columns = 1000;
    const Numbers some = random_numbers(rows, inner, columns);
    LinearScheme s{.input = {0.05F, 128, {0, 255}}, .weights = {{0.03F, 0, {-127, 127}}}, .output = {0.2F, -3}};
    std::vector<float> x(some.x.size()), w(some.weights.size()), y(rows * columns);
    fake_quantise(s.input, some.x, x);
    fake_quantise(s.weights[0], some.weights, w);
    kernel::gemm(kernel::gemm_policies[0], kernel::row_major<const float>(x.data(), rows, inner),
                 kernel::row_major<const float>(w.data(), inner, columns), kernel::row_major(y.data(), rows, columns));
    for (const RequantisationRow& row : requantisations) {
        s.mode = row.value;
        const std::vector<std::int32_t> codes = linear_codes(s, {rows, inner, columns, some.x, some.weights, {}});
        std::size_t differ = 0;
        for (std::size_t i = 0; i < y.size(); ++i)
            if (code_of(s.output, y[i]) != codes[i]) ++differ;
        RecordProperty(std::string(row.name), static_cast<int>(differ));
        EXPECT_GT(differ, 0U) << row.name;
        EXPECT_LT(differ, y.size() / 100) << row.name;
    }
}

TEST(QuantisedLayer, EveryKindOfQuantiser) {
    constexpr std::size_t rows = 7, inner = 37, columns = 9;
    const Numbers some = random_numbers(rows, inner, columns);
    const LinearProblem problem{rows, inner, columns, some.x, some.weights, some.bias};
    std::vector<Affine> each(columns), zeros(columns);
    for (std::size_t j = 0; j < columns; ++j) {
        each[j] = {0.02F + 0.001F * static_cast<float>(j), 0, {-127, 127}};
        zeros[j] = {0.02F, static_cast<std::int32_t>(j) - 4};
    }
    for (const RequantisationRow& row : requantisations)
        for (const Quotient quotient : {Quotient::Divide, Quotient::Reciprocal})
            for (const Affine& input : {Affine{0.03F, 100, {0, 255}}, Affine{0.03F, -7}, Affine{0.4F, 0, {-8, 7}}})
                for (const auto& weights : {std::vector<Affine>{{0.025F, 3}}, each, zeros}) {
                    LinearScheme s{input, weights, {0.2F, 120, {0, 255}}, row.value};
                    s.input.quotient = quotient;
                    expect_same(s, problem);
                    EXPECT_EQ(linear_codes(s, problem), by_definition(s, problem)) << row.name;
                }
}

TEST(QuantisedLayer, SumsThatCouldLeave32BitsAreRefused) {
    LinearScheme s{.input = {0.03F, 0, {0, 255}}, .weights = {{0.02F, 0, {-127, 127}}}, .output = {0.2F}};
    EXPECT_EQ(sum_bound(s, 2, std::vector<std::int32_t>{5, -7}), 2 * 255 * 127 + 7);
    EXPECT_EQ(sum_bound(s, std::size_t{1} << 60, {}), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(sum_bound(s, std::numeric_limits<std::size_t>::max(), {}), std::numeric_limits<std::int64_t>::max());
    const std::vector<float> x(66312), w(66312);
    EXPECT_NO_THROW(linear_codes(s, {1, 66310, 1, std::span(x).first(66310), std::span(w).first(66310), {}}));
    EXPECT_THROW(linear_codes(s, {1, 66312, 1, x, w, {}}), std::invalid_argument);
    EXPECT_THROW(linear_numbers(s, {1, 66312, 1, x, w, {}}), std::invalid_argument);
    const std::vector<float> bias = {1.0F};
    s.weights[0].scale = 1e-12F;
    EXPECT_THROW(linear_codes(s, {1, 2, 1, std::span(x).first(2), std::span(w).first(2), bias}), std::invalid_argument);
}

TEST(QuantisedLayer, SizesThatDoNotMatchAreRefused) {
    const LinearScheme s{.input = {0.03F}, .weights = {{0.02F}, {0.02F}}, .output = {0.2F}};
    const std::vector<float> four(4), three(3);
    EXPECT_NO_THROW(linear_codes(s, {2, 2, 2, four, four, {}}));
    EXPECT_THROW(linear_codes(s, {2, 2, 2, four, three, {}}), std::invalid_argument);
    EXPECT_THROW(linear_codes(s, {2, 2, 2, four, four, three}), std::invalid_argument);
    EXPECT_THROW(linear_codes(s, {1, 4, 1, four, four, {}}), std::invalid_argument);
    LinearScheme wide = s;
    wide.weights = {{0.02F, 0, {0, 255}}};
    EXPECT_THROW(linear_codes(wide, {2, 2, 2, four, four, {}}), std::invalid_argument);
}

TEST(Gradients, StraightThroughStopsAtTheEnds) {
    const Affine q{.scale = 0.5F, .zero_point = 2, .range = {0, 15}};  // numbers from -1 to 6.5
    const std::vector<float> x = {-1.26F, -1.25F, -1.24F, 0, 6.5F, 6.74F, 6.76F, 1e9F, -1e9F};
    const std::vector<float> upstream = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    std::vector<float> grad(x.size());
    straight_through(q, x, upstream, grad);
    // -1.25 is -2.5 steps: to nearest even it is -2, code 0, within.
    EXPECT_EQ(grad, (std::vector<float>{0, 2, 3, 4, 5, 6, 0, 0, 0}));
}

TEST(Gradients, LearnedStepByItsFormula) {
    const Affine q{.scale = 0.5F, .zero_point = 2, .range = {0, 15}};
    const std::vector<float> x = {-3, 0.125F, 9}, upstream = {2, 4, 8};
    const StepGradients g = learned_step(q, x, upstream, 0.25F);
    EXPECT_EQ(g.x, (std::vector<float>{0, 4, 0}));
    // Below: 2 (0 - 2); within: 4 (0 - 0.125) / 0.5; above: 8 (15 - 2); all by 1/4.
    EXPECT_EQ(g.scale, (std::vector<float>{-1, -0.25F, 26}));
    EXPECT_EQ(g.zero_point, (std::vector<float>{-0.25F, 0, -1}));
    // The difference is rounded once: 70 * 0.1 - 7.01.
    const float exact = static_cast<float>(70 * static_cast<double>(0.1F) - static_cast<double>(7.01F));
    const std::vector<float> near = {7.01F}, one = {1};
    EXPECT_NE(exact, 70 * 0.1F - 7.01F);
    EXPECT_EQ(learned_step({.scale = 0.1F}, near, one, 1).scale[0], exact * (1 / 0.1F));
}

}  // namespace
}  // namespace halfulp::quantize
