#pragma once

#include <cstddef>
#include <vector>

#include <halfulp/lib/onnx/shape.hpp>

namespace halfulp::onnx {

/// The walk of numpy.matmul: which rows of A meet which columns of B.
struct MatrixProduct {
    Shape shape;                       ///< of the result
    Shape full_shape;                  ///< with the dimensions of 1 that vectors were given
    std::size_t rows, steps, columns;  ///< the first operand is rows x steps, the second steps x columns
    std::vector<std::size_t> a, b;     ///< where the matrices of each batch begin; none if the result is empty

    /// Calls element(index of the result, first element of a row of A, first element of a column of B). Along k, A's elements
    /// follow each other, and B's are `columns` apart.
    template <class Element>
    void for_each(Element element) const {
        std::size_t index = 0;
        for (std::size_t batch = 0; batch < a.size(); ++batch)
            for (std::size_t row = 0; row < rows; ++row)
                for (std::size_t column = 0; column < columns; ++column)
                    element(index++, a[batch] + row * steps, b[batch] + column);
    }
};

/// Throws InputError for shapes that have no product.
MatrixProduct matrix_product(const Shape& a, const Shape& b);

}  // namespace halfulp::onnx
