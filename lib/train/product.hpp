#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/train/numbers.hpp>

// Products of matrices by the kernels of lib/kernel, whose bits do not depend on the number of threads.

namespace halfulp::train {

/// A matrix as an operand: rounded to a format. One of 8 bits is scaled by its own largest magnitude first ("current scaling"),
/// so that this becomes the format's largest number, and clamped to it.
struct Factor {
    std::size_t rows, columns;  ///< row-major
    Format format;              ///< of the codes: binary32 has numbers instead; 8 bits widen into binary16 exactly
    Numbers numbers;            ///< scaled and rounded
    std::vector<std::uint16_t> codes;  ///< of the numbers, in `format`; none in binary32
    float unit = 1;                    ///< what a 1 stands for
    Fates fates;                       ///< of the numbers, once scaled
};

/// Throws std::invalid_argument if there are not rows * columns numbers.
Factor factor(const Format& f, std::size_t rows, std::size_t columns, std::span<const float> numbers);

/// FP8_MAX / amax as NVIDIA's TransformerEngine has it: 1 for a tensor of zeros or with an infinity or a NaN, at most the
/// largest number of binary32.
float current_scale(const Format& f, std::span<const float> numbers);

// In a format of accumulation, in which the results are, too. Each throws std::invalid_argument if formats, or sizes, do not fit.

/// A * B + C, as lib/kernel/gemm_definition.hpp says of these operands with beta = 1; C has numbers of that format.
void add_product(const Format& accumulate, const Factor& a, const Factor& b, std::span<float> c, unsigned threads);

/// dz W^T, by lib/kernel/layer_gradients.hpp as the following ones.
Numbers gradient_of_inputs(const Format& accumulate, const Factor& dz, const Factor& weights, unsigned threads);
/// x^T dz.
Numbers gradient_of_weights(const Format& accumulate, const Factor& x, const Factor& dz, unsigned threads);
/// 1^T dz.
Numbers gradient_of_bias(const Format& accumulate, const Factor& dz, unsigned threads);

}  // namespace halfulp::train
