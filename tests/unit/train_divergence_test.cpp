// Claim: no epoch ends with weights that are not finite, and a factor of the loss that has no inverse is named as such.
// Oracle: weights that are made infinite here, where no loss depends on them. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include <halfulp/lib/train/training.hpp>

namespace halfulp::train {
namespace {

using testing::HasSubstr;

const Split data = {{1, {1, 2, 3, 4}, {0, 1, 1, 0}}, {1, {1}, {1}}};

/// What run_epoch says; empty if nothing.
std::string divergence(const train::Run& run, State state) {
    try {
        run_epoch(run, state, data);
    } catch (const Divergence& error) {
        return error.what();
    }
    return "";
}

TEST(Divergence, IsNamedByWeightsThatNoLossDependsOn) {
    const train::Run run{{{1, 2, 2}, Activation::Relu}, *find_policy("fp32")};
    State state = start(run);
    EXPECT_EQ(divergence(run, state), "");
    state.parameters[0][1] = -std::numeric_limits<float>::infinity();  // of positive inputs: ReLU leaves 0
    EXPECT_THAT(divergence(run, state), HasSubstr("learning rate 0.1 diverges with fp32 in epoch 1: expected a loss of "
                                                  "at most 4 times the first, found a weight that is not finite"));
}

// Nothing is learnt with steps of 0, and nothing lost: however small a batch is, and however good it happens to be.
TEST(Divergence, IsNotWhatTheFirstBatchSays) {
    const Split split_data =
        split(read_csv(HALFULP_SOURCE "/docs/examples/train/diabetes.csv", {Loss::MeanSquares}), Loss::MeanSquares);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        train::Run run{{{10, 4, 1}, Activation::Relu}, *find_policy("fp32"), Loss::MeanSquares};
        run.optimizer.learning_rate = 0;
        run.batch = 1;
        run.seed = seed;
        State state = start(run);
        EXPECT_NO_THROW(run_epoch(run, state, split_data)) << seed;
    }
}

TEST(Divergence, NamesAFactorWithoutAnInverse) {
    train::Run run{{{1, 2, 2}, Activation::Relu}, *find_policy("fp32")};
    for (const float factor : {1e-40F, 0.0F}) {
        run.scaling = static_scale(factor);
        EXPECT_THAT(divergence(run, start(run)), HasSubstr("diverges with fp32 in epoch 1: expected a factor with a "
                                                           "finite inverse"));
    }
    run.scaling = static_scale(0x1p-127F);
    EXPECT_EQ(divergence(run, start(run)), "");
}

}  // namespace
}  // namespace halfulp::train
