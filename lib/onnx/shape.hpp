#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <halfulp/lib/io/tensor.hpp>

// Shapes of tensors, and the ways to walk them.

namespace halfulp::onnx {

using Shape = std::vector<std::size_t>;

/// The number of elements of a result. Throws InputError beyond 2^26: shapes of results come from what files say, and are
/// looked at before memory is taken.
std::size_t size_of(const Shape& shape);

/// A tensor of zeros, of a size as above.
Tensor zeros(const ElementType& type, const Shape& shape);

/// Elements from one index to the next, for each dimension: row-major.
Shape strides_of(const Shape& shape);

/// Where the elements of a walk lie: its sizes, row-major, and the stride of each.
std::vector<std::size_t> offsets(const Shape& sizes, const Shape& strides);

/// The shape of two operands together: multidirectional broadcasting of ONNX, which is NumPy's. Throws InputError.
Shape broadcast(const Shape& a, const Shape& b);

/// Where, for each element of `to`, the element of a tensor of shape `from` lies that is broadcast to it: unidirectional
/// broadcasting. Throws InputError.
std::vector<std::size_t> broadcast_offsets(const Shape& from, const Shape& to);

/// An axis, which may count from the back, as an index. Throws InputError.
std::size_t axis_of(std::int64_t axis, std::size_t rank);

}  // namespace halfulp::onnx
