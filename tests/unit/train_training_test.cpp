// Claim: on fixed seeds training shows what the theory says of loss scaling, master weights, accumulation and quantisation; it
// is a function of its data and options, and goes on from a checkpoint to the same bits; the data are read as they are.
// Oracle: exercise 5's exact rationals for what is flushed; powers of two, whose scaling is exact; runs against each other, and
// margins that are stated; literals. Shared: nothing with exercise 5.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include <halfulp/lib/exercise/loss_scaling/window_question.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/train/checkpoint.hpp>
#include <halfulp/lib/train/deployed.hpp>

#include "support/folder.hpp"

namespace halfulp::train {
namespace {

const Split& digits() {
    static const Split data = split(read_csv(HALFULP_SOURCE "/docs/examples/train/digits.csv", {}), Loss::CrossEntropy);
    return data;
}

Run digits_run(const char* policy, LossScaling scaling = loss_scalings[0], double rate = 0.05) {
    Run run{{{64, 24, 10}, Activation::Relu}, *find_policy(policy)};
    run.optimizer.learning_rate = rate;
    run.scaling = scaling;
    return run;
}

State after(const Run& run, int epochs, const Split& data = digits()) {
    State state = start(run);
    for (int i = 0; i < epochs; ++i) run_epoch(run, state, data);
    return state;
}

double accuracy(const State& state) { return state.epochs.back().right; }

std::vector<std::uint32_t> bits(const Parameters& parameters) {
    std::vector<std::uint32_t> codes;
    for (const Numbers& array : parameters)
        for (const float x : array) codes.push_back(std::bit_cast<std::uint32_t>(x));
    return codes;
}

// A factor of two and its like slides all gradients and rounds none; 2^-20 stands for a loss that is so much smaller.
TEST(Training, OfASmallLossStallsInFp16WithoutScalingAlone) {
    const LossScaling small = static_scale(0x1p-20F);
    const State wide = after(digits_run("fp32"), 4), narrow = after(digits_run("fp16", small), 4);
    EXPECT_GT(accuracy(wide), 0.95);
    EXPECT_LT(accuracy(narrow), 0.5);
    EXPECT_GT(narrow.epochs[0].gradients.flushed_share(), 0.9);
    EXPECT_EQ(bits(after(digits_run("fp32", small), 4).parameters), bits(wide.parameters));
    const State bf16 = after(digits_run("bf16", small), 4);
    EXPECT_EQ(bits(bf16.parameters), bits(after(digits_run("bf16"), 4).parameters));
    EXPECT_EQ(bf16.epochs.back().gradients.flushed, 0U);
    LossScaling rising = *find_loss_scaling("dynamic");
    rising.initial = 0x1p-20F;
    rising.interval = 2;
    const State found = after(digits_run("fp16", rising), 4);
    EXPECT_GT(accuracy(found), 0.94);
    EXPECT_GT(found.scale.factor, 1024);
}

// The margins: a test row is 0.28 %, and a fp8 run of these lost four; the training loss by a fifth, the test loss, which a few
// wrong rows decide, by no more than a tenth in the mean.
TEST(Training, WithDynamicScalingMatchesFp32) {
    for (const char* policy : {"fp16", "bf16", "fp8"}) {
        double ratios = 0;
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            auto wide_run = digits_run("fp32"), run = digits_run(policy, *find_loss_scaling("dynamic"));
            wide_run.seed = run.seed = seed;
            const State wide = after(wide_run, 4), state = after(run, 4);
            const Metrics &last = state.epochs.back(), &of_wide = wide.epochs.back();
            EXPECT_GE(last.right, of_wide.right - 0.012) << policy << seed;
            EXPECT_NEAR(last.training_loss / of_wide.training_loss, 1, 0.2) << policy << seed;
            EXPECT_LT(last.gradients.flushed_share(), 0.01) << policy << seed;
            ratios += last.test_loss / of_wide.test_loss;
        }
        EXPECT_NEAR(ratios / 5, 1, 0.1) << policy;
    }
}

// Updates that are less than half of what the weights can move by are lost: less than half of the way is gone.
TEST(Training, LosesSmallUpdatesWithoutMasterWeights) {
    for (const auto& [with, without, rate] :
         {std::tuple{"bf16", "bf16-no-master", 0.002}, {"fp16", "fp16-no-master", 0.0002}}) {
        const auto way = [&, r = rate](const char* policy) {
            auto run = digits_run(policy, *find_loss_scaling("dynamic"), r);
            run.optimizer.momentum = 0;
            const State state = after(run, 5);
            return state.epochs[0].training_loss - state.epochs[4].training_loss;
        };
        const double wide = way("fp32");
        EXPECT_GT(way(with), 0.98 * wide) << with;
        EXPECT_LT(way(without), 0.5 * wide) << without;
    }
}

// 4096 rows with the gradient 1: from 2048 on, adding 1 leaves a sum of binary16 as it is.
TEST(Training, AbsorbsWhereSumsArePureFp16) {
    const Model model{{1, 1}, Activation::Relu};
    const Numbers ones(4096, 1.0F), zero(1);
    const auto of_bias = [&](const char* policy) {
        const Policy p = *find_policy(policy);
        const Forward f = forward(model, p, {zero, zero}, ones, 1);
        return backward(model, p, {zero, zero}, f, ones, 1).parameters[1][0];
    };
    EXPECT_EQ(of_bias("fp32"), 4096);
    EXPECT_EQ(of_bias("fp16"), 4096);
    EXPECT_EQ(of_bias("fp16-pure"), 2048);
}

/// Numbers in memory, as rows and columns of a product.
struct Strided {
    const Numbers& x;
    std::size_t row, column;
    float operator()(std::size_t i, std::size_t j) const { return x[i * row + j * column]; }
};
/// Chains of fused multiply-adds in binary32, in ascending k: what sums in binary32 are.
Numbers chained(const Strided& a, const Strided& b, std::size_t m, std::size_t n, std::size_t k) {
    Numbers c(m * n, 0.0F);
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < n; ++j)
            for (std::size_t l = 0; l < k; ++l) c[i * n + j] = std::fma(a(i, l), b(l, j), c[i * n + j]);
    return c;
}

