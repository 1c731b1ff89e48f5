// Claim: of 10^8 sums of products of bytes, random and adversarial, none is wrong, with any instruction set of this CPU.
// Oracle: the definition in 64 bits. Shared: nothing.

#include <gtest/gtest.h>

#include "support/int8_product.hpp"

namespace halfulp::test {
namespace {

class Int8Sums : public testing::TestWithParam<Int8Data> {};
INSTANTIATE_TEST_SUITE_P(EveryData, Int8Sums, testing::ValuesIn(int8_data));

/// A seventh of them.
TEST_P(Int8Sums, NoneIsWrong) {
    constexpr std::size_t m = 1196, n = m;
    for (const std::size_t k : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 16U, 23U}) {
        const Int8Operands<std::int8_t> x(GetParam(), m, n, k);
        const auto expected = defined_product(x.a, x.b);
        on_every_target([&] {
            Int8Matrix<std::int32_t> c(m, n);
            int8_gemm(x.a.view(), x.b.view(), c.view(), {.threads = 2});
            expect_product(expected, c.elements, x.text());
        });
    }
}

static_assert(1196 * 1196 * 10 * int8_data.size() >= 100'000'000);

}  // namespace
}  // namespace halfulp::test
