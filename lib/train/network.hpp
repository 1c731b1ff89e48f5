#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/train/activation.hpp>
#include <halfulp/lib/train/codes.hpp>
#include <halfulp/lib/train/gradient_histogram.hpp>
#include <halfulp/lib/train/numbers.hpp>
#include <halfulp/lib/train/policy.hpp>

// Layers one after another: z = x W + bias, and x of the next one is the activation of z, but for the last one's z, which are
// the outputs. Rows of x are examples.

namespace halfulp::train {

/// The shape of a network.
struct Model {
    std::vector<std::size_t> sizes;            ///< inputs, hidden ones, outputs
    Activation activation = Activation::Relu;  ///< of all layers but the last

    std::size_t layers() const { return sizes.size() - 1; }  ///< each with weights and a bias
    /// Numbers of all weights and biases.
    std::size_t parameters() const;
};

/// Weights uniform in +-sqrt(6 / inputs) (He et al. 2015), by random_bits(seed, index), one index a weight in their order, whose
/// upper 24 bits make the number; rounded to the policy's parameters. Bias: zeros.
Parameters initial_parameters(const Model& model, const Policy& policy, std::uint64_t seed);

/// What the way back needs of the way forward, a layer each.
struct Forward {
    std::vector<Numbers> inputs;                         ///< activations
    std::vector<Codes> codes;                            ///< of them, where they are quantised; else there are none
    std::vector<Numbers> z;                              ///< rounded to `results`, before the activation
    const Numbers& outputs() const { return z.back(); }  ///< of the network, row-major
};

/// x W + bias by product.hpp, operands in `compute`, sums from the bias on in `accumulate`; the result, and its activation, are
/// rounded to `results`. With codes, one a layer, x and W are fake-quantised, W by weight_codes of policy.bits. Throws
/// std::invalid_argument if x has no whole rows of inputs.
Forward forward(const Model& model, const Policy& policy, const Parameters& parameters, std::span<const float> x,
                unsigned threads, const std::vector<Codes>& codes = {});

/// What became of gradients on the way back, wherever one is rounded to `results` or, as an operand, to `gradients`.
struct GradientCensus {
    Fates fates;               ///< of all these roundings
    GradientHistogram before;  ///< those that are rounded to `results`, before they are
};

/// What the way back gives.
struct Gradients {
    Parameters parameters;  ///< a gradient in the place of each
    GradientCensus census;  ///< of those of activations, too
};

/// From gradients of the outputs, in binary32, to those of the parameters: dW = x^T dz, dbias = 1^T dz, dx = dz W^T, times the
/// activation's slope; operands in `compute` and `gradients`, each result rounded to `results`. Fake quantisation passes
/// gradients of x straight through where it does not clamp, and all of W's, which it never does.
Gradients backward(const Model& model, const Policy& policy, const Parameters& parameters, const Forward& forward,
                   std::span<const float> of_outputs, unsigned threads);

}  // namespace halfulp::train