/// Predicts what a format makes of gradients, each tensor's from those that are upstream as they were stored, without the
/// factor: 2^k is taken out of these, exactly, and exercise 5 is told of it.
class Prediction {
  public:
    Prediction(const Format& f, int k) : f_(f), k_(k) {}
    std::size_t flushed = 0, overflowed = 0;

    /// Counts a tensor, and returns it as it is stored, without the factor.
    Numbers stored(Numbers unscaled) {
        halfulp::Codes codes;
        for (const float x : unscaled)
            if (std::isfinite(x)) codes.push_back(std::bit_cast<std::uint32_t>(x));
        const auto fates = predict_fates(f_, magnitudes(codes), truth::pow2(k_));
        flushed += fates.flushed;
        overflowed += fates.overflowed;
        for (float& x : unscaled) x = std::ldexp(x, k_);
        round_to(f_, unscaled);
        for (float& x : unscaled) x = std::ldexp(x, -k_);
        return unscaled;
    }

  private:
    Format f_;
    int k_;
};

/// Of all gradients of a network on a batch.
Prediction predicted_gradients(const train::Run& run, const Parameters& parameters, const Examples& batch, int k) {
    const Format& f = run.policy.results;
    Prediction all(f, k);
    const Forward forward = train::forward(run.model, run.policy, parameters, batch.x, 1);
    Numbers dz(forward.outputs().size());
    loss_of(run.loss, forward.outputs(), batch.targets, 1, dz);
    dz = all.stored(dz);
    for (std::size_t l = run.model.layers(); l-- > 0;) {
        const std::size_t rows = batch.rows(), in = run.model.sizes[l], out = run.model.sizes[l + 1];
        Numbers x = forward.inputs[l], weights = parameters[2 * l];
        const Numbers ones(rows, 1.0F);
        round_to(f, x);
        round_to(f, weights);
        all.stored(chained({x, 1, in}, {dz, out, 1}, in, out, rows));
        all.stored(chained({ones, rows, 1}, {dz, out, 1}, 1, out, rows));
        if (l == 0) break;
        dz = all.stored(chained({dz, out, 1}, {weights, 1, out}, rows, in, out));
        for (std::size_t i = 0; i < dz.size(); ++i) dz[i] *= row_of(run.model.activation).slope(forward.z[l - 1][i]);
        dz = all.stored(dz);
    }
    return all;
}

