// Claim: a network's results and gradients are what the definitions say, in every policy and for any number of
// threads.
// Oracle: the emulator, one scalar after another; whole numbers, on which binary32 is exact; derivatives by differences in 50
// digits (Boost); softfloat/elementary on every operand of 16 bits. Shared with the code: the formats and the policies' rows.
#include <gtest/gtest.h>

#include <bit>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <numbers>

#include <halfulp/lib/train/loss.hpp>
#include <halfulp/lib/train/network.hpp>
#include <halfulp/lib/train/optimizer.hpp>
#include <halfulp/lib/train/product.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/emulated_numbers.hpp"

namespace halfulp::train {
namespace {

using Real = boost::multiprecision::cpp_bin_float_50;

TEST(TrainPolicy, FindsEachRowByItsNames) {
    for (const Policy& row : policies) {
        ASSERT_TRUE(find_policy(row.name));
        for (const auto& alias : row.aliases) EXPECT_EQ(find_policy(alias)->name, row.name);
    }
    EXPECT_EQ(bytes_per_parameter(*find_policy("fp32"), 1), 4 + 4 + 4);
    EXPECT_EQ(bytes_per_parameter(*find_policy("fp16"), 2), 4 + 2 + 2 + 8);
    EXPECT_EQ(bytes_per_parameter(*find_policy("fp16-pure"), 1), 2 + 2 + 2);
    EXPECT_EQ(bytes_per_parameter(*find_policy("fp8"), 1), 4 + 1 + 4 + 4);
}

/// An operand of a product, its scale taken by the rule: largest number / largest magnitude.
struct Scaled {
    float scale;
    Numbers x;
};
Scaled scaled(const Format& f, const Numbers& x) {
    float amax = 0;
    for (const float v : x) amax = std::max(amax, std::abs(v));
    Scaled s{f.width == 8 ? number(f, f.max_code()) / amax : 1, {}};
    for (const float v : x) s.x.push_back(to(f, v * s.scale));
    return s;
}

TEST(TrainNetwork, MultipliesAsTheEmulatorDoes) {
    constexpr std::size_t rows = 3, inner = 5, columns = 2;
    const Numbers x = drawn(rows * inner, 1), weights = drawn(inner * columns, 2), bias = drawn(columns, 3);
    for (const Policy& p : policies) {
        const Forward f = forward({{inner, columns}, Activation::Relu}, p, {weights, bias}, x, 1);
        const Scaled a = scaled(p.compute, x), b = scaled(p.compute, weights);
        const float alpha = (1 / a.scale) * (1 / b.scale);
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < columns; ++j) {
                float sum = 0;
                for (std::size_t k = 0; k < inner; ++k) {
                    const float u = a.x[i * inner + k], v = b.x[k * columns + j];
                    sum = p.accumulate == binary32
                              ? by(Operation::Fma, p.accumulate, u, v, sum)
                              : by(Operation::Add, p.accumulate, by(Operation::Mul, p.accumulate, u, v), sum);
                }
                const float of_bias = to(p.results, bias[j]);
                const float z = p.accumulate == binary32 ? by(Operation::Fma, binary32, alpha, sum, of_bias)
                                                         : by(Operation::Add, p.accumulate, sum, of_bias);
                EXPECT_EQ(bits(f.outputs()[i * columns + j]), bits(to(p.results, z))) << p.name << ' ' << i << ' ' << j;
            }
    }
}

/// A sum of products of operands as the policy's products have it: from +0, in ascending order, times what the scales took out.
float summed(const Policy& p, const Numbers& a, const Numbers& b, float alpha) {
    float sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k)
        sum = p.accumulate == binary32
                  ? by(Operation::Fma, p.accumulate, a[k], b[k], sum)
                  : by(Operation::Add, p.accumulate, by(Operation::Mul, p.accumulate, a[k], b[k]), sum);
    return to(p.results, by(Operation::Mul, p.accumulate, sum, alpha));
}
Numbers every(const Numbers& x, std::size_t first, std::size_t step, std::size_t count) {
    Numbers some;
    for (std::size_t k = 0; k < count; ++k) some.push_back(x[first + k * step]);
    return some;
}

/// A layer, its inputs and what is to be differentiated; rows of examples.
struct Way {
    std::size_t rows, in, out;
    Numbers x, weights, dz;
};

void expect_gradients(const Policy& p, const Way& l, const Numbers& of_weights, const Numbers& of_bias) {
    const Scaled d = scaled(p.gradients, l.dz), x = scaled(p.compute, l.x);
    for (std::size_t j = 0; j < l.out; ++j) {
        const Numbers column = every(d.x, j, l.out, l.rows);
        for (std::size_t k = 0; k < l.in; ++k)
            EXPECT_EQ(bits(of_weights[k * l.out + j]),
                      bits(summed(p, every(x.x, k, l.in, l.rows), column, (1 / x.scale) * (1 / d.scale))))
                << p.name << k << j;
        EXPECT_EQ(bits(of_bias[j]), bits(summed(p, Numbers(l.rows, 1), every(l.dz, j, l.out, l.rows), 1))) << p.name;
    }
}

