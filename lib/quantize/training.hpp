#pragma once

#include <span>
#include <vector>

#include <halfulp/lib/quantize/affine.hpp>

// Gradients through fake quantisation, whose own is 0 almost everywhere. The forward pass is fake_quantise.

namespace halfulp::quantize {

/// The straight-through estimator (Bengio, Leonard, Courville 2013, as PyTorch has it): the upstream gradient where the code
/// needed no clamping, else 0. Throws std::invalid_argument as quantise does.
void straight_through(const Affine& by, std::span<const float> x, std::span<const float> upstream,
                      std::span<float> grad);

/// Gradients of a quantiser that is learnt: what each element adds. Those of the scale and of the zero point are the sums, in
/// the order that one wants (lib/kernel/reduce.hpp).
struct StepGradients {
    std::vector<float> x;                  ///< straight through
    std::vector<float> scale, zero_point;  ///< what each element adds to these gradients
};

/// Learned step size quantisation (Esser et al., arXiv:1902.08153), in PyTorch's steps of binary32. An element adds to the
/// gradient of the scale upstream * (level - x) * (1 / scale) * factor, whose difference is rounded once, or, where it was
/// clamped, upstream * (end of the range - zero point) * factor; and to that of the zero point, where it was clamped,
/// -upstream * scale * factor. The paper's factor is 1 / sqrt(elements * greatest code). Throws std::invalid_argument as
/// quantise does.
StepGradients learned_step(const Affine& by, std::span<const float> x, std::span<const float> upstream, float factor);

}  // namespace halfulp::quantize
