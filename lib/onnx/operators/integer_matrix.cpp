#include <halfulp/lib/onnx/element.h>
#include <halfulp/lib/onnx/operators/integers.h>
#include <halfulp/lib/onnx/operators/operators.h>
#include <halfulp/lib/onnx/operators/product.h>

namespace halfulp::onnx {
namespace {

/// A zero point or scale of A has an element a row: a list of them stands for a column.
Shape by_rows(const Tensor& parameter) {
    return parameter.shape.size() == 1 && parameter.shape[0] != 1 ? Shape{parameter.shape[0], 1} : parameter.shape;
}

/// A shape that a tensor's may be broadcast to, where one element serves for all, whatever its rank.
std::vector<std::size_t> places(const Tensor& parameter, const Shape& shape, const Shape& to) {
    return broadcast_offsets(parameter.codes.size() == 1 ? Shape{} : shape, to);
}

struct MatrixOperands {
    const Tensor &a, &b;
    const Tensor *a_zero_point, *b_zero_point;
};

/// The sum of products of the steps from the zero points, modulo 2^32.
std::vector<std::int32_t> accumulators(const MatrixProduct& product, const MatrixOperands& x) {
    const auto a = less_zero_point(
        x.a, x.a_zero_point, x.a_zero_point ? places(*x.a_zero_point, by_rows(*x.a_zero_point), x.a.shape) : Shape{});
    const auto b = less_zero_point(
        x.b, x.b_zero_point, x.b_zero_point ? places(*x.b_zero_point, x.b_zero_point->shape, x.b.shape) : Shape{});
    std::vector<std::int32_t> sums;
    product.for_each([&](std::size_t, std::size_t row, std::size_t column) {
        std::int64_t sum = 0;
        for (std::size_t k = 0; k < product.steps; ++k) sum += a[row + k] * b[column + k * product.columns];
        sums.push_back(static_cast<std::int32_t>(sum));
    });
    return sums;
}

}  // namespace

std::vector<Tensor> mat_mul_integer(const Call& call) {
    const MatrixOperands x{call.input(0), call.input(1), call.optional(2), call.optional(3)};
    const MatrixProduct product = matrix_product(x.a.shape, x.b.shape);
    Tensor y = zeros(int32, product.shape);
    const std::vector<std::int32_t> sums = accumulators(product, x);
    for (std::size_t i = 0; i < sums.size(); ++i) y.codes[i] = static_cast<std::uint32_t>(sums[i]);
    return {y};
}

std::vector<Tensor> q_linear_mat_mul(const Call& call) {
    const MatrixOperands x{call.input(0), call.input(3), &call.input(2), &call.input(5)};
    const Tensor &a_scale = call.input(1), &b_scale = call.input(4);
    const Tensor &y_scale = scalar(call.input(6), "y_scale"), &y_zero_point = scalar(call.input(7), "y_zero_point");
    const MatrixProduct product = matrix_product(x.a.shape, x.b.shape);
    const auto a_places = places(a_scale, by_rows(a_scale), product.full_shape);
    const auto b_places = places(b_scale, b_scale.shape, product.full_shape);
    Tensor y = zeros(y_zero_point.type, product.shape);
    const std::vector<std::int32_t> sums = accumulators(product, x);
    for (std::size_t i = 0; i < sums.size(); ++i)
        y.codes[i] =
            requantised(sums[i], multiplier(a_scale, a_places[i], b_scale, b_places[i], y_scale), y_zero_point);
    return {y};
}

}  // namespace halfulp::onnx
