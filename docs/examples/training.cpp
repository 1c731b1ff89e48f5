#include <cstdio>

#include <halfulp/lib/train/training.hpp>

using namespace halfulp::train;

/// Its argument is a table of examples, such as docs/examples/train/digits.csv.
int main(int count, char** arguments) {
    if (count != 2) return 2;
    const Split data = split(read_csv(arguments[1], {}), Loss::CrossEntropy);
    Run run{{{64, 32, 10}, Activation::Relu}, *find_policy("fp16")};
    run.scaling = *find_loss_scaling("dynamic");
    State state = start(run);
    for (int epoch = 0; epoch < 2; ++epoch) run_epoch(run, state, data);
    const Metrics& last = state.epochs.back();
    std::printf("%.1f %% of the test right, the loss scaled by %g\n", 100 * last.right,
                static_cast<double>(last.scale));
}