Numbers gradients_of_inputs(const Policy& p, const Way& l) {
    const Scaled d = scaled(p.gradients, l.dz), w = scaled(p.compute, l.weights);
    Numbers dx;
    for (std::size_t r = 0; r < l.rows; ++r)
        for (std::size_t k = 0; k < l.in; ++k)
            dx.push_back(summed(p, every(d.x, r * l.out, 1, l.out), every(w.x, k * l.out, 1, l.out),
                                (1 / d.scale) * (1 / w.scale)));
    return dx;
}

// With ReLU, whose slopes are 0 and 1: all that is rounded are products.
TEST(TrainNetwork, GoesBackAsTheEmulatorDoes) {
    constexpr std::size_t rows = 3, in = 4, hidden = 5, out = 2;
    const Model model{{in, hidden, out}, Activation::Relu};
    const Parameters w = {drawn(in * hidden, 2), drawn(hidden, 5), drawn(hidden * out, 3), drawn(out, 6)};
    const Numbers given = drawn(rows * out, 4);
    for (const Policy& p : policies) {
        const Forward f = forward(model, p, w, drawn(rows * in, 1), 1);
        const Parameters found = backward(model, p, w, f, given, 1).parameters;
        Way last{rows, hidden, out, f.inputs[1], w[2], given};
        for (float& v : last.dz) v = to(p.results, v);
        expect_gradients(p, last, found[2], found[3]);
        Way first{rows, in, hidden, f.inputs[0], w[0], gradients_of_inputs(p, last)};
        for (std::size_t i = 0; i < first.dz.size(); ++i)
            if (!(f.z[0][i] > 0)) first.dz[i] *= 0;
        expect_gradients(p, first, found[0], found[1]);
    }
}

// Whole numbers below 2^24 all the way: the integers' own arithmetic is the truth.
TEST(TrainNetwork, DifferentiatesExactlyWhereNothingIsRounded) {
    const Model model{{2, 3, 1}, Activation::Relu};
    const Parameters p = {{1, -2, 3, 4, 5, -6}, {1, 0, -1}, {2, -3, 4}, {5}};
    const Numbers x = {3, -1, -2, 2};
    const Forward f = forward(model, *find_policy("fp32"), p, x, 1);
    // z1 = (3 - 4 + 1, -6 - 5, 9 + 6 - 1) = (0, -11, 14); (-2 + 8 + 1, 4 + 10, -6 - 12 - 1) = (7, 14, -19).
    EXPECT_EQ(f.z[0], (Numbers{0, -11, 14, 7, 14, -19}));
    EXPECT_EQ(f.outputs(), (Numbers{4 * 14 + 5, 2 * 7 - 3 * 14 + 5}));
    const Gradients g = backward(model, *find_policy("fp32"), p, f, Numbers{10, -1}, 1);
    // dz1: 10 * (2, -3, 4) where z1 > 0 is (0, 0, 40); -(2, -3, 4) is (-2, 3, 0).
    EXPECT_EQ(g.parameters[3], (Numbers{9}));
    EXPECT_EQ(g.parameters[2], (Numbers{-7, -14, 140}));
    EXPECT_EQ(g.parameters[1], (Numbers{-2, 3, 40}));
    EXPECT_EQ(g.parameters[0], (Numbers{4, -6, 120, -4, 6, -40}));
}

Real activated(Activation activation, const Real& x) {
    if (activation == Activation::Relu) return x > 0 ? x : Real(0);
    if (activation == Activation::Tanh) return tanh(x);
    return x / 2 * (1 + boost::multiprecision::erf(Real(x / sqrt(Real(2)))));
}

/// The mean loss in 50 digits.
Real loss(const Model& m, Loss kind, const std::vector<std::vector<Real>>& p, const Numbers& x,
          const Numbers& targets) {
    Real sum = 0;
    for (std::size_t row = 0; row < targets.size(); ++row) {
        std::vector<Real> now(x.begin() + static_cast<std::ptrdiff_t>(row * m.sizes[0]),
                              x.begin() + static_cast<std::ptrdiff_t>((row + 1) * m.sizes[0]));
        for (std::size_t l = 0; l < m.layers(); ++l) {
            std::vector<Real> z = p[2 * l + 1];
            for (std::size_t k = 0; k < now.size(); ++k)
                for (std::size_t j = 0; j < z.size(); ++j) z[j] += now[k] * p[2 * l][k * z.size() + j];
            if (l + 1 < m.layers())
                for (Real& v : z) v = activated(m.activation, v);
            now = z;
        }
        if (kind == Loss::MeanSquares) {
            sum += (now[0] - Real(targets[row])) * (now[0] - Real(targets[row]));
            continue;
        }
        Real powers = 0;
        for (const Real& v : now) powers += exp(v);
        sum += log(powers) - now[static_cast<std::size_t>(targets[row])];
    }
    return sum / targets.size();
}

