#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/onnx/element.h>
#include <halfulp/lib/onnx/operators/operators.h>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/onnx/shape.hpp>
#include <halfulp/softfloat/exact_sum.hpp>

namespace halfulp::onnx {
namespace {

/// The sum of `count` elements, the i-th of which is code(i): of floats exact and rounded once, of integers modulo 2^width.
template <class Code>
std::uint64_t sum_of(const ElementType& type, std::size_t count, Code code) {
    if (const auto* format = std::get_if<Format>(&type)) {
        ExactSum sum;
        for (std::size_t i = 0; i < count; ++i) sum.add(decode(*format, code(i)));
        return round_pack(*format, sum.value()).code;
    }
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += code(i);
    return sum & std::get<IntegerType>(type).code_mask();
}

/// Which axes ReduceSum reduces: an attribute before version 13, then an input. None given: all, or none at all.
std::vector<bool> reduced_axes(const Call& call, std::size_t rank) {
    std::vector<std::int64_t> axes = call.integers("axes", {});
    if (call.opset < 13 && call.inputs.size() > 1)
        throw InputError(fmt::format("expected 1 input before version 13, found {}", call.inputs.size()));
    if (call.opset >= 13)
        axes = call.optional(1) ? integers_of(*call.optional(1), "axes") : std::vector<std::int64_t>{};
    std::vector<bool> reduced(rank, axes.empty() && call.integer("noop_with_empty_axes", 0) == 0);
    for (const std::int64_t axis : axes) reduced[axis_of(axis, rank)] = true;
    return reduced;
}

/// The exponentials of these elements, divided by their sum. The largest is taken off before, which changes nothing but
/// that none overflows.
void normalise(std::vector<double>& x, const std::vector<std::size_t>& places) {
    double largest = -INFINITY, sum = 0;
    for (const std::size_t place : places) largest = std::max(largest, x[place]);
    for (const std::size_t place : places) sum += x[place] = std::exp(x[place] - largest);
    for (const std::size_t place : places) x[place] /= sum;
}

}  // namespace

std::vector<Tensor> relu(const Call& call) {
    Tensor y = call.input(0);
    for (std::uint64_t& code : y.codes) {
        const Exact x = exact_of(y.type, code);
        if (x.negative && x.kind != Kind::NaN) code = 0;
    }
    return {y};
}

std::vector<Tensor> sum(const Call& call) {
    Shape shape = call.input(0).shape;
    for (std::size_t i = 1; i < call.inputs.size(); ++i) shape = broadcast(shape, call.input(i).shape);
    Tensor y = zeros(call.input(0).type, shape);
    expect_room(call.inputs.size() * y.codes.size(), "all operands, broadcast");
    std::vector<std::vector<std::size_t>> places;
    for (std::size_t i = 0; i < call.inputs.size(); ++i) {
        if (call.input(i).type != y.type) throw InputError("expected tensors of one type, found several");
        places.push_back(broadcast_offsets(call.input(i).shape, shape));
    }
    for (std::size_t i = 0; i < y.codes.size(); ++i)
        y.codes[i] = sum_of(y.type, places.size(), [&](std::size_t k) { return call.input(k).codes[places[k][i]]; });
    return {y};
}

std::vector<Tensor> reduce_sum(const Call& call) {
    const Tensor& x = call.input(0);
    const std::vector<bool> reduced = reduced_axes(call, x.shape.size());
    const Shape strides = strides_of(x.shape);
    const bool keeps = call.integer("keepdims", 1) != 0;
    Shape shape, kept, kept_strides, summed, summed_strides;
    for (std::size_t axis = 0; axis < x.shape.size(); ++axis) {
        (reduced[axis] ? summed : kept).push_back(x.shape[axis]);
        (reduced[axis] ? summed_strides : kept_strides).push_back(strides[axis]);
        if (!reduced[axis] || keeps) shape.push_back(reduced[axis] ? 1 : x.shape[axis]);
    }
    Tensor y = zeros(x.type, shape);
    if (y.codes.empty()) return {y};
    const std::vector<std::size_t> first = offsets(kept, kept_strides), places = offsets(summed, summed_strides);
    for (std::size_t i = 0; i < y.codes.size(); ++i)
        y.codes[i] = sum_of(y.type, places.size(), [&](std::size_t k) { return x.codes[first[i] + places[k]]; });
    return {y};
}

std::vector<Tensor> softmax(const Call& call) {
    Tensor y = call.input(0);
    const Format& format = format_of(y, "Softmax");
    if (y.codes.empty()) return {y};
    // Before version 13 all axes from this one on are one.
    const bool flattens = call.opset < 13;
    const std::size_t axis = axis_of(call.integer("axis", flattens ? 1 : -1), y.shape.size());
    const auto from = y.shape.begin() + static_cast<std::ptrdiff_t>(axis);
    const Shape outer(y.shape.begin(), from), inner(from + 1, y.shape.end());
    const std::size_t after = *element_count(inner);
    const std::size_t length = y.shape[axis] * (flattens ? after : 1), step = flattens ? 1 : after;
    std::vector<double> numbers = doubles_of(y);
    const std::size_t groups = *element_count(outer) * (flattens ? 1 : after);
    for (std::size_t group = 0; group < groups; ++group) {
        std::vector<std::size_t> places = offsets({length}, {step});
        for (std::size_t& place : places) place += group / step * length * step + group % step;
        normalise(numbers, places);
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) y.codes[i] = code_of(format, numbers[i]);
    return {y};
}

}  // namespace halfulp::onnx
