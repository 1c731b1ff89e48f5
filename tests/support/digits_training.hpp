#pragma once

#include <halfulp/lib/train/training.hpp>

// Networks on the digits of docs/examples, and their training.

namespace halfulp::train {

inline const Split& digits() {
    static const Split data = split(read_csv(HALFULP_SOURCE "/docs/examples/train/digits.csv", {}), Loss::CrossEntropy);
    return data;
}

inline Run digits_run(const char* policy, LossScaling scaling = loss_scalings[0], double rate = 0.05) {
    Run run{{{64, 24, 10}, Activation::Relu}, *find_policy(policy)};
    run.optimizer.learning_rate = rate;
    run.scaling = scaling;
    return run;
}

inline State after(const Run& run, int epochs, const Split& data = digits()) {
    State state = start(run);
    for (int i = 0; i < epochs; ++i) run_epoch(run, state, data);
    return state;
}

}  // namespace halfulp::train
