#include <fmt/format.h>

#include <halfulp/lib/onnx/element.h>
#include <halfulp/lib/onnx/operators/integers.h>
#include <halfulp/lib/onnx/operators/operators.h>
#include <halfulp/lib/onnx/operators/window.h>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::onnx {
namespace {

/// For each spatial place of the output, and each of the kernel, the spatial offset into X; outside X, which has the zero
/// point there, -1.
std::vector<std::int64_t> met_offsets(const Window& window, const Shape& kernel, const Shape& output_index) {
    std::vector<std::int64_t> places{0};
    for (std::size_t axis = 0; axis < kernel.size(); ++axis) {
        std::vector<std::int64_t> finer;
        for (const std::int64_t place : places)
            for (std::size_t k = 0; k < kernel[axis]; ++k) {
                const std::int64_t at = window.met(axis, output_index[axis], k);
                const bool inside = place >= 0 && at >= 0 && at < window.input[axis];
                finer.push_back(inside ? place * window.input[axis] + at : -1);
            }
        places = std::move(finer);
    }
    return places;
}

/// The next index, row-major.
void advance(Shape& index, const Shape& shape) {
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        if (++index[axis] < shape[axis]) return;
        index[axis] = 0;
    }
}

struct Operands {
    const Tensor &x, &w;
    const Tensor *x_zero_point, *w_zero_point, *bias;
};

/// One element of a list for each output channel, or one for all.
std::vector<std::size_t> by_channel(const Tensor& parameter, std::size_t channels, const char* name) {
    if (parameter.codes.size() == 1) return std::vector<std::size_t>(channels, 0);
    if (parameter.shape != Shape{channels})
        throw InputError(fmt::format("{}: expected a scalar or the shape ({},), found {}", name, channels,
                                     shape_text(parameter.shape)));
    return offsets({channels}, {1});
}

/// Groups of channels, checked.
std::size_t groups_of(const Call& call, const Shape& x, const Shape& w) {
    if (x.size() < 3 || x.size() != w.size())
        throw InputError(fmt::format("expected X and W of one rank of at least 3, found shapes {} and {}",
                                     shape_text(x), shape_text(w)));
    const std::int64_t group = call.integer("group", 1);
    const auto groups = static_cast<std::size_t>(group);
    if (group < 1 || w[0] % groups != 0 || x[1] % groups != 0 || x[1] / groups != w[1])
        throw InputError(fmt::format("expected {} groups to divide the channels, found shapes {} and {}", group,
                                     shape_text(x), shape_text(w)));
    return groups;
}

/// The weights less their zero points, one a channel or one for all.
std::vector<std::int64_t> weights(const Operands& o) {
    if (!o.w_zero_point || o.w.codes.empty()) return less_zero_point(o.w, nullptr, {});
    const std::size_t channels = o.w.shape[0], size = channels == 0 ? 0 : o.w.codes.size() / channels;
    const std::vector<std::size_t> zero = by_channel(*o.w_zero_point, channels, "w_zero_point");
    std::vector<std::size_t> places(o.w.codes.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = zero[i / size];
    return less_zero_point(o.w, o.w_zero_point, places);
}

/// The sums of products, and the shape of them: int32, as are the biases in it.
Tensor accumulators(const Call& call, const Operands& o) {
    const std::size_t groups = groups_of(call, o.x.shape, o.w.shape), channels = o.w.shape[0], depth = o.w.shape[1];
    const Window window = window_of(call, o.x.shape, o.w.shape);
    const auto x = less_zero_point(o.x, o.x_zero_point ? &scalar(*o.x_zero_point, "x_zero_point") : nullptr,
                                   Shape(o.x_zero_point ? o.x.codes.size() : 0, 0));
    const auto w = weights(o);
    Shape shape{o.x.shape[0], channels};
    shape.insert(shape.end(), window.output.begin(), window.output.end());
    Tensor y = zeros(int32, shape);
    if (y.codes.empty()) return y;
    const Shape kernel(o.w.shape.begin() + 2, o.w.shape.end());
    const std::size_t plane = *element_count({o.x.shape.begin() + 2, o.x.shape.end()});
    const std::size_t outputs = *element_count(window.output), taps = *element_count(kernel);
    // Both are small enough that the product fits; a file of a few bytes can ask for hours, as padding costs it none.
    constexpr std::uint64_t most_products = std::uint64_t{1} << 32;
    expect_room(std::uint64_t{y.codes.size()} * depth * taps, "products of a convolution", most_products);
    Shape index(window.output.size(), 0);
    for (std::size_t place = 0; place < outputs; ++place, advance(index, window.output)) {
        const std::vector<std::int64_t> met = met_offsets(window, kernel, index);
        for (std::size_t image_channel = 0; image_channel < o.x.shape[0] * channels; ++image_channel) {
            const std::size_t image = image_channel / channels, channel = image_channel % channels;
            const std::size_t first = image * o.x.shape[1] + channel / (channels / groups) * depth;
            std::int64_t sum = o.bias ? integer_of(int32, o.bias->codes[channel]) : 0;
            for (std::size_t i = 0; i < depth * taps; ++i)
                if (const std::int64_t at = met[i % taps]; at >= 0)
                    sum += x[(first + i / taps) * plane + static_cast<std::size_t>(at)] * w[channel * depth * taps + i];
            y.codes[image_channel * outputs + place] = static_cast<std::uint32_t>(sum);
        }
    }
    return y;
}

}  // namespace

std::vector<Tensor> conv_integer(const Call& call) {
    return {accumulators(call, {call.input(0), call.input(1), call.optional(2), call.optional(3), nullptr})};
}

std::vector<Tensor> q_linear_conv(const Call& call) {
    const Operands o{call.input(0), call.input(3), &call.input(2), &call.input(5), call.optional(8)};
    const Tensor &x_scale = scalar(call.input(1), "x_scale"), &w_scale = call.input(4);
    const Tensor &y_scale = scalar(call.input(6), "y_scale"), &y_zero_point = scalar(call.input(7), "y_zero_point");
    if (o.bias != nullptr &&
        (o.w.shape.empty() || o.bias->shape != Shape{o.w.shape[0]} || o.bias->type != ElementType(int32)))
        throw InputError("B: expected an INT32 for each output channel, found the shape " + shape_text(o.bias->shape));
    Tensor y = accumulators(call, o);
    y.type = y_zero_point.type;
    if (y.codes.empty()) return {y};
    const std::size_t channels = y.shape[1];
    const std::vector<std::size_t> scale = by_channel(w_scale, channels, "w_scale");
    const std::size_t outputs = y.codes.size() / (y.shape[0] * channels);
    for (std::size_t i = 0; i < y.codes.size(); ++i)
        y.codes[i] = requantised(static_cast<std::int32_t>(y.codes[i]),
                                 multiplier(x_scale, 0, w_scale, scale[i / outputs % channels], y_scale), y_zero_point);
    return {y};
}

}  // namespace halfulp::onnx
