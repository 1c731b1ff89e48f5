#include <fmt/format.h>

#include <bit>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/onnx/element.h>
#include <halfulp/lib/onnx/operators/cast.h>
#include <halfulp/lib/onnx/operators/operators.h>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/onnx/shape.hpp>
#include <halfulp/lib/quantize/affine.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/float.hpp>

namespace halfulp::onnx {
namespace {

/// Which scale each element of x has: per tensor, per axis, or per block of an axis.
std::vector<std::size_t> scale_offsets(const Call& call, const Shape& x, const Shape& scale) {
    const std::int64_t block_size = call.integer("block_size", 0);
    if (block_size < 0)
        throw InputError(fmt::format("attribute block_size: expected no negative number, found {}", block_size));
    if (element_count(scale) == 1 && block_size == 0) return std::vector<std::size_t>(*element_count(x), 0);
    const std::size_t axis = axis_of(call.integer("axis", 1), x.size());
    const auto block = static_cast<std::size_t>(block_size == 0 ? 1 : block_size);
    Shape expected = block_size == 0 ? Shape{x[axis]} : x;
    expected[block_size == 0 ? 0 : axis] = x[axis] / block + (x[axis] % block == 0 ? 0 : 1);
    if (scale != expected)
        throw InputError(
            fmt::format("expected a scale of shape {}, found {}", shape_text(expected), shape_text(scale)));

    // The walk over x in the scale's strides, then the axis apart, as blocks are no stride.
    Shape strides(x.size(), 0);
    if (block_size != 0) strides = strides_of(scale);
    const std::size_t step = block_size == 0 ? 1 : strides[axis];
    strides[axis] = 0;
    std::vector<std::size_t> places = offsets(x, strides);
    const std::size_t inner = strides_of(x)[axis];
    for (std::size_t i = 0; i < places.size(); ++i) places[i] += i / inner % x[axis] / block * step;
    return places;
}

/// The zero point, if there is one, which has the shape of the scale and the type given.
const Tensor* zero_point_of(const Call& call, const Tensor& scale, const ElementType* type) {
    const Tensor* zero_point = call.optional(2);
    if (!zero_point) return nullptr;
    if (type && zero_point->type != *type)
        throw InputError(
            fmt::format("expected a zero point of {}, found {}", type_name(*type), type_name(zero_point->type)));
    const bool fits = zero_point->shape == scale.shape || (zero_point->codes.size() == 1 && scale.codes.size() == 1);
    if (!fits)
        throw InputError(fmt::format("expected a zero point of shape {}, found {}", shape_text(scale.shape),
                                     shape_text(zero_point->shape)));
    return zero_point;
}

/// In which format x / scale is computed: the attribute `precision`, else the scale's. Scales without a fraction, integers
/// and FLOAT8E8M0, leave it to x, and integers by integers to binary32.
Format precision_of(const Call& call, const Tensor& x, const Tensor& scale) {
    if (const std::int64_t number = call.integer("precision", 0)) {
        if (const auto* format = std::get_if<Format>(&data_type(number).element)) return *format;
        throw InputError(fmt::format("attribute precision: expected a float, found {}", data_type(number).name));
    }
    for (const Tensor* tensor : {&scale, &x})
        if (const auto* format = std::get_if<Format>(&tensor->type); format && *format != e8m0) return *format;
    return binary32;
}

/// The type of y, by zero point and attribute.
ElementType output_type(const Call& call) {
    const std::int64_t number = call.integer("output_dtype", 0);
    const Tensor* zero_point = call.optional(2);
    if (number == 0) return zero_point ? zero_point->type : ElementType(IntegerType{8, false});
    const ElementType type = data_type(number).element;
    if (zero_point && zero_point->type != type)
        throw InputError(fmt::format("attribute output_dtype: expected {} as the zero point, found {}",
                                     type_name(zero_point->type), type_name(type)));
    return type;
}

/// One element: the quotient, rounded to nearest even, then the zero point, then into the type.
struct Quantiser {
    Format precision;
    ElementType to;
    CastRules rules;

    Exact in_precision(const Exact& x) const { return decode(precision, round_pack(precision, x).code); }

