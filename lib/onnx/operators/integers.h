#pragma once

#include <cstdint>
#include <vector>

#include <halfulp/lib/onnx/shape.hpp>
#include <halfulp/lib/quantize/affine.hpp>

// What the integer operators share.

namespace halfulp::onnx {

inline constexpr IntegerType int32{32, true};

/// The elements of a quantised operand less its zero point, which may be null and otherwise is walked by `places`: an offset
/// for each element. Throws unless both have one type, of 8 bits.
std::vector<std::int64_t> less_zero_point(const Tensor& x, const Tensor* zero_point,
                                          const std::vector<std::size_t>& places);

/// One that is no array.
const Tensor& scalar(const Tensor& tensor, const char* name);

/// sa * sb / sy, each step rounded in the format of the scales.
Exact multiplier(const Tensor& a_scale, std::size_t a, const Tensor& b_scale, std::size_t b, const Tensor& y_scale);

/// What an accumulator becomes in the result: the exact product with the multiplier, rounded to nearest even; then the zero
/// point is added, and what exceeds the type saturates.
std::uint64_t requantised(std::int32_t accumulator, const Exact& multiplier, const Tensor& zero_point);

}  // namespace halfulp::onnx
