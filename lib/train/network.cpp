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

/// A layer on its way back.
class LayerBackward {
  public:
    LayerBackward(const Policy& policy, std::size_t inputs, std::size_t outputs, std::size_t rows, unsigned threads)
        : policy_(policy), inputs_(inputs), outputs_(outputs), rows_(rows), threads_(threads) {}

    Numbers of_weights(const Numbers& x, const Factor& dz) const {
        return product(factor(policy_.compute, rows_, inputs_, x), Side::Transposed, dz, Side::AsIs,
                       inputs_ * outputs_);
    }
    /// The sums of columns of dz, as the product with a row of ones: in `results`, as the bias is added.
    Numbers of_bias(const Numbers& dz) const {
        const Numbers ones(rows_, 1.0F);
        return product(factor(policy_.results, 1, rows_, ones), Side::AsIs,
                       factor(policy_.results, rows_, outputs_, dz), Side::AsIs, outputs_);
    }
    Numbers of_inputs(const Factor& dz, const Numbers& weights) const {
        return product(dz, Side::AsIs, factor(policy_.compute, inputs_, outputs_, weights), Side::Transposed,
                       rows_ * inputs_);
    }

  private:
    Numbers product(const Factor& a, Side a_side, const Factor& b, Side b_side, std::size_t size) const {
        Numbers c(size, 0.0F);
        add_product(policy_.accumulate, a, a_side, b, b_side, c, threads_);
        return c;
    }
    const Policy& policy_;
    std::size_t inputs_, outputs_, rows_;
    unsigned threads_;
};

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
        add_product(policy.accumulate, factor(policy.compute, rows, inputs, seen_inputs(codes, l, now)), Side::AsIs,
                    factor(policy.compute, inputs, outputs, seen_weights(policy, codes, parameters[2 * l])), Side::AsIs,
                    z, threads);
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
        const LayerBackward layer(policy, model.sizes[l], model.sizes[l + 1], rows, threads);
        const Factor operand = factor(policy.gradients, rows, model.sizes[l + 1], dz);
        if (policy.gradients != policy.results) g.census.fates += operand.fates;
        g.parameters[2 * l] = layer.of_weights(seen_inputs(forward.codes, l, forward.inputs[l]), operand);
        g.parameters[2 * l + 1] = layer.of_bias(dz);
        for (Numbers* p : {&g.parameters[2 * l], &g.parameters[2 * l + 1]}) store(policy, *p, g.census);
        if (l == 0) break;
        dz = layer.of_inputs(operand, seen_weights(policy, forward.codes, parameters[2 * l]));
        store(policy, dz, g.census);
        if (!forward.codes.empty() && forward.codes[l])
            quantize::straight_through(*forward.codes[l], forward.inputs[l], Numbers(dz), dz);
        for (std::size_t i = 0; i < dz.size(); ++i) dz[i] *= row_of(model.activation).slope(forward.z[l - 1][i]);
        store(policy, dz, g.census);
    }
    return g;
}

}  // namespace halfulp::train