    std::uint64_t operator()(const Exact& x, const Exact& scale, const Exact* zero_point) const {
        const Exact quotient = decode(precision, round_pack(precision, div(in_precision(x), in_precision(scale))).code);
        if (const auto* integer = std::get_if<IntegerType>(&to)) {
            const std::int32_t zero = zero_point ? to_integer<std::int32_t>(*zero_point).value : 0;
            const quantize::Affine affine{.scale = 1, .zero_point = zero, .range = quantize::full_range(*integer)};
            return static_cast<std::uint64_t>(quantize::code_of_quotient(affine, quotient)) & integer->code_mask();
        }
        if (!zero_point) return cast_code(to, quotient, rules);
        return cast_code(to, decode(precision, round_pack(precision, add(quotient, *zero_point)).code), rules);
    }
};

/// Throws Unsupported for a type that is no quantised one.
void expect_quantised(const ElementType& type) {
    const auto* integer = std::get_if<IntegerType>(&type);
    const bool quantised = integer ? integer->width <= 16 && type != ElementType(boolean)
                                   : std::get<Format>(type).width <= 8 && type != ElementType(e8m0);
    if (!quantised) throw Unsupported(fmt::format("quantisation to {}", type_name(type)));
}

}  // namespace

std::vector<Tensor> quantize_linear(const Call& call) {
    const Tensor &x = call.input(0), &scale = call.input(1);
    const Tensor* zero_point = zero_point_of(call, scale, nullptr);
    const Quantiser quantiser{
        precision_of(call, x, scale), output_type(call), {.saturate = call.integer("saturate", 1) != 0}};
    expect_quantised(quantiser.to);
    const std::vector<std::size_t> places = scale_offsets(call, x.shape, scale.shape);
    Tensor y = zeros(quantiser.to, x.shape);
    for (std::size_t i = 0; i < y.codes.size(); ++i) {
        const Exact zero = zero_point ? exact_of(zero_point->type, zero_point->codes[places[i]]) : Exact{};
        y.codes[i] = quantiser(exact_of(x.type, x.codes[i]), exact_of(scale.type, scale.codes[places[i]]),
                               zero_point ? &zero : nullptr);
    }
    return {y};
}

std::vector<Tensor> dequantize_linear(const Call& call) {
    const Tensor &x = call.input(0), &scale = call.input(1);
    const Tensor* zero_point = zero_point_of(call, scale, &x.type);
    const std::int64_t number = call.integer("output_dtype", 0);
    const ElementType to = number == 0 ? scale.type : data_type(number).element;
    if (!std::holds_alternative<Format>(to) || to == ElementType(e8m0))
        throw InputError(fmt::format("expected a float as the result, found {}", type_name(to)));
    const std::vector<std::size_t> places = scale_offsets(call, x.shape, scale.shape);
    Tensor y = zeros(to, x.shape);
    for (std::size_t i = 0; i < y.codes.size(); ++i) {
        Exact steps = exact_of(x.type, x.codes[i]);
        if (zero_point) {
            // Exact for integers; floats, of at most 8 bits, differ by what binary64 holds.
            const Sticky difference = sub(steps, exact_of(x.type, zero_point->codes[places[i]]));
            steps = decode(binary64, round_pack(binary64, difference).code);
        }
        y.codes[i] = round_pack(std::get<Format>(to), mul(steps, exact_of(scale.type, scale.codes[places[i]]))).code;
    }
    return {y};
}

std::vector<Tensor> dynamic_quantize_linear(const Call& call) {
    using Single = Float<binary32>;
    const Tensor& x = call.input(0);
    if (x.type != ElementType(binary32))
        throw Unsupported(fmt::format("DynamicQuantizeLinear of {}", type_name(x.type)));
    const Single zero{0}, one{0x3F800000}, steps{0x437F0000};  // 255
    Single least = zero, greatest = zero;
    for (const std::uint64_t code : x.codes) {
        const auto number = Single::from_code(code);
        if (number < least) least = number;
        if (number > greatest) greatest = number;
    }
    // Without a range the scale is 1/255, as the reference implementation has it.
    const Single scale = (greatest == least ? one : greatest - least) / steps;
    const quantize::CodeRange bytes{0, 255};
    const quantize::Affine from_zero{.scale = 1, .zero_point = 0, .range = bytes};
    const auto zero_point = quantize::code_of_quotient(from_zero, decode(zero - least / scale));
    const quantize::Affine affine{.scale = 1, .zero_point = zero_point, .range = bytes};
    Tensor y = zeros(IntegerType{8, false}, x.shape);
    for (std::size_t i = 0; i < y.codes.size(); ++i)
        y.codes[i] = static_cast<std::uint64_t>(
            quantize::code_of_quotient(affine, decode(Single::from_code(x.codes[i]) / scale)));
    return {y, Tensor{{}, binary32, {scale.code}},
            Tensor{{}, IntegerType{8, false}, {static_cast<std::uint64_t>(zero_point)}}};
}

}  // namespace halfulp::onnx
