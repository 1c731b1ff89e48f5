#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <halfulp/lib/quantize/scheme.hpp>

// The noise of quantisation on its way through layers, predicted from a run without quantisation.

namespace halfulp::quantize {

/// y = x W + bias, and max(y, 0) where there is a ReLU. Row-major: weights of inputs * outputs.
struct Layer {
    std::size_t inputs, outputs;       ///< numbers in and out
    std::vector<float> weights, bias;  ///< in binary32; a bias of no numbers is none
    bool relu;                         ///< whether negative results become 0
};

/// The signal-to-noise ratio of a layer's results, in decibels.
struct LayerNoise {
    double predicted, measured;  ///< from the run without quantisation, and by one with it
};

/// Numbers and weights with codes of so many bits: activations affine and weights symmetric, by the limits that they have
/// without quantisation. Predicted: the error of each activation, taken for independent of the others, has a variance; a layer
/// sums those of its inputs, by the squares of the weights, and those of its weights, scale^2 / 12 each, by the squares of the
/// inputs; a ReLU passes them where it is active; and quantising the results adds predicted_error of their histogram.
/// Measured: the layers with fake quantisation, summed in binary64.
/// Throws std::invalid_argument if sizes do not match; InputError for values that have no scale.
std::vector<LayerNoise> network_noise(std::span<const Layer> layers, std::span<const float> x, int bits);

}  // namespace halfulp::quantize
