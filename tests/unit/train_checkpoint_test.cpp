// Claim: a checkpoint with a byte that is another one, and one whose values no run can leave, is refused with its name.
// Oracle: literals; what is damaged is damaged here. Shared: write_checkpoint, which writes what it is given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>

#include <halfulp/lib/train/checkpoint.hpp>

#include "support/folder.hpp"

namespace halfulp::train {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class TrainCheckpoint : public test::FolderTest {
  protected:
    const std::filesystem::path path = folder / "run.safetensors";
    train::Run run{{{1, 2, 2}, Activation::Relu}, *find_policy("fp16")};
    Split data = split({1, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {0, 1, 0, 1, 1, 0, 0, 1, 1, 0}}, Loss::CrossEntropy);

    State trained() const {
        State state = start(run);
        for (int i = 0; i < 2; ++i) run_epoch(run, state, data);
        return state;
    }
    void write(const State& state) const { write_checkpoint(path, identity(run, data), run, state); }
    /// What read_checkpoint says; empty if it takes the file.
    std::string refusal() const {
        try {
            read_checkpoint(path, identity(run, data), run);
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    }
    void expect_refused(const std::string& message, const std::function<void(State&)>& damage) const {
        State state = trained();
        damage(state);
        write(state);
        EXPECT_THAT(refusal(), StartsWith(path.string() + ": tensor " + message));
    }
};

TEST_F(TrainCheckpoint, IsRefusedWithABitOfAnyByteFlipped) {
    write(trained());
    ASSERT_EQ(refusal(), "");
    const std::string whole = test::content(path);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ (1U << i % 8));
        file("run.safetensors", damaged);
        EXPECT_THAT(refusal(), HasSubstr(path.string())) << "byte " << i;
    }
}

TEST_F(TrainCheckpoint, IsRefusedWithWhatNoRunLeaves) {
    constexpr float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    run.scaling = *find_loss_scaling("megatron");
    run.optimizer = {Optimizer::Adam, 0.01};
    write(trained());
    ASSERT_EQ(refusal(), "");
    expect_refused("layer1.weight: expected finite numbers", [](State& s) { s.parameters[2][1] = nan; });
    expect_refused("layer0.bias: expected finite numbers", [](State& s) { s.parameters[1][0] = infinity; });
    expect_refused("optimizer.first.layer0.weight: ", [](State& s) { s.optimizer.first[0][1] = nan; });
    expect_refused("optimizer.second.layer0.weight: ", [](State& s) { s.optimizer.second[0][1] = -1; });
    expect_refused("optimizer.steps: ", [](State& s) { s.optimizer.steps = ~std::uint64_t{0}; });
    for (const float factor : {-3.0F, 0.0F, infinity, nan})
        expect_refused("scale: expected a finite factor above 0", [&](State& s) { s.scale.factor = factor; });
    expect_refused("scale: expected the factor after the last epoch", [](State& s) { s.scale.factor *= 2; });
    expect_refused("scales: expected finite factors", [](State& s) { s.scales[0] = -1; });
    expect_refused("scales: expected as many", [](State& s) { s.scales.push_back(1); });
    expect_refused("scales: expected as many", [](State& s) { s.scales.clear(); });
    expect_refused("scale.counters: ", [](State& s) { s.scale.good_steps = -1; });
    expect_refused("scale.counters: ", [](State& s) { s.scale.good_steps = 1000; });
    expect_refused("scale.counters: ", [](State& s) { s.scale.patience = 0; });
    expect_refused("scale.counters: ", [](State& s) { s.scale.patience = 3; });
    expect_refused("epochs: expected an epoch", [](State& s) { s.epochs.clear(); });
    expect_refused("epochs: expected finite losses", [](State& s) { s.epochs[0].training_loss = -1; });
    expect_refused("epochs: expected finite losses", [](State& s) { s.epochs[1].test_loss = nan; });
    expect_refused("epochs: expected a share", [](State& s) { s.epochs[1].right = 1.5; });
    expect_refused("epochs: expected a share", [](State& s) { s.epochs[1].right = nan; });
    expect_refused("epochs: expected no more gradients",
                   [](State& s) { s.epochs[0].gradients.flushed = s.epochs[0].gradients.numbers + 1; });
    expect_refused("epochs: expected no more steps", [](State& s) { s.epochs[0].skipped = 2; });
}

TEST_F(TrainCheckpoint, KeepsAFactorThatNeverChanges) {
    run.scaling = static_scale(8);
    write(trained());
    ASSERT_EQ(refusal(), "");
    expect_refused("scales: ", [](State& s) { s.scales[0] = 4; });
    expect_refused("scale: ", [](State& s) { s.scale.factor = s.epochs.back().scale = 4; });
    expect_refused("scale.counters: ", [](State& s) { s.scale.good_steps = 1; });
}

}  // namespace
}  // namespace halfulp::train
