// Claim: on fixed seeds training shows what the theory says of loss scaling, master weights and accumulation; it is a function of
// its data and options, and goes on from a checkpoint to the same bits; the data are read as they are.
// Oracle: powers of two, whose scaling is exact; runs against each other, and margins that are stated; literals. Shared: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/train/checkpoint.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/digits_training.hpp"
#include "support/folder.hpp"

namespace halfulp::train {
namespace {

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

// GradScaler's: times float(1 / 3), which is not the quotient everywhere. One row, whose y is 0: the bias has the outputs' gradient.
TEST(Training, TakesAFactorOutByItsRoundedInverse) {
    int not_the_quotient = 0;
    for (int i = 1; i <= 100; ++i) {
        const float target = static_cast<float>(i) / 100;
        train::Run run{{{1, 1}, Activation::Relu}, *find_policy("fp32"), Loss::MeanSquares};
        run.scaling = static_scale(3);
        State state = start(run);
        state.parameters[0] = {0};
        step(run, state, {1, {1}, {target}});
        const auto scaled = static_cast<float>(-6 * static_cast<double>(target));
        EXPECT_EQ(state.optimizer.first[1][0], scaled * 0x1.555556p-2F) << i;
        not_the_quotient += state.optimizer.first[1][0] == scaled / 3 ? 0 : 1;
    }
    EXPECT_GT(not_the_quotient, 0);
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
