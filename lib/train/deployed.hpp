#pragma once

#include <cstdint>
#include <vector>

#include <halfulp/lib/train/codes.hpp>
#include <halfulp/lib/train/network.hpp>

// A trained network in integers: what QuantizeLinear, MatMulInteger and the rest of a layer in binary32 compute.

namespace halfulp::train {

/// z = x W + bias, with codes of x and of W.
struct DeployedLayer {
    std::size_t inputs, outputs;            ///< numbers of a row of x; of z
    Codes input, weights;                   ///< of x; of W
    std::vector<std::int8_t> weight_codes;  ///< row-major of inputs x outputs
    Numbers bias;                           ///< in binary32, a number an output
};

/// Layers one after another, with the activation between them.
struct Deployed {
    Activation activation;              ///< in binary32
    std::vector<DeployedLayer> layers;  ///< from the inputs on
};

/// Codes for the inputs of each layer, calibrated on what the network has there, in binary32, on rows of x.
std::vector<Codes> input_codes(const Model& model, const Parameters& parameters, int bits, std::span<const float> x,
                               unsigned threads);

/// Codes of `bits` for weights and input_codes. Pre: 2 <= bits <= 8.
Deployed deployed(const Model& model, const Parameters& parameters, int bits, std::span<const float> x,
                  unsigned threads);

/// Of rows of x: codes, their sums of products exactly, times (scale of x * scale of W), plus the bias, each rounded to
/// binary32; the activation.
Numbers outputs(const Deployed& network, std::span<const float> x, unsigned threads);

}  // namespace halfulp::train
