#pragma once

#include <span>

#include <halfulp/lib/quantize/affine.hpp>
#include <halfulp/lib/train/numbers.hpp>

// The integer codes of a network's numbers.

namespace halfulp::train {

using Codes = quantize::Affine;  ///< of zeros alone with scale 1, which later numbers are held to

/// Symmetric, from the weights' own limits.
Codes weight_codes(std::span<const float> weights, int bits);

/// Affine, with the limits that calibration by the least mean square error gives.
Codes activation_codes(std::span<const float> numbers, int bits);

/// To codes and back; as they are without codes.
Numbers faked(const Codes& by, std::span<const float> numbers);

}  // namespace halfulp::train