// Exactly, in every tensor: the factor slides what is rounded, and rounds nothing itself.
TEST(Training, FlushesWhatWasPredicted) {
    std::size_t flushed = 0, overflowed = 0;
    for (const char* policy : {"fp16", "bf16"})
        for (const Activation activation : {Activation::Relu, Activation::Tanh})
            for (const int k : {0, -12, -18, 4, 20}) {
                auto run = digits_run(policy, static_scale(std::ldexp(1.0F, k)));
                run.model = {{64, 12, 8, 10}, activation};
                State state = start(run);
                std::vector<std::size_t> first(16);
                std::iota(first.begin(), first.end(), std::size_t{0});
                const Examples batch = rows_of(digits().training, first);
                for (int i = 0; i < 3; ++i) {
                    const Prediction predicted = predicted_gradients(run, state.parameters, batch, k);
                    const Step s = step(run, state, batch);
                    EXPECT_EQ(s.census.fates.flushed, predicted.flushed) << policy << k;
                    EXPECT_EQ(s.census.before.flushed(run.policy.results, 0), predicted.flushed) << policy << k;
                    EXPECT_EQ(s.census.fates.numbers, s.census.before.numbers()) << policy << k;
                    EXPECT_EQ(s.census.fates.overflowed, predicted.overflowed) << policy << k;
                    flushed += predicted.flushed;
                    overflowed += predicted.overflowed;
                    if (predicted.overflowed > 0) break;  // the weights are infinite
                }
            }
    EXPECT_GT(flushed, 1000U);
    EXPECT_GT(overflowed, 0U);
}

// Before training; and then the first epoch with the best factor. Its gradients change as it learns, and are rounded on the way.
TEST(Training, KeepsWhatTheAdviceSays) {
    const auto run = digits_run("fp16");
    const GradientHistogram wide = wide_gradients(run, start(run).parameters, digits());
    const ScaleAdvice advice = advise(binary16, wide, 0.001);
    ASSERT_TRUE(advice.possible());
    const auto first_epoch = [&](int k) {
        return after(digits_run("fp16", static_scale(std::ldexp(1.0F, k))), 1).epochs[0].gradients;
    };
    EXPECT_EQ(first_epoch(advice.best).overflowed, 0U);
    EXPECT_LT(first_epoch(advice.best).flushed_share(), 0.001);
    EXPECT_GT(first_epoch(advice.first - 4).flushed_share(), 0.001);
    EXPECT_EQ(advised_scale(run, digits(), 0.001).initial, std::ldexp(1.0F, advice.best));
    EXPECT_EQ(advised_scale(digits_run("bf16"), digits(), 0.001).initial, 1);
    LossScaling above = *find_loss_scaling("dynamic");  // which comes down to what the advice says
    above.initial = std::ldexp(1.0F, advice.last + 3);
    const State found = after(digits_run("fp16", above), 1);
    EXPECT_GT(found.epochs[0].gradients.overflowed, 0U);
    EXPECT_EQ(found.epochs[0].skipped, static_cast<std::uint64_t>(advice.last + 3 - std::ilogb(found.scale.factor)));
    EXPECT_LE(std::ilogb(found.scale.factor), advice.last);
    EXPECT_GE(std::ilogb(found.scale.factor), advice.best);
}

/// Variances of the outputs' errors, a number each: the errors of weights and of activations, taken for independent, on their
/// way through the layers of a network with ReLU.
std::vector<double> noise_of_outputs(const train::Run& run, const Parameters& parameters, int bits, const Numbers& x) {
    const auto square = [](float number) { return double{number} * double{number}; };
    const Forward forward = train::forward(run.model, run.policy, parameters, x, 1);
    const auto codes = input_codes(run.model, parameters, bits, x, 1);
    std::vector<double> noise(x.size(), 0.0);
    for (std::size_t l = 0; l < run.model.layers(); ++l) {
        const Numbers &inputs = forward.inputs[l], &weights = parameters[2 * l];
        const Numbers stored = faked(codes[l], inputs), levels = faked(weight_codes(weights, bits), weights);
        for (std::size_t i = 0; i < inputs.size(); ++i) noise[i] += square(stored[i] - inputs[i]);
        double of_a_weight = 0;
        for (std::size_t i = 0; i < weights.size(); ++i)
            of_a_weight += square(levels[i] - weights[i]) / static_cast<double>(weights.size());
        const std::size_t in = run.model.sizes[l], out = run.model.sizes[l + 1];
        std::vector<double> results(inputs.size() / in * out, 0.0);
        for (std::size_t i = 0; i < results.size(); ++i) {
            for (std::size_t k = 0; k < in; ++k)
                results[i] += square(weights[k * out + i % out]) * noise[i / out * in + k] +
                              square(inputs[i / out * in + k]) * of_a_weight;
            if (l + 1 < run.model.layers() && !(forward.z[l][i] > 0)) results[i] = 0;
        }
        noise = results;
    }
    return noise;
}

