#include <halfulp/lib/train/network.hpp>

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include <halfulp/lib/quantize/training.hpp>
#include <halfulp/lib/train/product.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::train {
namespace {

/// Rounded gradients, and what became of them.
void store(const Policy& policy, Numbers& gradients, GradientCensus& census) {
    census.before.add(gradients);
    census.fates += round_to(policy.results, gradients);
}

Numbers rounded_bias(const Policy& policy, const Numbers& bias, std::size_t rows) {
    Numbers once = bias, all;
    round_to(policy.results, once);
    for (std::size_t i = 0; i < rows; ++i) all.insert(all.end(), once.begin(), once.end());
    return all;
}

/// Weights and activations as the products have them.
Numbers seen_weights(const Policy& policy, const std::vector<Codes>& codes, const Numbers& weights) {
    return codes.empty() ? weights : faked(weight_codes(weights, policy.bits), weights);
}
Numbers seen_inputs(const std::vector<Codes>& codes, std::size_t layer, const Numbers& inputs) {
    return codes.empty() ? inputs : faked(codes[layer], inputs);
}

}  // namespace

std::size_t Model::parameters() const {
    std::size_t count = 0;
    for (std::size_t l = 0; l < layers(); ++l) count += (sizes[l] + 1) * sizes[l + 1];
    return count;
}

Parameters initial_parameters(const Model& model, const Policy& policy, std::uint64_t seed) {
    Parameters parameters;
    std::uint64_t index = 0;
    for (std::size_t l = 0; l < model.layers(); ++l) {
        Numbers weights(model.sizes[l] * model.sizes[l + 1]);
        const float limit = std::sqrt(6.0F / static_cast<float>(model.sizes[l]));
        for (float& w : weights)
            w = limit * (std::ldexp(static_cast<float>(random_bits(seed, index++) >> 40), -23) - 1);
        round_to(policy.parameters, weights);
        parameters.push_back(std::move(weights));
        parameters.emplace_back(model.sizes[l + 1], 0.0F);
    }
    return parameters;
}

Forward forward(const Model& model, const Policy& policy, const Parameters& parameters, std::span<const float> x,
                unsigned threads, const std::vector<Codes>& codes) {
    const std::size_t rows = x.size() / model.sizes[0];
    if (x.size() != rows * model.sizes[0])
        throw std::invalid_argument(
            fmt::format("forward: expected rows of {} numbers, found {}", model.sizes[0], x.size()));
    Forward f{{}, codes, {}};
    Numbers now(x.begin(), x.end());
    for (std::size_t l = 0; l < model.layers(); ++l) {
        const std::size_t inputs = model.sizes[l], outputs = model.sizes[l + 1];
        Numbers z = rounded_bias(policy, parameters[2 * l + 1], rows);
        add_product(policy.accumulate, factor(policy.compute, rows, inputs, seen_inputs(codes, l, now)),
                    factor(policy.compute, inputs, outputs, seen_weights(policy, codes, parameters[2 * l])), z,
                    threads);
        round_to(policy.results, z);
        f.inputs.push_back(std::move(now));
        f.z.push_back(z);
        activate(model.activation, policy.results, z);
        now = std::move(z);
    }
    return f;
}

Gradients backward(const Model& model, const Policy& policy, const Parameters& parameters, const Forward& forward,
                   std::span<const float> of_outputs, unsigned threads) {
    Gradients g{Parameters(parameters.size()), {}};
    const std::size_t rows = of_outputs.size() / model.sizes.back();
    Numbers dz(of_outputs.begin(), of_outputs.end());
    store(policy, dz, g.census);
    for (std::size_t l = model.layers(); l-- > 0;) {
        const std::size_t inputs = model.sizes[l], outputs = model.sizes[l + 1];
        const Factor operand = factor(policy.gradients, rows, outputs, dz);
        if (policy.gradients != policy.results) g.census.fates += operand.fates;
        const Factor x = factor(policy.compute, rows, inputs, seen_inputs(forward.codes, l, forward.inputs[l]));
        g.parameters[2 * l] = gradient_of_weights(policy.accumulate, x, operand, threads);
        g.parameters[2 * l + 1] =
            gradient_of_bias(policy.accumulate, factor(policy.results, rows, outputs, dz), threads);
        for (Numbers* p : {&g.parameters[2 * l], &g.parameters[2 * l + 1]}) store(policy, *p, g.census);
        if (l == 0) break;
        const Numbers weights = seen_weights(policy, forward.codes, parameters[2 * l]);
        dz = gradient_of_inputs(policy.accumulate, operand, factor(policy.compute, inputs, outputs, weights), threads);
        store(policy, dz, g.census);
        if (!forward.codes.empty()) quantize::straight_through(forward.codes[l], forward.inputs[l], Numbers(dz), dz);
        for (std::size_t i = 0; i < dz.size(); ++i) dz[i] *= row_of(model.activation).slope(forward.z[l - 1][i]);
        store(policy, dz, g.census);
    }
    return g;
}

}  // namespace halfulp::train
