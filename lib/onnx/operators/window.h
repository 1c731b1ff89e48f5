#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <halfulp/lib/onnx/call.h>
#include <halfulp/lib/onnx/shape.hpp>

namespace halfulp::onnx {

/// How a kernel moves over the spatial axes of a convolution's operand; a number an axis in each list.
struct Window {
    std::vector<std::int64_t> input, kernel, strides, dilations;  ///< a number an axis
    std::vector<std::int64_t> pads;                               ///< before the first element
    Shape output;                                                 ///< of the result

    /// Which element of the operand an element of the kernel meets, along an axis; outside [0, input) it is padding.
    std::int64_t met(std::size_t axis, std::size_t output_index, std::size_t kernel_index) const {
        return static_cast<std::int64_t>(output_index) * strides[axis] - pads[axis] +
               static_cast<std::int64_t>(kernel_index) * dilations[axis];
    }
};

/// From the attributes of Conv and its kin, and the shapes of X (N, C, D1, ...) and W (M, C / group, k1, ...), which have one
/// rank of at least 3. Throws InputError.
Window window_of(const Call& call, const Shape& x, const Shape& w);

}  // namespace halfulp::onnx
