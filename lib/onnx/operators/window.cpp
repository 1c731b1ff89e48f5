#include <halfulp/lib/onnx/operators/window.h>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::onnx {
namespace {

using Integers = std::vector<std::int64_t>;

/// What no sum of products of such numbers takes out of 64 bits.
constexpr std::int64_t most = 1 << 30;

Integers spatial(const Shape& shape) {
    Integers sizes;
    for (std::size_t i = 2; i < shape.size(); ++i) {
        if (shape[i] > std::size_t{most})
            throw InputError(fmt::format("expected sizes up to {}, found {}", most, shape[i]));
        sizes.push_back(static_cast<std::int64_t>(shape[i]));
    }
    return sizes;
}

/// The attribute, `count` numbers from `least` on, each of which is so by default.
Integers numbers(const Call& call, const std::string& name, std::size_t count, std::int64_t least) {
    Integers values = call.integers(name, Integers(count, least));
    if (values.size() != count)
        throw InputError(fmt::format("attribute {}: expected {} numbers, found {}", name, count, values.size()));
    for (const std::int64_t value : values)
        if (value < least || value > most)
            throw InputError(
                fmt::format("attribute {}: expected numbers in [{}, {}], found {}", name, least, most, value));
    return values;
}

/// Padding on one axis.
struct Padding {
    std::int64_t before, total;
};

/// As much as gives ceil(input / stride) places. What cannot be halved has more at one end.
Padding same(std::int64_t input, std::int64_t extent, std::int64_t stride, bool more_before) {
    const std::int64_t places = (input + stride - 1) / stride;
    const std::int64_t total = std::max<std::int64_t>(0, (places - 1) * stride + extent - input);
    return {(total + (more_before ? 1 : 0)) / 2, total};
}

Padding padding_of(const Window& window, std::size_t axis, std::int64_t extent, const std::string& auto_pad,
                   const Integers& pads) {
    if (auto_pad == "NOTSET") return {pads[axis], pads[axis] + pads[axis + window.input.size()]};
    if (auto_pad == "VALID") return {0, 0};
    if (auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER")
        return same(window.input[axis], extent, window.strides[axis], auto_pad == "SAME_LOWER");
    throw InputError("attribute auto_pad: expected NOTSET, SAME_UPPER, SAME_LOWER or VALID, found " + shown(auto_pad));
}

}  // namespace

Window window_of(const Call& call, const Shape& x, const Shape& w) {
    const std::size_t axes = x.size() - 2;
    Window window{.input = spatial(x),
                  .kernel = spatial(w),
                  .strides = numbers(call, "strides", axes, 1),
                  .dilations = numbers(call, "dilations", axes, 1),
                  .pads = {},
                  .output = {}};
    if (call.integers("kernel_shape", window.kernel) != window.kernel)
        throw InputError("attribute kernel_shape: expected the shape of W, found another");
    const Integers pads = numbers(call, "pads", 2 * axes, 0);
    const std::string auto_pad = call.text("auto_pad", "NOTSET");
    for (std::size_t axis = 0; axis < axes; ++axis) {
        const std::int64_t extent = (window.kernel[axis] - 1) * window.dilations[axis] + 1;
        const Padding padding = padding_of(window, axis, extent, auto_pad, pads);
        const std::int64_t room = window.input[axis] + padding.total - extent;
        if (window.kernel[axis] < 1 || room < 0)
            throw InputError(fmt::format("expected a kernel that fits the padded input, found {} on {} along axis {}",
                                         extent, window.input[axis] + padding.total, axis + 2));
        window.pads.push_back(padding.before);
        window.output.push_back(static_cast<std::size_t>(room / window.strides[axis] + 1));
    }
    return window;
}

}  // namespace halfulp::onnx