// Central differences: h = 1e-15 leaves terms of h^2, 1e-30. What binary32 may differ by: some 40 roundings on the way to a
// gradient of this network, each of which moves by at most 2^-24 what is at most 4 (numbers and slopes are below 1.2, sums of
// three and four of them).
TEST(TrainNetwork, DifferentiatesAsDifferencesDo) {
    const Numbers x = drawn(9, 11);
    for (const ActivationRow& activation : activations)
        for (const Loss kind : {Loss::CrossEntropy, Loss::MeanSquares}) {
            const Model model{{3, 4, kind == Loss::CrossEntropy ? 3U : 1U}, activation.value};
            const Numbers targets = kind == Loss::CrossEntropy ? Numbers{0, 2, 1} : Numbers{0.5F, -1, 0.25F};
            Parameters p = initial_parameters(model, *find_policy("fp32"), 5);
            p[1] = drawn(4, 12);
            const Forward f = forward(model, *find_policy("fp32"), p, x, 1);
            Numbers of_outputs(f.outputs().size());
            const LossOfRows found = loss_of(kind, f.outputs(), targets, 1, of_outputs);
            const Gradients g = backward(model, *find_policy("fp32"), p, f, of_outputs, 1);
            std::vector<std::vector<Real>> exact;
            for (const Numbers& array : p) exact.emplace_back(array.begin(), array.end());
            constexpr double bound = 40 * 4 * 0x1p-24;
            EXPECT_NEAR(found.mean, static_cast<double>(loss(model, kind, exact, x, targets)), bound);
            const Real h = Real(1) / 1000000000000000;
            for (std::size_t i = 0; i < p.size(); ++i)
                for (std::size_t j = 0; j < p[i].size(); ++j) {
                    const Real old = exact[i][j];
                    exact[i][j] = old + h;
                    const Real above = loss(model, kind, exact, x, targets);
                    exact[i][j] = old - h;
                    const Real slope = (above - loss(model, kind, exact, x, targets)) / (2 * h);
                    exact[i][j] = old;
                    EXPECT_NEAR(static_cast<double>(g.parameters[i][j]), static_cast<double>(slope), bound)
                        << activation.name << ' ' << i << ' ' << j;
                }
        }
}

// Whole numbers, which codes of step 1 keep: 1 gives a hidden 127, the last code, and 2 one of 254, which is clamped to it.
TEST(TrainNetwork, PassesGradientsStraightThroughWhereNothingIsClamped) {
    const Model model{{1, 1, 1}, Activation::Relu};
    const Policy policy = *find_policy("int8-qat");
    const Parameters parameters = {{127}, {0}, {127}, {0}};
    const Forward f = forward(model, policy, parameters, Numbers{1, 2}, 1, {Codes{1}, Codes{1}});
    EXPECT_EQ(f.outputs(), (Numbers{127 * 127, 127 * 127}));
    const Gradients g = backward(model, policy, parameters, f, Numbers{1, 1}, 1);
    EXPECT_EQ(g.parameters[0], Numbers{127 * 1});  // not 127 * (1 + 2)
    EXPECT_EQ(g.parameters[2], Numbers{127 + 127});
}

TEST(TrainNetwork, CountsRightRowsAndScalesGradients) {
    const Numbers outputs = {1, 3, 2, 5, 5, 0}, targets = {1, 1};
    Numbers once(6), scaled_by(6);
    const LossOfRows l = loss_of(Loss::CrossEntropy, outputs, targets, 1, once);
    EXPECT_EQ(l.right, 1U);  // of equals the first is the network's answer
    EXPECT_EQ(loss_of(Loss::CrossEntropy, outputs, targets, 1024, scaled_by).mean, l.mean);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(bits(scaled_by[i]), bits(once[i] * 1024));
    EXPECT_THROW(loss_of(Loss::CrossEntropy, outputs, Numbers{1, 3}, 1, once), std::invalid_argument);
    EXPECT_THROW(loss_of(Loss::MeanSquares, outputs, targets, 1, once), std::invalid_argument);
}

