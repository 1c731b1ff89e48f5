// Claim: numbers of Eigen and CUDA become Float<F> and back without a changed bit, and their arrays, spans and matrices go to
// the kernels where they lie.
// Oracle: for codes the codes themselves; for the formats the conversions to float of Eigen and CUDA; for products of
// matrices of small integers, which are exact, integers. Shared with the code: nothing. What needs CUDA's headers is
// skipped where they are not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#ifdef HALFULP_HAS_CUDA_HEADERS
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#endif

#include <bit>
#include <cstdint>
#include <cstring>
#include <halfulp/lib/adapter/cuda.hpp>
#include <halfulp/lib/adapter/eigen.hpp>
#include <halfulp/lib/adapter/matrix_view.hpp>
#include <halfulp/lib/kernel/gemm.hpp>
#include <halfulp/lib/kernel/gemv.hpp>
#include <halfulp/lib/kernel/span_view.hpp>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <Eigen/Core>

namespace halfulp {
namespace {

using testing::ElementsAre;

/// Every code of 16 bits passes both ways, and the number is the one that `widened` says.
template <class T>
void expect_every_code_passes(float (*widened)(const T&)) {
    std::size_t wrong = 0;
    for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
        const auto bits = static_cast<std::uint16_t>(code);
        T x;
        std::memcpy(static_cast<void*>(&x), &bits, sizeof(bits));
        const auto number = to_float(x);
        const T back = from_float<T>(number);
        const bool same = number.code == bits && std::memcmp(&back, &bits, sizeof(bits)) == 0;
        const float value = widened(x);
        const bool nan = value != value && number != number;
        if (!same || (!nan && convert<binary32>(number).value.code != std::bit_cast<std::uint32_t>(value))) ++wrong;
    }
    EXPECT_EQ(wrong, 0U);
}

TEST(Adapter, TakesEveryCodeOfEigen) {
    expect_every_code_passes<Eigen::half>([](const Eigen::half& x) { return static_cast<float>(x); });
    expect_every_code_passes<Eigen::bfloat16>([](const Eigen::bfloat16& x) { return static_cast<float>(x); });
}

TEST(Adapter, TakesEveryCodeOfCuda) {
#ifdef HALFULP_HAS_CUDA_HEADERS
    expect_every_code_passes<__half>([](const __half& x) { return __half2float(x); });
    expect_every_code_passes<__nv_bfloat16>([](const __nv_bfloat16& x) { return __bfloat162float(x); });
#else
    GTEST_SKIP() << "no headers of CUDA";
#endif
}

TEST(Adapter, TakesFloatAndDouble) {
    EXPECT_EQ(to_float(-1.5F).code, 0xBFC00000U);
    EXPECT_EQ(to_float(-1.5).code, 0xBFF8000000000000U);
    EXPECT_EQ(from_float<float>(Float<binary32>{0x40490FDB}), 0x1.921fb6p+1F);
    static_assert(!Stored<int> && !Stored<bool> && Stored<const float>);
    static_assert(from_float<float>(to_float(0.1F)) == 0.1F);
}

TEST(Adapter, ReachesTheCodesOfAnArrayWhereTheyLie) {
    std::vector<Eigen::half> halves = {Eigen::half(1.0F), Eigen::half(-2.0F), Eigen::half(0.5F)};
    const std::span codes = codes_of(std::span(halves));
    EXPECT_THAT(codes, ElementsAre(0x3C00, 0xC000, 0x3800));
    EXPECT_EQ(static_cast<void*>(codes.data()), static_cast<void*>(halves.data()));
    codes[1] = 0x4200;
    EXPECT_EQ(static_cast<float>(halves[1]), 3.0F);
    const std::vector<Float<e4m3fn>> bytes = {{0x38}, {0x7E}};
    EXPECT_THAT(codes_of(std::span(bytes)), ElementsAre(0x38, 0x7E));
    static_assert(std::is_same_v<decltype(codes_of(std::span(bytes)))::element_type, const std::uint8_t>);
}

/// Element (i, j) of the matrices below: a small integer, another one at every place.
int number(std::size_t i, std::size_t j) { return static_cast<int>(3 * i) - static_cast<int>(j); }

/// The product of blocks of two matrices of `number`, from (1, 2) and (3, 1) on, in integers.
int product(std::size_t i, std::size_t j, std::size_t steps) {
    int sum = 0;
    for (std::size_t k = 0; k < steps; ++k) sum += number(1 + i, 2 + k) * number(3 + k, 1 + j);
    return sum;
}

/// C's block from (2, 1) on has the products, and around it is what was there.
void expect_block_of_products(const auto& c, std::size_t rows, std::size_t columns, std::size_t steps) {
    for (Eigen::Index i = 0; i < c.rows(); ++i)
        for (Eigen::Index j = 0; j < c.cols(); ++j) {
            const auto row = static_cast<std::size_t>(i) - 2, column = static_cast<std::size_t>(j) - 1;
            const bool inside = row < rows && column < columns;
            EXPECT_EQ(static_cast<float>(c(i, j)), inside ? static_cast<float>(product(row, column, steps)) : 77.0F)
                << i << ", " << j;
        }
}

template <class Matrix>
Matrix numbers(Eigen::Index rows, Eigen::Index columns) {
    Matrix m(rows, columns);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < columns; ++j)
            m(i, j) = typename Matrix::Scalar(
                static_cast<float>(number(static_cast<std::size_t>(i), static_cast<std::size_t>(j))));
    return m;
}

