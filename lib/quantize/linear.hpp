#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/quantize/affine.hpp>
#include <halfulp/lib/quantize/requantise.hpp>

// A layer y = x W + bias, twice: as a training step has it, in numbers with fake quantisation, and as it is deployed, in
// integers. Both give the same bits, in every way to requantise: the quantisation of the result belongs to the definition.

namespace halfulp::quantize {

/// How a layer is quantised.
struct LinearScheme {
    Affine input;                                          ///< codes of 8 bits
    std::vector<Affine> weights;                           ///< one, or one for each column of W; codes are int8
    Affine output;                                         ///< its scale, zero point and codes of 8 bits
    Requantisation mode = Requantisation::GemmlowpDouble;  ///< of sums to codes

    /// that of a column
    const Affine& weight(std::size_t column) const { return weights[weights.size() == 1 ? 0 : column]; }
};

/// A layer in numbers. Row-major: x of rows * inner, weights of inner * columns, bias of columns or empty.
struct LinearProblem {
    std::size_t rows, inner, columns;         ///< of x and W
    std::span<const float> x, weights, bias;  ///< numbers in binary32
};

/// The factor of a column: scale of the input * scale of the weights / scale of the output, from left to right, each step in
/// binary64 where it becomes a fixed-point number (TFLite), else in binary32 (QNNPACK, ONNX).
double factor_of(const LinearScheme& scheme, std::size_t column);

/// The greatest magnitude that a sum of products, with its bias, can have, or 2^63 - 1 if that is less. int32 has it if it is
/// below 2^31.
std::int64_t sum_bound(const LinearScheme& scheme, std::size_t inner, std::span<const std::int32_t> bias);

/// The bias in units of the products: bias / (scale of the input * scale of the weights), to nearest even.
std::vector<std::int32_t> bias_codes(const LinearScheme& scheme, std::span<const float> bias, std::size_t columns);

/// Deployed: codes of x and W, their products in int32 by int8_gemm, requantised; codes of the output.
/// Throws std::invalid_argument if sizes do not match, if the scheme is not as its members say, if sum_bound says that a sum
/// could leave 32 bits, and as requantise does.
std::vector<std::int32_t> linear_codes(const LinearScheme& scheme, const LinearProblem& problem);

/// In training: x and W fake-quantised, in units of their scales, so that nothing is rounded; their products summed in
/// binary64, exactly; the sum fake-quantised by scheme.mode: numbers. Throws as linear_codes does.
std::vector<float> linear_numbers(const LinearScheme& scheme, const LinearProblem& problem);

}  // namespace halfulp::quantize
