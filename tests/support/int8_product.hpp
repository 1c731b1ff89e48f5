#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <halfulp/lib/kernel/int8/int8_gemm.hpp>
#include <halfulp/lib/kernel/int8/targets.hpp>
#include <halfulp/lib/property/operands.hpp>
#include <string>
#include <vector>

#include "support/kernel_targets.hpp"

// Products of bytes by their definition in 64 bits, and data on which 16 bits are too few.

namespace halfulp::test {

using property::SplitMix;

/// Row after row.
template <class Number>
struct Int8Matrix {
    std::size_t rows, columns;
    std::vector<Number> elements;

    Int8Matrix(std::size_t m, std::size_t n) : rows(m), columns(n), elements(m * n) {}
    Number& operator()(std::size_t i, std::size_t j) { return elements[i * columns + j]; }
    Number operator()(std::size_t i, std::size_t j) const { return elements[i * columns + j]; }
    kernel::MatrixView<const Number> view() const { return kernel::row_major(elements.data(), rows, columns); }
    kernel::MatrixView<Number> view() { return kernel::row_major(elements.data(), rows, columns); }
};

/// Sums of (a - a_zero)(b - b_zero).
template <class Number>
std::vector<std::int64_t> defined_product(const Int8Matrix<Number>& a, const Int8Matrix<std::int8_t>& b, int a_zero = 0,
                                          int b_zero = 0) {
    std::vector<std::int64_t> sums(a.rows * b.columns);
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t k = 0; k < b.rows; ++k) {
            const std::int64_t factor = a(i, k) - a_zero;
            const std::int8_t* row = b.elements.data() + k * b.columns;
            for (std::size_t j = 0; j < b.columns; ++j) sums[i * b.columns + j] += factor * (row[j] - b_zero);
        }
    return sums;
}

/// Compares all; says which differs first.
inline void expect_product(const std::vector<std::int64_t>& expected, const std::vector<std::int32_t>& got,
                           const std::string& what) {
    ASSERT_EQ(got.size(), expected.size()) << what;
    std::size_t wrong = 0, first = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
        if (got[i] != expected[i] && wrong++ == 0) first = i;
    EXPECT_EQ(wrong, 0U) << what << ": of " << got.size() << ", first element " << first << ": expected "
                         << expected[first] << ", got " << got[first];
}

/// What A and B are filled with, from the least to the greatest number of their types.
enum class Int8Data : std::uint8_t { Random, Greatest, Least, Opposite, Alternating, Adversarial, Mixed };
inline constexpr std::array int8_data = {Int8Data::Random,   Int8Data::Greatest,    Int8Data::Least,
                                         Int8Data::Opposite, Int8Data::Alternating, Int8Data::Adversarial,
                                         Int8Data::Mixed};

/// Weights of both signs at the ends; or, in turns of 32 columns, within the limits at which the kernels change.
inline std::int8_t weight(Int8Data data, std::size_t k, std::size_t j, SplitMix& bits) {
    constexpr std::array<int, 6> limits = {16, 32, 33, 64, 65, 127};
    const bool odd = bits() % 2 != 0;
    switch (data) {
        case Int8Data::Random: return static_cast<std::int8_t>(bits());
        case Int8Data::Greatest: return INT8_MAX;
        case Int8Data::Least:
        case Int8Data::Opposite: return INT8_MIN;
        case Int8Data::Alternating: return k % 2 == 0 ? INT8_MAX : INT8_MIN;
        case Int8Data::Adversarial: return odd ? INT8_MAX : INT8_MIN;
        case Int8Data::Mixed: break;
    }
    const int limit = limits[j / 32 % limits.size()];
    return static_cast<std::int8_t>(odd ? limit : -limit);
}

/// The greatest number where the weights of one column are positive, else the least: sums as far apart as can be.
template <class Number>
Number factor(Int8Data data, std::size_t i, std::size_t k, const Int8Matrix<std::int8_t>& b, SplitMix& bits) {
    constexpr int least = std::numeric_limits<Number>::min(), most = std::numeric_limits<Number>::max();
    switch (data) {
        case Int8Data::Random: return static_cast<Number>(bits());
        case Int8Data::Greatest:
        case Int8Data::Opposite: return most;
        case Int8Data::Least: return least;
        case Int8Data::Alternating: return (i + k) % 2 == 0 ? most : least;
        case Int8Data::Adversarial:
        case Int8Data::Mixed: break;
    }
    return static_cast<Number>(b(k, i % b.columns) > 0 ? most : least);
}

template <class Number>
struct Int8Operands {
    Int8Matrix<Number> a;
    Int8Matrix<std::int8_t> b;

    Int8Operands(Int8Data data, std::size_t m, std::size_t n, std::size_t k) : a(m, k), b(k, n) {
        SplitMix bits(m * 1000003 + n * 1009 + k);
        for (std::size_t l = 0; l < k; ++l)
            for (std::size_t j = 0; j < n; ++j) b(l, j) = weight(data, l, j, bits);
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t l = 0; l < k; ++l) a(i, l) = factor<Number>(data, i, l, b, bits);
    }
    std::string text() const {
        return std::to_string(a.rows) + " x " + std::to_string(b.columns) + " x " + std::to_string(a.columns) +
               (std::is_signed_v<Number> ? " signed" : " unsigned");
    }
};

}  // namespace halfulp::test
