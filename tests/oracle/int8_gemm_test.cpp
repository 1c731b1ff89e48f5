// Claim: of 10^8 sums of products of bytes, random and adversarial, none is wrong, with any instruction set of this CPU.
// Oracle: the definition in 64 bits. Shared: nothing.

#include <gtest/gtest.h>

#include "support/int8_product.hpp"

namespace halfulp::test {
namespace {

class Int8Sums : public testing::TestWithParam<Int8Data> {};
INSTANTIATE_TEST_SUITE_P(EveryData, Int8Sums, testing::ValuesIn(int8_data));

constexpr std::size_t side = 1196;
constexpr std::array<std::size_t, 10> depths = {1, 2, 3, 4, 5, 6, 7, 8, 16, 23};
static_assert(side * side * depths.size() * int8_data.size() >= 100'000'000);

TEST_P(Int8Sums, NoneIsWrong) {
    for (const std::size_t k : depths) {
        const Int8Operands<std::int8_t> x(GetParam(), side, side, k);
        const auto expected = defined_product(x.a, x.b);
        on_every_target([&] {
            Int8Matrix<std::int32_t> c(side, side);
            int8_gemm(x.a.view(), x.b.view(), c.view(), {.threads = 2});
            expect_product(expected, c.elements, x.text());
        });
    }
}

}  // namespace
}  // namespace halfulp::test
