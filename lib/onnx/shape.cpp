#include <halfulp/lib/onnx/shape.hpp>

#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/onnx/graph.hpp>

namespace halfulp::onnx {

void expect_room(std::uint64_t elements, std::string_view what, std::uint64_t room) {
    if (elements > room) throw Unsupported(fmt::format("{}: {} elements, more than {}", what, elements, room));
}

std::size_t size_of(const Shape& shape) {
    const auto count = element_count(shape);
    if (!count) throw Unsupported(fmt::format("a result of shape {}: more than 2^64 elements", shape_text(shape)));
    expect_room(*count, fmt::format("a result of shape {}", shape_text(shape)));
    return *count;
}

Tensor zeros(const ElementType& type, const Shape& shape) {
    return {.shape = shape, .type = type, .codes = std::vector<std::uint64_t>(size_of(shape))};
}

Shape strides_of(const Shape& shape) {
    Shape strides(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
    return strides;
}

std::vector<std::size_t> offsets(const Shape& sizes, const Shape& strides) {
    if (std::find(sizes.begin(), sizes.end(), 0) != sizes.end()) return {};
    std::vector<std::size_t> places{0};
    for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
        std::vector<std::size_t> finer;
        finer.reserve(places.size() * sizes[axis]);
        for (const std::size_t place : places)
            for (std::size_t i = 0; i < sizes[axis]; ++i) finer.push_back(place + i * strides[axis]);
        places = std::move(finer);
    }
    return places;
}

Shape broadcast(const Shape& a, const Shape& b) {
    const auto &longer = a.size() >= b.size() ? a : b, &shorter = a.size() >= b.size() ? b : a;
    Shape both = longer;
    for (std::size_t i = 0; i < shorter.size(); ++i) {
        std::size_t& size = both[longer.size() - shorter.size() + i];
        if (size != shorter[i] && size != 1 && shorter[i] != 1)
            throw InputError(
                fmt::format("expected shapes that can be broadcast, found {} and {}", shape_text(a), shape_text(b)));
        if (size == 1) size = shorter[i];
    }
    return both;
}

std::vector<std::size_t> broadcast_offsets(const Shape& from, const Shape& to) {
    if (from.size() > to.size() || broadcast(from, to) != to)
        throw InputError(
            fmt::format("expected a shape that can be broadcast to {}, found {}", shape_text(to), shape_text(from)));
    const Shape own = strides_of(from);
    Shape strides(to.size(), 0);
    for (std::size_t i = 0; i < from.size(); ++i)
        if (from[i] != 1) strides[to.size() - from.size() + i] = own[i];
    return offsets(to, strides);
}

std::size_t axis_of(std::int64_t axis, std::size_t rank) {
    if (rank == 0) throw InputError("expected a tensor that has an axis, found a scalar");
    const auto dimensions = static_cast<std::int64_t>(rank);
    if (axis < -dimensions || axis >= dimensions)
        throw InputError(fmt::format("expected an axis in [{}, {}], found {}", -dimensions, dimensions - 1, axis));
    return static_cast<std::size_t>(axis < 0 ? axis + dimensions : axis);
}

}  // namespace halfulp::onnx
