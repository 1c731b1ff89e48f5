#include <halfulp/lib/onnx/operators/product.h>

#include <fmt/format.h>

#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::onnx {
namespace {

/// Of a batch of matrices: the batch.
Shape leading(const Shape& shape) { return {shape.begin(), shape.end() - 2}; }

/// Where the matrices begin for each batch of the result.
std::vector<std::size_t> matrix_offsets(const Shape& shape, const Shape& batch) {
    std::vector<std::size_t> places = broadcast_offsets(leading(shape), batch);
    for (std::size_t& place : places) place *= shape[shape.size() - 2] * shape.back();
    return places;
}

}  // namespace

MatrixProduct matrix_product(const Shape& a, const Shape& b) {
    if (a.empty() || b.empty()) throw InputError("expected matrices or vectors, found a scalar");
    Shape left = a, right = b;
    if (a.size() == 1) left.insert(left.begin(), 1);
    if (b.size() == 1) right.push_back(1);
    if (left.back() != right[right.size() - 2])
        throw InputError(fmt::format("expected as many columns of A as rows of B, found shapes {} and {}",
                                     shape_text(a), shape_text(b)));
    MatrixProduct product{.shape = broadcast(leading(left), leading(right)),
                          .full_shape = {},
                          .rows = left[left.size() - 2],
                          .steps = left.back(),
                          .columns = right.back(),
                          .a = {},
                          .b = {}};
    product.full_shape = product.shape;
    product.full_shape.insert(product.full_shape.end(), {product.rows, product.columns});
    if (size_of(product.full_shape) > 0) {
        product.a = matrix_offsets(left, product.shape);
        product.b = matrix_offsets(right, product.shape);
    }
    if (a.size() > 1) product.shape.push_back(product.rows);
    if (b.size() > 1) product.shape.push_back(product.columns);
    return product;
}

}  // namespace halfulp::onnx