double mean(const std::vector<double>& x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

/// The mean loss of outputs with normal errors of such variances, of sixteen draws.
double loss_with_noise(const Numbers& outputs, const std::vector<double>& noise, const Numbers& labels) {
    std::mt19937_64 generator(1);
    std::normal_distribution<double> normal;
    std::vector<double> losses(16);
    for (double& loss : losses) {
        Numbers noisy = outputs, gradients(outputs.size());
        for (std::size_t i = 0; i < noisy.size(); ++i)
            noisy[i] += static_cast<float>(std::sqrt(noise[i]) * normal(generator));
        loss = loss_of(Loss::CrossEntropy, noisy, labels, 1, gradients).mean;
    }
    return mean(losses);
}

/// What codes of a width cost a network that is trained with such a seed, without and with fake quantisation.
struct Cost {
    double predicted, lost, aware;  ///< by how much the loss on the rows of training rises
    double by_inputs;               ///< by how much where nothing but the network's inputs has codes
    double noise;                   ///< its power, of what is predicted
    double rows_lost, rows_aware;   ///< how many rows of the test are no longer right
};
Cost cost_of(int bits, std::uint64_t seed) {
    static std::map<std::uint64_t, State> trained;
    auto run = digits_run("fp32"), narrow_run = digits_run("int8-qat");
    run.seed = narrow_run.seed = seed;
    narrow_run.policy.bits = bits;
    if (!trained.contains(seed)) trained[seed] = after(run, 8);
    const Parameters &plain = trained[seed].parameters, aware = after(narrow_run, 8).parameters;
    const Examples& rows = digits().training;
    const Numbers wide = forward(run.model, run.policy, plain, rows.x, 1).outputs();
    const Numbers narrow = outputs(deployed(run.model, plain, bits, rows.x, 1), rows.x, 1);
    const std::vector<double> predicted = noise_of_outputs(run, plain, bits, rows.x);
    std::vector<double> errors;
    for (std::size_t i = 0; i < wide.size(); ++i) errors.push_back(std::pow(double{narrow[i]} - double{wide[i]}, 2));
    const Split same{rows, rows};
    const Split coarse{rows,
                       {rows.columns, faked(input_codes(run.model, plain, bits, rows.x, 1)[0], rows.x), rows.targets}};
    const Quality before = quality(run, plain, same), before_test = quality(run, plain, digits());
    const auto more_loss = [&](const Parameters& p) { return quality(narrow_run, p, same).loss - before.loss; };
    const auto rows_lost = [&](const Parameters& p) {
        return (before_test.right - quality(narrow_run, p, digits()).right) * static_cast<double>(digits().test.rows());
    };
    return {loss_with_noise(wide, predicted, rows.targets) - before.loss,
            more_loss(plain),
            more_loss(aware),
            quality(run, plain, coarse).loss - before.loss,
            mean(errors) / mean(predicted),
            rows_lost(plain),
            rows_lost(aware)};
}

// From first principles: the mean loss under the noise of the codes. Its power is predicted to a factor of two, since one set of
// errors of the weights serves all rows; the loss rises in proportion to it, to the second order. To the first order errors of
// random signs change nothing, but calibration clamps the network's largest inputs, to one side: this adds up to a half where
// that is all that is lost, in 8 bits. Hence 2.5 above, 2 below. Means over five seeds; of a single one the signs they share.
TEST(Training, LosesToQuantisationWhatIsPredictedAndRecoversSome) {
    for (const int bits : {8, 4, 3}) {
        std::vector<double> predicted, lost, aware, by_inputs, rows_lost, rows_aware;
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const Cost cost = cost_of(bits, seed);
            EXPECT_GT(cost.noise, 0.5) << bits << ' ' << seed;
            EXPECT_LT(cost.noise, 2) << bits << ' ' << seed;
            EXPECT_GT(cost.lost, 0) << bits << ' ' << seed;
            EXPECT_LT(cost.aware, cost.lost) << bits << ' ' << seed;
            predicted.push_back(cost.predicted);
            lost.push_back(cost.lost);
            aware.push_back(cost.aware);
            by_inputs.push_back(cost.by_inputs);
            rows_lost.push_back(cost.rows_lost);
            rows_aware.push_back(cost.rows_aware);
        }
        EXPECT_GT(mean(lost), mean(predicted) / 2) << bits;
        EXPECT_LT(mean(lost), mean(predicted) * 2.5) << bits;
        EXPECT_LT(mean(aware), mean(lost) * 0.6) << bits;
        EXPECT_EQ(mean(by_inputs) > 0.9 * mean(lost), bits == 8) << bits;
        EXPECT_EQ(mean(lost) < 0.001, bits == 8) << bits;
        EXPECT_EQ(std::ranges::max(rows_lost) < 1.5, bits == 8) << bits;
        EXPECT_TRUE(bits == 8 || mean(rows_aware) < mean(rows_lost)) << bits;
    }
}

