#pragma once

#include <cstdint>
#include <span>

// What follows the product in a layer of a network: a bias a column, and ReLU, which puts 0 in place of what is negative and
// leaves NaN and -0. Results lie row by row, as many columns as there are biases; spans that do not fit each other throw
// std::invalid_argument. The floating-point environment of the caller takes no part.

namespace halfulp::kernel {

/// c + bias, rounded; ReLU.
void finish_layer(std::span<float> c, std::span<const float> bias);

/// The sum in binary32, times the scale, plus the bias, each rounded; ReLU.
void finish_layer(std::span<const std::int32_t> sums, float scale, std::span<const float> bias,
                  std::span<float> results);

}  // namespace halfulp::kernel
