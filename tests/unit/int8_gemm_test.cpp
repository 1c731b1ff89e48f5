// Claim: int8_gemm is the sum of products, exactly, for every shape, layout, zero point and number of threads, with every
// instruction set of this CPU; and it refuses what could leave 32 bits.
// Oracle: the definition in 64 bits. Shared: nothing.

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/int8_product.hpp"

namespace halfulp::test {
namespace {

using kernel::Int8Census;
using kernel::Int8Kernel;
using kernel::Int8Options;

template <class Number>
Int8Census multiply(const Int8Operands<Number>& x, Int8Matrix<std::int32_t>& c, const Int8Options& options = {}) {
    return int8_gemm(x.a.view(), x.b.view(), c.view(), options);
}

template <class Number>
void expect_defined(Int8Data data, std::size_t m, std::size_t n, std::size_t k, unsigned most_threads = 3) {
    const Int8Operands<Number> x(data, m, n, k);
    const auto expected = defined_product(x.a, x.b);
    on_every_target([&] {
        std::vector<Int8Census> census;
        for (unsigned threads = 1; threads <= most_threads; ++threads) {
            Int8Matrix<std::int32_t> c(m, n);
            std::fill(c.elements.begin(), c.elements.end(), 77);
            census.push_back(multiply(x, c, {.threads = threads}));
            expect_product(
                expected, c.elements,
                x.text() + ", data " + std::to_string(static_cast<int>(data)) + ", threads " + std::to_string(threads));
            EXPECT_EQ(census.back().panels, census.front().panels);
        }
    });
}

class Int8Gemm : public testing::TestWithParam<Int8Data> {};
INSTANTIATE_TEST_SUITE_P(EveryData, Int8Gemm, testing::ValuesIn(int8_data));

TEST_P(Int8Gemm, AroundTheEdgesOfTiles) {
    for (const std::size_t m : {1U, 5U, 6U, 7U, 13U})
        for (const std::size_t n : {1U, 15U, 16U, 17U, 32U, 33U})
            for (const std::size_t k : {1U, 3U, 4U, 5U, 8U, 9U}) expect_defined<std::int8_t>(GetParam(), m, n, k, 1);
    expect_defined<std::uint8_t>(GetParam(), 7, 33, 9);
}

TEST_P(Int8Gemm, AroundTheEdgesOfBlocks) {
    for (const std::size_t k : {511U, 513U, 1025U}) {
        expect_defined<std::int8_t>(GetParam(), 7, 193, k);
        expect_defined<std::uint8_t>(GetParam(), 7, 33, k);
    }
    for (const std::size_t m : {240U, 241U, 487U}) expect_defined<std::int8_t>(GetParam(), m, 17, 6);
    for (const std::size_t n : {4096U, 4097U}) expect_defined<std::uint8_t>(GetParam(), 2, n, 3);
}

TEST(Int8GemmKernels, MixedPanelsTakeAllOfTheTarget) {
    const Int8Operands<std::uint8_t> x(Int8Data::Mixed, 9, 192, 64);
    on_every_target([&] {
        Int8Matrix<std::int32_t> c(9, 192);
        const Int8Census census = multiply(x, c);
        const bool certifies = census.of(Int8Kernel::DotOfFour) + census.of(Int8Kernel::Plain) == 0;
        for (const Int8Kernel kernel : {Int8Kernel::TwoPairs, Int8Kernel::OnePair, Int8Kernel::Widened})
            EXPECT_EQ(census.of(kernel) > 0, certifies) << row_of(kernel).name;
    });
}

/// Every order of both strides, with gaps, which stay as they are.
TEST(Int8GemmLayouts, EveryOrderAndNothingBetween) {
    constexpr std::size_t m = 13, n = 37, k = 21;
    const Int8Operands<std::int8_t> x(Int8Data::Random, m, n, k);
    const auto expected = defined_product(x.a, x.b);
    const auto laid_out = [](auto& store, std::size_t rows, std::size_t columns, int order) {
        using Number = typename std::decay_t<decltype(store)>::value_type;
        store.assign(rows * columns * 6 + 64, Number{99});
        switch (order) {
            case 0: return kernel::row_major(store.data(), rows, columns, columns + 3);
            case 1: return kernel::column_major(store.data(), rows, columns, rows + 2);
            default: return kernel::MatrixView<Number>{store.data(), rows, columns, columns * 2 + 1, 2};
        }
    };
    on_every_target([&] {
        for (int order = 0; order < 27; ++order) {
            std::vector<std::int8_t> a, b;
            std::vector<std::int32_t> c;
            const auto a_view = laid_out(a, m, k, order % 3), b_view = laid_out(b, k, n, order / 3 % 3);
            const auto c_view = laid_out(c, m, n, order / 9);
            for (std::size_t i = 0; i < m; ++i)
                for (std::size_t l = 0; l < k; ++l) a_view(i, l) = x.a(i, l);
            for (std::size_t l = 0; l < k; ++l)
                for (std::size_t j = 0; j < n; ++j) b_view(l, j) = x.b(l, j);
            int8_gemm(kernel::MatrixView<const std::int8_t>(a_view), kernel::MatrixView<const std::int8_t>(b_view),
                      c_view);
            std::vector<std::int32_t> got;
            for (std::size_t i = 0; i < m; ++i)
                for (std::size_t j = 0; j < n; ++j) got.push_back(std::exchange(c_view(i, j), 99));
            expect_product(expected, got, "order " + std::to_string(order));
            EXPECT_EQ(std::count(c.begin(), c.end(), 99), c.size()) << "order " << order;
        }
    });
}

template <class Number>
void expect_zero_points(std::initializer_list<int> a_zeros) {
    const Int8Operands<Number> x(Int8Data::Random, 13, 40, 530);
    Int8Matrix<std::int32_t> before(13, 40);
    for (std::size_t i = 0; i < before.elements.size(); ++i)
        before.elements[i] = static_cast<std::int32_t>(i * 1000003 % 4000037) - 2000000;
    for (const int a_zero : a_zeros)
        for (const int b_zero : {0, 1, -128, 127})
            for (const bool accumulate : {false, true}) {
                auto expected = defined_product(x.a, x.b, a_zero, b_zero);
                for (std::size_t i = 0; accumulate && i < expected.size(); ++i) expected[i] += before.elements[i];
                on_every_target([&] {
                    Int8Matrix<std::int32_t> c = before;
                    multiply(x, c, {.a_zero = a_zero, .b_zero = b_zero, .accumulate = accumulate});
                    expect_product(expected, c.elements,
                                   "zero points " + std::to_string(a_zero) + " and " + std::to_string(b_zero));
                });
            }
}
TEST(Int8GemmOptions, ZeroPointsAndSumsToAddTo) {
    expect_zero_points<std::int8_t>({0, 5, -128, 127});
    expect_zero_points<std::uint8_t>({0, 128, 255});
}

TEST(Int8GemmOptions, EmptyMatrices) {
    Int8Matrix<std::int8_t> a(2, 0), b(0, 3), none(0, 4), wide(4, 0);
    Int8Matrix<std::int32_t> c(2, 3), empty(0, 0);
    const auto seven = std::vector<std::int32_t>(6, 7);
    c.elements = seven;
    int8_gemm(std::as_const(a).view(), std::as_const(b).view(), c.view(), {.accumulate = true});
    EXPECT_EQ(c.elements, seven);
    int8_gemm(std::as_const(a).view(), std::as_const(b).view(), c.view());
    EXPECT_EQ(c.elements, std::vector<std::int32_t>(6));
    EXPECT_EQ(int8_gemm(std::as_const(none).view(), std::as_const(wide).view(), empty.view()).panels,
              Int8Census{}.panels);
}

/// All elements of A are a, of B b.
std::int32_t sum_of(std::size_t k, int a, int b, const Int8Options& options = {}, std::int32_t before = 0) {
    const std::vector<std::uint8_t> a_bytes(k, static_cast<std::uint8_t>(a));
    const std::vector<std::int8_t> b_bytes(k, static_cast<std::int8_t>(b));
    const kernel::MatrixView<const std::int8_t> b_view = kernel::row_major(b_bytes.data(), k, 1);
    const auto c = kernel::row_major(&before, 1, 1);
    if (a >= 0) {
        int8_gemm(kernel::row_major(a_bytes.data(), 1, k), b_view, c, options);
    } else {
        int8_gemm(kernel::row_major(reinterpret_cast<const std::int8_t*>(a_bytes.data()), 1, k), b_view, c, options);
    }
    return before;
}

TEST(Int8GemmLimits, SumsUpTo32Bits) {
    on_every_target([] {
        EXPECT_EQ(sum_of(66311, 255, 127), 66311 * 255 * 127);
        EXPECT_EQ(sum_of(65793, 255, -128), 65793 * 255 * -128);
        EXPECT_EQ(sum_of(131071, -128, -128), 131071 * 16384);
        EXPECT_EQ(sum_of(1, 255, 127, {.accumulate = true}, INT32_MAX - 255 * 127), INT32_MAX);
        EXPECT_EQ(sum_of(200000, 255, 127, {.a_zero = 254}), 200000 * 127);
    });
    EXPECT_THROW(sum_of(66312, 255, 127), std::invalid_argument);
    EXPECT_THROW(sum_of(65794, 255, -128), std::invalid_argument);
    EXPECT_THROW(sum_of(131072, -128, -128), std::invalid_argument);
    EXPECT_THROW(sum_of(131072, -128, 0, {.b_zero = -128}), std::invalid_argument);
    EXPECT_THROW(sum_of(1, 255, 127, {.accumulate = true}, INT32_MAX - 255 * 127 + 1), std::invalid_argument);
    EXPECT_THROW(sum_of(1, 1, 1, {.accumulate = true}, INT32_MIN), std::invalid_argument);
    // With strides of 0 no memory bounds k.
    const std::int8_t one = 1;
    std::int32_t c = 0;
    constexpr std::size_t huge = std::size_t{1} << 62;
    EXPECT_THROW(int8_gemm(kernel::MatrixView<const std::int8_t>{&one, 1, huge, 0, 0},
                           kernel::MatrixView<const std::int8_t>{&one, huge, 1, 0, 0}, kernel::row_major(&c, 1, 1)),
                 std::invalid_argument);
}

TEST(Int8GemmLimits, WhatBreaksARuleIsRefusedAndChangesNothing) {
    Int8Matrix<std::int8_t> a(2, 3), b(3, 4);
    Int8Matrix<std::int32_t> c(2, 4);
    c.elements.assign(8, 7);
    const auto refused = [&](const kernel::MatrixView<const std::int8_t>& x, const kernel::MatrixView<std::int32_t>& to,
                             const Int8Options& options) {
        EXPECT_THROW(int8_gemm(x, std::as_const(b).view(), to, options), std::invalid_argument);
    };
    const kernel::MatrixView<const std::int8_t> fine = a.view();
    refused({a.elements.data(), 3, 3, 1, 1}, c.view(), {});
    refused({a.elements.data(), 2, 2, 3, 1}, c.view(), {});
    refused(fine, kernel::row_major(c.elements.data(), 2, 3, 4), {});
    refused(fine, {c.elements.data(), 2, 4, 1, 1}, {});
    refused({nullptr, 2, 3, 3, 1}, c.view(), {});
    refused({reinterpret_cast<const std::int8_t*>(c.elements.data()), 2, 3, 3, 1}, c.view(), {});
    refused(fine, c.view(), {.a_zero = 128});
    refused(fine, c.view(), {.b_zero = -129});
    EXPECT_EQ(c.elements, std::vector<std::int32_t>(8, 7));
}

}  // namespace
}  // namespace halfulp::test