// The integers' sums are exact: fake quantisation in binary32 differs by its roundings alone, 64 steps of 2^-24 of 2^5 at most.
TEST(Deployed, IsTheFakeQuantisedNetwork) {
    const auto run = digits_run("int8-qat");
    const State state = after(run, 2);
    const Numbers& x = digits().test.x;
    const auto codes = input_codes(run.model, state.parameters, 8, digits().training.x, 1);
    const Numbers fake = forward(run.model, run.policy, state.parameters, x, 1, codes).outputs();
    const Numbers whole = outputs(deployed(run.model, state.parameters, 8, digits().training.x, 1), x, 1);
    std::size_t apart = 0;
    for (std::size_t i = 0; i < fake.size(); ++i) apart += std::abs(fake[i] - whole[i]) > 0x1p-13F ? 1U : 0U;
    EXPECT_LE(apart, fake.size() / 50);  // an activation that lies at a tie has the neighbouring code
}

using TrainingOnDisk = test::FolderTest;
TEST_F(TrainingOnDisk, IsTheSameForAnyNumberOfThreadsAndFromACheckpoint) {
    const auto checkpoint = folder / "training.safetensors";
    for (const Policy& policy : policies)
        for (const Optimizer optimizer : {Optimizer::Sgd, Optimizer::Adam}) {
            if (policy.name == "fp16-pure" && optimizer == Optimizer::Adam) continue;  // its 1e-8 is 0
            train::Run run{{{4, 6, 3}, Activation::Gelu}, policy};
            run.optimizer = {optimizer, 0.01};
            run.scaling = *find_loss_scaling("dynamic");
            Examples some{4, {}, {}};
            for (std::size_t i = 0; i < 60; ++i) {
                for (std::size_t j = 0; j < 4; ++j) some.x.push_back(std::sin(static_cast<float>(5 * i + 3 * j * j)));
                some.targets.push_back(static_cast<float>(i % 3));
            }
            const Split data = split(some, Loss::CrossEntropy);
            const State whole = after(run, 3, data);
            run.threads = 3;
            const std::string id = identity(run, data);
            write_checkpoint(checkpoint, id, run, after(run, 1, data));
            State parts = read_checkpoint(checkpoint, id, run);
            run_epoch(run, parts, data);
            run.threads = 2;
            run_epoch(run, parts, data);
            EXPECT_EQ(bits(parts.parameters), bits(whole.parameters)) << policy.name;
            EXPECT_EQ(parts.optimizer, whole.optimizer) << policy.name;
            EXPECT_EQ(parts.scale, whole.scale) << policy.name;
            EXPECT_EQ(parts.epochs, whole.epochs) << policy.name;
            EXPECT_EQ(parts.scales, whole.scales) << policy.name;
        }
}