// In long double: 1 / cosh^2 and Phi + x phi, to half a unit of fp32 and what binary64 loses before.
TEST(TrainActivation, HasTheSlopeOfItsDefinition) {
    const auto tanh_slope = [](long double x) { return 1 / (std::cosh(x) * std::cosh(x)); };
    const auto gelu_slope = [](long double x) {
        return std::erfc(-x / std::numbers::sqrt2_v<long double>) / 2 +
               x * std::exp(-x * x / 2) * std::numbers::inv_sqrtpi_v<long double> / std::numbers::sqrt2_v<long double>;
    };
    for (int i = -1300; i <= 1300; ++i) {
        const float x = static_cast<float>(i) / 100;
        const auto expect = [x](Activation activation, long double exact) {
            EXPECT_LE(std::abs(static_cast<long double>(row_of(activation).slope(x)) - exact),
                      0x1.01p-24L * std::abs(exact) + 0x1p-150L)
                << row_of(activation).name << ' ' << x;
        };
        expect(Activation::Tanh, tanh_slope(x));
        expect(Activation::Gelu, gelu_slope(x));
        expect(Activation::Relu, x > 0 ? 1 : 0);
    }
}

TEST(TrainActivation, IsTheCorrectlyRoundedOneOfEveryNumberOf16Bits) {
    for (const auto& [activation, function] :
         {std::pair{Activation::Tanh, Elementary::Tanh}, std::pair{Activation::Gelu, Elementary::Gelu}})
        for (const Format& f : {binary16, bfloat16}) {
            Numbers x;
            for (std::uint64_t c = 0; c <= f.code_mask(); ++c) x.push_back(number(f, c));
            activate(activation, f, x);
            for (std::uint64_t c = 0; c <= f.code_mask(); ++c) {
                if (f.is_nan(c)) continue;
                ASSERT_EQ(code(f, x[c]), compute(function, f, Operand{f, c}).code)
                    << row_of(activation).name << std::hex << ' ' << c;
            }
        }
}

TEST(TrainNetwork, HasTheSameBitsForAnyNumberOfThreads) {
    const Model model{{130, 150, 10}, Activation::Gelu};
    const Numbers x = drawn(std::size_t{130} * 200, 21);
    for (const Policy& p : policies) {
        const Parameters parameters = initial_parameters(model, p, 7);
        std::vector<std::vector<std::uint32_t>> one;
        for (const unsigned threads : {1U, 2U, 3U}) {
            const Forward f = forward(model, p, parameters, x, threads);
            std::vector<std::vector<std::uint32_t>> all = {bits(f.outputs())};
            for (const Numbers& g : backward(model, p, parameters, f, f.outputs(), threads).parameters)
                all.push_back(bits(g));
            if (threads == 1) one = all;
            EXPECT_EQ(all, one) << p.name << ' ' << threads;
        }
    }
}

TEST(TrainNetwork, DrawsTheSameWeightsWithinTheirLimits) {
    const Model model{{6, 50, 2}, Activation::Relu};
    EXPECT_EQ(model.parameters(), 6U * 50 + 50 + 50 * 2 + 2);
    const Parameters p = initial_parameters(model, *find_policy("fp32"), 3);
    EXPECT_EQ(p, initial_parameters(model, *find_policy("fp32"), 3));
    EXPECT_NE(p, initial_parameters(model, *find_policy("fp32"), 4));
    double sum = 0;
    for (const float w : p[0]) {
        EXPECT_LE(std::abs(w), 1.0F);
        sum += static_cast<double>(w);
    }
    EXPECT_LT(std::abs(sum), 4 * std::sqrt(300 / 3.0));  // four deviations
    const Parameters half = initial_parameters(model, *find_policy("fp16-pure"), 3);
    for (std::size_t i = 0; i < p[0].size(); ++i) EXPECT_EQ(bits(half[0][i]), bits(to(binary16, p[0][i])));
}

TEST(TrainProduct, ScalesAndRefuses) {
    EXPECT_EQ(current_scale(e4m3fn, Numbers{0, 0}), 1);
    EXPECT_EQ(current_scale(e4m3fn, Numbers{1, INFINITY}), 1);
    EXPECT_EQ(current_scale(e4m3fn, Numbers{-2, 1}), 224);
    EXPECT_EQ(current_scale(e5m2, Numbers{0x1p-149F}), std::numeric_limits<float>::max());
    EXPECT_THROW(factor(binary16, 2, 2, Numbers(3)), std::invalid_argument);
    const Factor half = factor(binary16, 1, 1, Numbers{1}), single = factor(binary32, 1, 1, Numbers{1});
    Numbers c(1);
    EXPECT_THROW(add_product(binary32, half, single, c, 1), std::invalid_argument);
    Numbers two(2);
    EXPECT_THROW(add_product(binary32, half, half, two, 1), std::invalid_argument);
}

}  // namespace
}  // namespace halfulp::train
