// Claim: gemm leaves, bit for bit, what its definition says, for every policy, with every instruction set of this CPU and
// any number of threads, on sizes around every block's edge, in any layout, and touches nothing else.
// Oracle: the definition by the emulator (held to MPFR and to exact rationals elsewhere). Shared: nothing; but what
// happens with alpha, beta and no product is written down in both, and worked out by hand in GemmConventions below.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cfenv>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/gemm_case.hpp"

namespace halfulp::test {

namespace {

using kernel::gemm_policies;

class Gemm : public testing::TestWithParam<GemmPolicy> {};
INSTANTIATE_TEST_SUITE_P(EveryPolicy, Gemm, testing::ValuesIn(gemm_policies), [](const auto& test) {
    std::string name(test.param.name);
    for (char& x : name)
        if (x == '/' || x == ' ') x = '_';
    return name;
});

constexpr std::array all_layouts{Layout::Rows, Layout::Columns, Layout::PaddedRows, Layout::PaddedColumns,
                                 Layout::Apart};

/// A tile has up to 14 rows and 32 columns.
TEST_P(Gemm, EverySizeOfATile) {
    for (std::size_t m = 1; m <= 30; ++m) expect_defined({GetParam(), {m, 3, 2}});
    for (std::size_t n = 1; n <= 66; ++n) expect_defined({GetParam(), {3, n, 2}});
    for (std::size_t k = 1; k <= 35; ++k) expect_defined({GetParam(), {3, 2, k}});
}

/// A block has up to 384 steps and 168 rows, a part 1024 rows and columns.
TEST_P(Gemm, SizesAroundTheEdgesOfBlocks) {
    for (const std::size_t k : {383U, 384U, 385U, 767U, 768U, 769U, 1153U}) expect_defined({GetParam(), {2, 3, k}});
    for (const std::size_t m : {167U, 168U, 169U, 335U, 337U}) expect_defined({GetParam(), {m, 2, 3}});
    expect_defined({GetParam(), {169, 33, 385}, Layout::Rows, Layout::Rows, Layout::Rows, 1.5F, 0.75F});
}

TEST_P(Gemm, PartsBegunAnywhere) {
    for (const std::size_t size : {1023U, 1024U, 1025U, 2049U}) {
        expect_defined({GetParam(), {size, 2, 2}});
        expect_defined({GetParam(), {2, size, 2}});
    }
}

/// Small matrices of binary32 are multiplied where they lie; their last vectors may overlap.
TEST_P(Gemm, SmallMatrices) {
    for (std::size_t n = 1; n <= 67; ++n)
        for (const float alpha : {1.0F, 0.6F})
            for (const float beta : {0.0F, -0.75F})
                expect_defined(
                    {GetParam(), {15, n, 3}, Layout::PaddedRows, Layout::PaddedRows, Layout::PaddedRows, alpha, beta});
}

/// Products about both ends of the range, which come of factors about its root: where kernels need not look out for
/// infinity any more, and where products are subnormal numbers.
TEST_P(Gemm, ProductsAboutTheEndsOfTheRange) {
    const Format& f = GetParam().accumulate;
    for (const int end : {f.emax(), f.emin(), f.emin() - f.fraction_bits()})
        for (int off = -10; off <= 1; ++off)
            for (const std::size_t k : {1U, 7U})
                expect_defined({GetParam(),
                                {9, 17, k},
                                Layout::Rows,
                                Layout::Rows,
                                Layout::Rows,
                                1,
                                0,
                                about((end + (end > 0 ? off : -off)) / 2)});
}

/// bfloat16's sums are rounded in another way from 2^112 on: here they begin below, and all grow.
TEST_P(Gemm, SumsAboutTheLastThatIsBounded) {
    const auto draw = [](const Format& f, property::SplitMix& bits) {
        return property::at_exponent(f, bits() & f.magnitude_mask(), 55, 0, bits);
    };
    for (std::size_t k = 1; k <= 8; ++k)
        expect_defined({GetParam(), {9, 17, k}, Layout::Rows, Layout::Rows, Layout::Rows, 1, 0, draw});
}

TEST_P(Gemm, AnyLayouts) {
    for (const Layout a : all_layouts)
        for (const Layout b : all_layouts)
            for (const Layout c : all_layouts) expect_defined({GetParam(), {17, 19, 18}, a, b, c, 1.5F, -0.75F});
}

TEST_P(Gemm, AnyLayoutsOverSeveralBlocks) {
    for (const Layout layout : all_layouts) expect_defined({GetParam(), {3, 5, 787}, layout, layout, layout, 1, 1});
}

TEST_P(Gemm, AnyCodes) {
    for (const float beta : {0.0F, 1.0F})
        for (const std::size_t k : {1U, 2U, 5U, 40U})
            expect_defined({GetParam(), {33, 35, k}, Layout::Rows, Layout::Rows, Layout::Rows, 1, beta, any_code});
}

TEST_P(Gemm, AnyScalars) {
    constexpr float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    for (const float alpha : {0.0F, -0.0F, 1.0F, -1.0F, 0.3F, 1e-40F, 70000.0F, infinity, nan})
        for (const float beta : {0.0F, -0.0F, 1.0F, -1.0F, 0.7F, 1e-41F, 70000.0F, -infinity, nan})
            for (const Draw& draw : {Draw(any_code), Draw(ordinary_code)})
                for (const std::size_t k : {0U, 3U})
                    expect_defined(
                        {GetParam(), {3, 19, k}, Layout::Rows, Layout::Rows, Layout::Rows, alpha, beta, draw});
}

/// Enough work that several threads take part: by a policy of each source file.
TEST(GemmThreads, ShareAProduct) {
    for (const std::string_view name : {"fp32", "fp16/fp32/fp16", "bf16"})
        expect_defined({*kernel::find_gemm_policy(name), {150, 140, 101}});
}

using kernel::column_major;
using kernel::gemm;
using kernel::row_major;

const GemmPolicy& fp32 = gemm_policies[0];

std::string message_of(auto call) {
    try {
        call();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "no error";
}

/// By hand: a NaN shows whether a matrix was read.
TEST(GemmConventions, OfBlas) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> a{1, 2, 3, 4}, b{5, 6, 7, 8}, nans(4, nan);
    const auto product = [](const std::vector<float>& x, const std::vector<float>& y, std::vector<float> z,
                            const kernel::GemmOptions& options) {
        gemm(fp32, row_major(x.data(), 2, 2), row_major(y.data(), 2, 2), row_major(z.data(), 2, 2), options);
        return z;
    };
    EXPECT_EQ(product(a, b, nans, {}), (std::vector<float>{19, 22, 43, 50}));
    EXPECT_EQ(product(a, b, {1, 1, 1, 1}, {2, -1}), (std::vector<float>{37, 43, 85, 99}));
    EXPECT_EQ(product(nans, nans, {1, 2, 3, 4}, {0, 3}), (std::vector<float>{3, 6, 9, 12}));
    EXPECT_EQ(product(nans, nans, nans, {0, 0}), (std::vector<float>{0, 0, 0, 0}));
    std::vector<float> c{1, 2, 3, 4};
    gemm(fp32, row_major<const float>(nullptr, 2, 0), row_major<const float>(nullptr, 0, 2), row_major(c.data(), 2, 2),
         {1, 2});
    EXPECT_EQ(c, (std::vector<float>{2, 4, 6, 8}));
    gemm(fp32, row_major<const float>(nullptr, 0, 2), row_major(b.data(), 2, 2), row_major<float>(nullptr, 0, 2));
    // In columns, transposed: (A B)^T = B^T A^T.
    gemm(fp32, column_major(b.data(), 2, 2), column_major(a.data(), 2, 2), column_major(c.data(), 2, 2));
    EXPECT_EQ(c, (std::vector<float>{19, 22, 43, 50}));
}

/// 1 + 2^-24 + 2^-24, in this order, is 1 to nearest: to sum the small ones first, or upwards, would show.
TEST(GemmConventions, TheCallersEnvironmentTakesNoPart) {
    const std::vector<float> a{1, 0x1p-24F, 0x1p-24F, 0x1p-149F}, b{1, 1, 1, 1};
    std::vector<float> c(1);
    ASSERT_EQ(std::fesetround(FE_UPWARD), 0);
    gemm(fp32, row_major(a.data(), 1, 4), row_major(b.data(), 4, 1), row_major(c.data(), 1, 1));
    const int rounding = std::fegetround();
    std::fesetround(FE_TONEAREST);
    EXPECT_EQ(rounding, FE_UPWARD);
    EXPECT_EQ(c[0], 1.0F);
}

TEST(GemmErrors, SaySoInOneLine) {
    std::vector<float> x(64);
    std::vector<std::uint16_t> y(64);
    const auto in = row_major<const float>(x.data(), 2, 2);
    const auto error = [&](const auto& a, const auto& b, const auto& c) {
        return message_of([&] { gemm(fp32, a, b, c); });
    };
    const auto out = row_major(x.data() + 32, 2, 2);
    EXPECT_EQ(error(in, in, out), "no error");
    EXPECT_EQ(error(in, row_major<const float>(x.data(), 3, 2), out),
              "gemm: expected m x k times k x n to m x n, got 2 x 2 times 3 x 2 to 2 x 2");
    EXPECT_EQ(error(in, in, row_major(x.data() + 32, 2, 3)),
              "gemm: expected m x k times k x n to m x n, got 2 x 2 times 2 x 2 to 2 x 3");
    EXPECT_EQ(error(in, in, row_major(x.data(), 2, 2)), "gemm: C: expected memory of its own, got some that A lies in");
    EXPECT_EQ(error(in, row_major<const float>(x.data() + 30, 2, 2), out),
              "gemm: C: expected memory of its own, got some that B lies in");
    EXPECT_EQ(error(row_major<const float>(nullptr, 2, 2), in, out),
              "gemm: A: expected 2 x 2 elements, got a null pointer");
    EXPECT_EQ(error(MatrixView<const float>{x.data(), 2, 2, std::size_t(-2), 1}, in, out),
              "gemm: A: expected a matrix within memory, got 2 x 2 elements of 4 bytes with strides -2 "
              "and 1");
    EXPECT_EQ(error(in, in, MatrixView<float>{x.data() + 32, 2, 2, 1, 1}),
              "gemm: C: expected elements of their own, got strides 1 and 1, with which some of 2 x 2 are one");
    EXPECT_EQ(message_of([&] { gemm(gemm_policies[1], in, in, out); }),
              "gemm: policy fp16/fp32 has elements of 16 bits and results of 32, got 32 and 32");
    GemmPolicy unknown = gemm_policies[5];
    unknown.storage = bfloat16;
    const auto codes = row_major(y.data(), 2, 2);
    EXPECT_THAT(message_of([&] { gemm(unknown, codes, codes, row_major(y.data() + 32, 2, 2)); }),
                testing::StartsWith("gemm: expected the formats of one of fp32, fp16/fp32,"));
}

/// One number for every element, between two rows of another: it is looked at once, however often it counts.
TEST(GemmErrors, OneNumberEverywhereIsOnePlace) {
    std::vector<float> x(8);
    const MatrixView<const float> everywhere{x.data() + 3, std::size_t{1} << 60, std::size_t{1} << 60, 0, 0};
    const auto rows = row_major(x.data(), 2, 2, 6);
    EXPECT_EQ(message_of([&] {
                  kernel::require_apart({"f", "x"}, kernel::place(everywhere), "rows", kernel::place(rows));
              }),
              "no error");
}

/// Parts of one array, as a blocked factorisation has them, are apart though their rows alternate.
TEST(GemmErrors, RowsBetweenRowsAreApart) {
    std::vector<float> x(36, 1);
    const auto all = row_major(x.data(), 6, 6);
    const auto left = kernel::block(all, 0, 6, 0, 3), right = kernel::block(all, 0, 6, 3, 3),
               overlapping = kernel::block(all, 0, 6, 2, 3);
    const std::vector<float> b(9, 1);
    const auto product = [&](const MatrixView<float>& from, const MatrixView<float>& to) {
        return message_of([&] { gemm(fp32, from, row_major(b.data(), 3, 3), to); });
    };
    EXPECT_EQ(product(left, right), "no error");
    EXPECT_EQ(x[3], 3);
    EXPECT_EQ(x[2], 1);
    EXPECT_EQ(product(left, overlapping), "gemm: C: expected memory of its own, got some that A lies in");
    EXPECT_EQ(product(overlapping, right), "gemm: C: expected memory of its own, got some that A lies in");
}

}  // namespace
}  // namespace halfulp::test