TEST(Training, SkipsAStepWithAnInfiniteGradient) {
    auto run = digits_run("fp16", *find_loss_scaling("dynamic"));
    run.scaling.initial = 0x1p30F;
    State state = start(run);
    const State before = state;
    const Step s = step(run, state, digits().test);
    EXPECT_TRUE(s.skipped);
    EXPECT_EQ(bits(state.parameters), bits(before.parameters));
    EXPECT_EQ(state.optimizer, before.optimizer);
    EXPECT_EQ(state.scale.factor, 0x1p29F);
    EXPECT_EQ(state.scales, std::vector<float>{0x1p30F});
}

// Of diabetes.csv a linear model explains about a half (Efron et al. 2004): losses are shares of the variance.
TEST(Training, RegressesInEveryPrecision) {
    const Split data =
        split(read_csv(HALFULP_SOURCE "/docs/examples/train/diabetes.csv", {Loss::MeanSquares, 0}), Loss::MeanSquares);
    EXPECT_EQ(data.training.rows() + data.test.rows(), 442U);
    for (const char* policy : {"fp32", "fp16", "bf16", "int8-ptq"}) {
        train::Run run{{{10, 8, 1}, Activation::Tanh}, *find_policy(policy)};
        run.loss = Loss::MeanSquares;
        run.optimizer = {Optimizer::Adam, 0.01};
        const State state = after(run, 10, data);
        EXPECT_LT(state.epochs.back().training_loss, 0.6) << policy;
        EXPECT_LT(state.epochs.back().test_loss, 0.75) << policy;
        EXPECT_TRUE(std::isnan(state.epochs.back().right));
    }
}

using TrainData = test::FolderTest;
TEST_F(TrainData, IsSplitStandardisedAndShuffled) {
    const Split& data = digits();
    EXPECT_EQ(data.training.rows(), 1438U);
    EXPECT_EQ(data.test.rows(), 359U);
    for (std::size_t j = 0; j < 64; ++j) {
        double sum = 0, squares = 0;
        for (std::size_t i = j; i < data.training.x.size(); i += 64) {
            sum += static_cast<double>(data.training.x[i]);
            squares += static_cast<double>(data.training.x[i]) * static_cast<double>(data.training.x[i]);
        }
        EXPECT_NEAR(sum / 1438, 0, 1e-6);
        EXPECT_NEAR(squares / 1438, squares > 0 ? 1 : 0, 1e-6) << j;
    }
    const auto order = order_of_epoch(1000, 5, 2);
    EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), 1000U);
    EXPECT_EQ(*std::ranges::max_element(order), 999U);
    EXPECT_EQ(order, order_of_epoch(1000, 5, 2));
    EXPECT_NE(order, order_of_epoch(1000, 5, 3));
    EXPECT_NE(order, order_of_epoch(1000, 6, 2));
    std::size_t kept = 0;
    for (std::size_t i = 0; i < 1000; ++i) kept += order[i] == i ? 1U : 0U;
    EXPECT_LT(kept, 8U);  // one in the mean
}

TEST_F(TrainData, TakesAHeadAndClasses) {
    const Examples examples =
        read_csv(file("head.csv", "a,b,label\n1, 2.5,0\r\n-3,4e-3,2\n\n5,6,1\n7,8,1\n9,10,0\n"), {});
    EXPECT_EQ(examples.x, (Numbers{1, 2.5F, -3, 4e-3F, 5, 6, 7, 8, 9, 10}));
    EXPECT_EQ(examples.targets, (Numbers{0, 2, 1, 1, 0}));
    EXPECT_EQ(outputs_of(examples, {}), 3U);
    EXPECT_EQ(outputs_of(examples, {Loss::CrossEntropy, 7}), 7U);
    EXPECT_EQ(outputs_of(examples, {Loss::MeanSquares, 0}), 1U);
}

TEST(Training, NamesALearningRateThatDiverges) {
    auto run = digits_run("fp32", loss_scalings[0], 1e4);
    State state = start(run);
    EXPECT_THROW(
        try {
            for (int i = 0; i < 20; ++i) run_epoch(run, state, digits());
        } catch (const InputError& error) {
            EXPECT_NE(std::string(error.what()).find("learning rate 10000 diverges with fp32 in epoch 1"),
                      std::string::npos)
                << error.what();
            throw;
        },
        InputError);
}

}  // namespace
}  // namespace halfulp::train
