#include <fmt/format.h>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/onnx/element.h>
#include <halfulp/lib/onnx/operators/operators.h>
#include <halfulp/lib/onnx/operators/product.h>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/exact_sum.hpp>

namespace halfulp::onnx {
namespace {

void expect_same_type(const Tensor& a, const Tensor& b) {
    if (a.type != b.type)
        throw InputError(
            fmt::format("expected tensors of one type, found {} and {}", type_name(a.type), type_name(b.type)));
}

/// Sums of exact products, rounded once.
Tensor float_product(const Format& format, const MatrixProduct& product, const Tensor& a, const Tensor& b) {
    Tensor y = zeros(format, product.shape);
    product.for_each([&](std::size_t i, std::size_t row, std::size_t column) {
        ExactSum sum;
        for (std::size_t k = 0; k < product.steps; ++k)
            sum.add(mul(decode(format, a.codes[row + k]), decode(format, b.codes[column + k * product.columns])));
        y.codes[i] = round_pack(format, sum.value()).code;
    });
    return y;
}

/// Modulo 2^width: for integers of 64 bits the products wrap, too.
Tensor integer_product(const IntegerType& type, const MatrixProduct& product, const std::vector<std::int64_t>& a,
                       const std::vector<std::int64_t>& b) {
    Tensor y = zeros(type, product.shape);
    product.for_each([&](std::size_t i, std::size_t row, std::size_t column) {
        std::uint64_t sum = 0;
        for (std::size_t k = 0; k < product.steps; ++k)
            sum += static_cast<std::uint64_t>(a[row + k]) * static_cast<std::uint64_t>(b[column + k * product.columns]);
        y.codes[i] = sum & type.code_mask();
    });
    return y;
}

Tensor product_of(const Tensor& a, const Tensor& b) {
    expect_same_type(a, b);
    const MatrixProduct product = matrix_product(a.shape, b.shape);
    if (const auto* format = std::get_if<Format>(&a.type)) return float_product(*format, product, a, b);
    return integer_product(std::get<IntegerType>(a.type), product, integers_of(a, "A"), integers_of(b, "B"));
}

/// A matrix's transpose.
Tensor transposed(const Tensor& x) {
    Tensor y{.shape = {x.shape[1], x.shape[0]}, .type = x.type, .codes = {}};
    for (const std::size_t place : offsets(y.shape, {1, x.shape[1]})) y.codes.push_back(x.codes[place]);
    return y;
}

/// a[i] * b[i] or a[i] + b[i] in the elements' own arithmetic: floats rounded, integers modulo 2^width.
std::uint64_t combined(Operation operation, const ElementType& type, std::uint64_t a, std::uint64_t b) {
    if (const auto* format = std::get_if<Format>(&type)) return compute(operation, *format, {a, b, 0}).code;
    return (operation == Operation::Mul ? a * b : a + b) & std::get<IntegerType>(type).code_mask();
}

/// alpha or beta as an element.
std::uint64_t factor(const Call& call, const std::string& name, const ElementType& type) {
    const float value = call.number(name, 1);
    if (const auto* format = std::get_if<Format>(&type)) return code_of(*format, double{value});
    const Rounded whole = to_integer(std::get<IntegerType>(type), decode(binary64, code_of(binary64, double{value})));
    if (whole.status != Status{}) throw Unsupported(fmt::format("{} = {} with {}", name, value, type_name(type)));
    return whole.code;
}

}  // namespace

std::vector<Tensor> mat_mul(const Call& call) { return {product_of(call.input(0), call.input(1))}; }

std::vector<Tensor> gemm(const Call& call) {
    Tensor a = call.input(0), b = call.input(1);
    if (a.shape.size() != 2 || b.shape.size() != 2)
        throw InputError(
            fmt::format("expected two matrices, found shapes {} and {}", shape_text(a.shape), shape_text(b.shape)));
    if (call.integer("transA", 0) != 0) a = transposed(a);
    if (call.integer("transB", 0) != 0) b = transposed(b);
    Tensor y = product_of(a, b);
    const std::uint64_t alpha = factor(call, "alpha", y.type), beta = factor(call, "beta", y.type);
    for (std::uint64_t& code : y.codes) code = combined(Operation::Mul, y.type, alpha, code);
    const Tensor* c = call.optional(2);
    if (!c) return {y};
    expect_same_type(a, *c);
    const std::vector<std::size_t> places = broadcast_offsets(c->shape, y.shape);
    for (std::size_t i = 0; i < places.size(); ++i)
        y.codes[i] =
            combined(Operation::Add, y.type, y.codes[i], combined(Operation::Mul, y.type, beta, c->codes[places[i]]));
    return {y};
}

}  // namespace halfulp::onnx