template <class T, int order>
using Any = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, order>;

/// A 4 x 5 block by a 5 x 3 one into a block of C.
template <class T, class R, int order>
void expect_blocks_are_multiplied(std::string_view policy) {
    const auto a = numbers<Any<T, order>>(6, 9);
    const auto b = numbers<Any<T, Eigen::ColMajor>>(9, 5);
    Any<R, order> c = Any<R, order>::Constant(7, 6, R(77.0F));
    kernel::gemm(*kernel::find_gemm_policy(policy), view_of(a.block(1, 2, 4, 5)), view_of(b.block(3, 1, 5, 3)),
                 view_of(c.block(2, 1, 4, 3)));
    expect_block_of_products(c, 4, 3, 5);
}

TEST(MatrixViews, BlocksOfEigenAreMultipliedWhereTheyLie) {
    expect_blocks_are_multiplied<float, float, Eigen::ColMajor>("fp32");
    expect_blocks_are_multiplied<float, float, Eigen::RowMajor>("fp32");
    expect_blocks_are_multiplied<Eigen::half, float, Eigen::RowMajor>("fp16/fp32");
    expect_blocks_are_multiplied<Eigen::half, Eigen::half, Eigen::ColMajor>("fp16");
    expect_blocks_are_multiplied<Scalar<binary16>, Scalar<binary16>, Eigen::RowMajor>("fp16");
    expect_blocks_are_multiplied<Eigen::bfloat16, float, Eigen::ColMajor>("bf16/fp32");
}

TEST(MatrixViews, MapsOfEigenHaveTheirStrides) {
    const std::vector<float> memory = {1, 0, 2, 0, 0, 0, 3, 0, 4, 0, 0, 0};
    const Eigen::Map<const Any<float, Eigen::RowMajor>, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>> map(
        memory.data(), 2, 2, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(6, 2));
    const auto view = view_of(map);
    EXPECT_EQ(view.row_stride, 6U);
    EXPECT_EQ(view.column_stride, 2U);
    EXPECT_THAT((std::array{view(0, 0), view(0, 1), view(1, 0), view(1, 1)}), ElementsAre(1, 2, 3, 4));
    EXPECT_EQ(view.data, memory.data());

    std::array<float, 2> y{};
    const std::array<float, 2> x = {10, 1};
    kernel::gemv(*kernel::find_gemm_policy("fp32"), *find_reduction("sequential"), view, x, y);
    EXPECT_THAT(y, ElementsAre(12, 34));
}

TEST(MatrixViews, SpansGiveSubMatricesAndKnowTheirEnd) {
    std::vector<float> memory(3 * 7);
    for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<float>(i);
    const std::span all(memory);
    const auto rows = kernel::row_major(all, 3, 5, 7);
    EXPECT_EQ(rows(2, 4), 18);
    const auto columns = kernel::column_major(all, 5, 3, 7);
    EXPECT_EQ(columns(4, 2), 18);
    const auto inner = kernel::block(rows, 1, 2, 3, 2);
    EXPECT_THAT((std::array{inner(0, 0), inner(0, 1), inner(1, 0), inner(1, 1)}), ElementsAre(10, 11, 17, 18));

    EXPECT_EQ(kernel::row_major(all.first(19), 3, 5, 7).rows, 3U) << "the last row need not be as long as `leading`";
    EXPECT_EQ(kernel::row_major(all.first(0), 0, 5).rows, 0U);
    EXPECT_EQ(kernel::row_major(all.first(2), 1000, 2, 0).rows, 1000U) << "one row again and again";
    EXPECT_THROW(kernel::row_major(all.first(18), 3, 5, 7), std::invalid_argument);
    EXPECT_THROW(kernel::column_major(all.first(18), 5, 3, 7), std::invalid_argument);
    EXPECT_THROW(kernel::row_major(all, 2, 22), std::invalid_argument);
    EXPECT_THROW(kernel::row_major(all, std::size_t{1} << 62, 4), std::invalid_argument) << "2^64 elements";
    EXPECT_THROW(kernel::row_major(all.first(1), 1000, 2, 0), std::invalid_argument);
}

}  // namespace
}  // namespace halfulp
