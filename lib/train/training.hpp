#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/train/data.hpp>
#include <halfulp/lib/train/loss.hpp>
#include <halfulp/lib/train/loss_scale.hpp>
#include <halfulp/lib/train/network.hpp>
#include <halfulp/lib/train/optimizer.hpp>

// Training in the precision of a policy. A run is a function of its options and its data: the same bits for any number of
// threads, and from where it was left.

namespace halfulp::train {

/// All that decides what is computed, beside the data; and the threads.
struct Run {
    Model model;                             ///< what is trained
    Policy policy;                           ///< in which formats
    Loss loss = Loss::CrossEntropy;          ///< what is made small
    OptimizerOptions optimizer = {};         ///< by which steps
    LossScaling scaling = loss_scalings[0];  ///< of the loss; this one is none
    std::size_t batch = 32;                  ///< rows of a step
    std::uint64_t seed = 1;                  ///< of the first weights, and of the orders of the epochs
    unsigned threads = 1;                    ///< of a product, at most
};

/// After an epoch.
struct Metrics {
    double training_loss;   ///< mean over its steps, each before its update
    double test_loss;       ///< mean over the test rows, after its last step
    double right;           ///< share of test rows whose label is the network's; of mean squares: NaN
    std::uint64_t skipped;  ///< steps
    Fates gradients;        ///< of all its steps
    float scale;            ///< of the loss, after its last step

    friend bool operator==(const Metrics&, const Metrics&) = default;
};

/// All that a run has to remember.
struct State {
    Parameters parameters;        ///< numbers of policy.parameters
    OptimizerState optimizer;     ///< after the last step that was not skipped
    LossScale scale;              ///< for the next step
    std::vector<Metrics> epochs;  ///< as many as are done: the position of the generator
    std::vector<float> scales;    ///< of the loss in each step
};

/// Before the first epoch.
State start(const Run& run);

/// A run that is lost: what() names the learning rate, or the factor of the loss where that is why.
struct Divergence : InputError {
    using InputError::InputError;
};

/// One mini-batch.
struct Step {
    double loss;            ///< mean over its rows, before the update and without the factor
    bool skipped;           ///< a gradient was infinite or NaN: nothing changed but the factor of the loss
    bool finite;            ///< were all gradients of the scaled loss
    GradientCensus census;  ///< of the gradients of the scaled loss, and of their rounding to the optimiser's format
};

/// Gradients of the scaled loss; taken out again, each times float(1 / factor) in binary32, and rounded to the optimiser's
/// format; the optimiser, unless one is infinite or NaN and the rule is dynamic; the rule. `codes` as forward() takes them.
Step step(const Run& run, State& state, const Examples& batch, const std::vector<Codes>& codes = {});

/// Every row once, with input_codes of the parameters before it if the policy is aware of them, in the order of order_of_epoch,
/// the last batch with what is left; and the test. `progress` is told how many steps of how many are done. Throws Divergence, and leaves a state that is of no use, if the loss is infinite or NaN or its mean
/// more than 4 times that of the first epoch (in which: of the first weights on all rows), on the rows of training after the last step as well;
/// if gradients that are not finite changed the weights; or if one of these is not finite.
void run_epoch(const Run& run, State& state, const Split& data,
               const std::function<void(std::size_t, std::size_t)>& progress = {});

/// How a network does on the rows of the test.
struct Quality {
    double loss, right;  ///< as Metrics has test_loss and right
};

/// Of a network as its policy uses it: integers calibrated on the rows of training, where it has bits of codes.
Quality quality(const Run& run, const Parameters& parameters, const Split& data);

/// The gradients that the parameters give on an epoch's batches, without updates, scaling or rounding: in binary32.
GradientHistogram wide_gradients(const Run& run, const Parameters& parameters, const Split& data);

/// All gradients of the first epoch, rehearsed in fp32 with its updates and without a factor; nothing else is kept of it.
GradientHistogram rehearsed_gradients(const Run& run, const Split& data);

/// The best power of two for rehearsed_gradients, where the format of gradients has less than the exponents of binary32 and
/// one of them is not 0; else 1. Pre: 0 <= share < 1.
LossScaling advised_scale(const Run& run, const Split& data, double share);

}  // namespace halfulp::train
