#include <halfulp/lib/onnx/operators/integers.h>

#include <fmt/format.h>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/onnx/element.h>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/onnx/graph.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/compute.hpp>

namespace halfulp::onnx {
namespace {

bool is_byte(const ElementType& type) {
    const auto* integer = std::get_if<IntegerType>(&type);
    return integer != nullptr && integer->width == 8;
}

}  // namespace

std::vector<std::int64_t> less_zero_point(const Tensor& x, const Tensor* zero_point,
                                          const std::vector<std::size_t>& places) {
    if (!is_byte(x.type)) throw Unsupported(fmt::format("products of {}", type_name(x.type)));
    std::vector<std::int64_t> steps = integers_of(x, "an operand");
    if (!zero_point) return steps;
    if (zero_point->type != x.type)
        throw InputError(
            fmt::format("expected a zero point of {}, found {}", type_name(x.type), type_name(zero_point->type)));
    const std::vector<std::int64_t> zeros_of_x = integers_of(*zero_point, "a zero point");
    for (std::size_t i = 0; i < steps.size(); ++i) steps[i] -= zeros_of_x[places[i]];
    return steps;
}

const Tensor& scalar(const Tensor& tensor, const char* name) {
    if (tensor.codes.size() == 1) return tensor;
    throw InputError(fmt::format("{}: expected a scalar, found the shape {}", name, shape_text(tensor.shape)));
}

Exact multiplier(const Tensor& a_scale, std::size_t a, const Tensor& b_scale, std::size_t b, const Tensor& y_scale) {
    const Format& format = format_of(y_scale, "a scale");
    if (a_scale.type != y_scale.type || b_scale.type != y_scale.type)
        throw InputError("expected scales of one type, found several");
    const std::uint64_t product = compute(Operation::Mul, format, {a_scale.codes[a], b_scale.codes[b], 0}).code;
    return decode(format, compute(Operation::Div, format, {product, y_scale.codes[0], 0}).code);
}

std::uint64_t requantised(std::int32_t accumulator, const Exact& multiplier, const Tensor& zero_point) {
    if (!is_byte(zero_point.type)) throw Unsupported(fmt::format("a result of {}", type_name(zero_point.type)));
    const auto& type = std::get<IntegerType>(zero_point.type);
    const auto zero = static_cast<std::int32_t>(integer_of(type, zero_point.codes[0]));
    const quantize::Affine affine{.scale = 1, .zero_point = zero, .range = quantize::full_range(type)};
    const std::int32_t code = quantize::code_of_quotient(affine, mul(exact(accumulator), multiplier));
    return static_cast<std::uint64_t>(code) & type.code_mask();
}

}  // namespace halfulp::onnx
