#pragma once

#include <bit>
#include <cstdint>
#include <halfulp/lib/diagnose/matrix.hpp>
#include <halfulp/softfloat/formats.hpp>

#include <Eigen/Core>

namespace halfulp::test {

/// Eigen's product of matrices of binary32.
inline Matrix by_eigen(const Matrix& a, const Matrix& b) {
    using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto floats = [](const Matrix& m) {
        Floats f(static_cast<Eigen::Index>(m.rows), static_cast<Eigen::Index>(m.columns));
        for (std::size_t i = 0; i < m.codes.size(); ++i)
            f.data()[i] = std::bit_cast<float>(static_cast<std::uint32_t>(m.codes[i]));
        return f;
    };
    const Floats product = floats(a) * floats(b);
    Matrix d{binary32, a.rows, b.columns, {}};
    for (std::size_t i = 0; i < d.rows * d.columns; ++i)
        d.codes.push_back(std::bit_cast<std::uint32_t>(product.data()[i]));
    return d;
}

}  // namespace halfulp::test
