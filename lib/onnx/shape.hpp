#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <halfulp/lib/io/tensor.hpp>

// Shapes of tensors, and the ways to walk them.

namespace halfulp::onnx {

/// Sizes, those of the outermost dimension first; none of a scalar.
using Shape = std::vector<std::size_t>;

/// How many elements a result may have, and all values of a graph that are kept at a time: what files say is held against it
/// before memory is taken. In memory an element has 8 bytes.
inline constexpr std::uint64_t most_elements = 1 << 26;

/// Throws Unsupported, naming what they are, for more elements than there is room for.
void expect_room(std::uint64_t elements, std::string_view what, std::uint64_t room = most_elements);

/// The number of elements of a result. Throws Unsupported likewise.
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
