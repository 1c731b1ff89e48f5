// Claim: what codes of a width do to the loss, and how many rows they lose, is predicted; fake quantisation recovers a part of it;
// the deployed network is the one that was trained with it.
// Oracle: the errors of weights and activations, on their way to the loss; bounds that are stated. Shared: the forward pass.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include <halfulp/lib/train/deployed.hpp>
#include <halfulp/lib/train/product.hpp>

#include "support/digits_training.hpp"

namespace halfulp::train {
namespace {

/// Variances of the outputs' errors, a number each: what the codes of the weights and of the hidden activations change, taken
/// for independent, on its way through the layers of a network with ReLU.
std::vector<double> noise_of_outputs(const train::Run& run, const Parameters& parameters, int bits,
                                     const std::vector<Codes>& codes, const Numbers& x) {
    const auto square = [](float number) { return double{number} * double{number}; };
    const Forward forward = train::forward(run.model, run.policy, parameters, x, 1);
    std::vector<double> noise(x.size(), 0.0);
    for (std::size_t l = 0; l < run.model.layers(); ++l) {
        const Numbers &inputs = forward.inputs[l], &weights = parameters[2 * l];
        const Numbers stored = faked(codes[l], inputs), levels = faked(weight_codes(weights, bits), weights);
        for (std::size_t i = 0; l > 0 && i < inputs.size(); ++i) noise[i] += square(stored[i] - inputs[i]);
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

double variance(const std::vector<double>& x) {
    std::vector<double> squares;
    for (const double number : x) squares.push_back((number - mean(x)) * (number - mean(x)));
    return mean(squares);
}

/// What outputs with normal errors give, in sixteen draws of them.
struct Noisy {
    std::vector<double> losses, right;  ///< the mean of the rows; how many of these
};
Noisy with_noise(const Numbers& outputs, const std::vector<double>& variances, const Numbers& labels) {
    std::mt19937_64 generator(1);
    std::normal_distribution<double> normal;
    Noisy draws;
    for (int draw = 0; draw < 16; ++draw) {
        Numbers noisy = outputs, gradients(outputs.size());
        for (std::size_t i = 0; i < noisy.size(); ++i)
            noisy[i] += static_cast<float>(std::sqrt(variances[i]) * normal(generator));
        const LossOfRows of_rows = loss_of(Loss::CrossEntropy, noisy, labels, 1, gradients);
        draws.losses.push_back(of_rows.mean);
        draws.right.push_back(static_cast<double>(of_rows.right));
    }
    return draws;
}

/// What the codes of a network's numbers are predicted to do to it on some rows, from it and them alone.
Noisy predicted(const train::Run& run, const Parameters& parameters, int bits, const std::vector<Codes>& codes,
                const Examples& rows) {
    const Numbers stored = faked(codes[0], rows.x);
    return with_noise(forward(run.model, run.policy, parameters, stored, 1).outputs(),
                      noise_of_outputs(run, parameters, bits, codes, stored), rows.targets);
}

/// What codes of a width cost a network that is trained with such a seed, without and with fake quantisation.
struct Cost {
    double predicted, lost, aware;                 ///< by how much the loss on the rows of training rises
    double rows_predicted, rows_lost, rows_aware;  ///< how many rows of the test are no longer right
    double rows_variance;                          ///< of what is predicted
};
Cost cost_of(int bits, std::uint64_t seed) {
    static std::map<std::uint64_t, State> trained;
    auto run = digits_run("fp32"), narrow_run = digits_run("int8-qat");
    run.seed = narrow_run.seed = seed;
    narrow_run.policy.bits = bits;
    if (!trained.contains(seed)) trained[seed] = after(run, 8);
    const Parameters &plain = trained[seed].parameters, aware = after(narrow_run, 8).parameters;
    const Split &data = digits(), same{data.training, data.training};
    const auto codes = input_codes(run.model, plain, bits, data.training.x, 1);
    const Quality before = quality(run, plain, same), before_test = quality(run, plain, data);
    const auto more_loss = [&](const Parameters& p) { return quality(narrow_run, p, same).loss - before.loss; };
    const auto of_test = static_cast<double>(data.test.rows());
    const auto rows_lost = [&](const Parameters& p) {
        return (before_test.right - quality(narrow_run, p, data).right) * of_test;
    };
    const Noisy of_training = predicted(run, plain, bits, codes, data.training),
                test = predicted(run, plain, bits, codes, data.test);
    return {mean(of_training.losses) - before.loss,
            more_loss(plain),
            more_loss(aware),
            before_test.right * of_test - mean(test.right),
            rows_lost(plain),
            rows_lost(aware),
            variance(test.right)};
}

// The codes of the network's inputs are carried through it as they are: alike in many rows, their errors have means, which change
// the loss to the first order and are all that counts in 8 bits. Those of the weights and of the hidden activations are taken
// for noise, which changes it to the second order, by what its power is. That is held to a factor of two in each run, since one
// set of errors of the weights serves all rows; the rows that are lost to three deviations of their number among the draws.
TEST(TrainQuantisation, LosesToQuantisationWhatIsPredictedAndRecoversSome) {
    for (const int bits : {8, 4, 3}) {
        double rows_predicted = 0, rows_variance = 0, rows_lost = 0, rows_aware = 0;
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const Cost cost = cost_of(bits, seed);
            EXPECT_GT(cost.lost, cost.predicted / 2) << bits << ' ' << seed;
            EXPECT_LT(cost.lost, cost.predicted * 2) << bits << ' ' << seed;
            EXPECT_LT(cost.aware, cost.lost) << bits << ' ' << seed;
            rows_predicted += cost.rows_predicted;
            rows_variance += cost.rows_variance;
            rows_lost += cost.rows_lost;
            rows_aware += cost.rows_aware;
        }
        EXPECT_LT(std::abs(rows_lost - rows_predicted), 3 * std::sqrt(rows_variance)) << bits;
        EXPECT_LT(rows_aware, rows_lost) << bits;
    }
}

// A column of zeros in training says nothing of its scale: whole numbers of at most 127 are codes then, in the runtimes as here.
TEST(Deployed, HasCodesForWhatTrainingNeverSaw) {
    const Model model{{2, 1}, Activation::Relu};
    const Parameters parameters = {{127, -64}, {0.5F}};
    const Deployed network = deployed(model, parameters, 8, Numbers{0, 0, 0, 0}, 1);
    EXPECT_EQ(outputs(network, Numbers{3, 1, -2, 0, 1000, 0, 0.4F, 0}, 1), (Numbers{317.5F, -253.5F, 16129.5F, 0.5F}));
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

}  // namespace
}  // namespace halfulp::train
