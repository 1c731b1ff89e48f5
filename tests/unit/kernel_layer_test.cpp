// Claim: after a product a layer adds a bias to each column and puts 0 in place of what is negative, each operation rounded,
// for every width, with every instruction set.
// Oracle: the operations one at a time, in scalar C++. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cfenv>
#include <cmath>
#include <limits>
#include <vector>

#include <halfulp/lib/kernel/layer.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/kernel_targets.hpp"

namespace halfulp {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();

/// Special numbers among ordinary ones.
std::vector<float> numbers(std::size_t count, std::uint64_t seed) {
    constexpr float special[] = {0.0F, -0.0F, infinity, -infinity, nan, 0x1p-149F, -0x1p-149F, 0x1.fffffep127F};
    std::vector<float> x(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t draw = random_bits(seed, i);
        x[i] = draw % 4 == 0 ? special[draw / 4 % 8] : static_cast<float>(static_cast<std::int32_t>(draw)) * 0x1p-30F;
    }
    return x;
}

float relu(float x) { return x < 0 ? 0 : x; }

/// The same bits, or both NaN.
void expect_equal(const std::vector<float>& got, const std::vector<float>& wanted) {
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (std::isnan(wanted[i]) && std::isnan(got[i])) continue;
        ASSERT_EQ(std::bit_cast<std::uint32_t>(got[i]), std::bit_cast<std::uint32_t>(wanted[i])) << i;
    }
}

constexpr std::size_t widths[] = {1, 2, 7, 8, 15, 16, 17, 31, 33, 100};

TEST(KernelLayer, AddsABiasToNumbersAndCutsOff) {
    for (const std::size_t columns : widths) {
        const std::vector<float> c = numbers(5 * columns, 1), bias = numbers(columns, 2);
        std::vector<float> wanted;
        for (std::size_t i = 0; i < c.size(); ++i) wanted.push_back(relu(c[i] + bias[i % columns]));
        test::on_every_target([&] {
            std::vector<float> got = c;
            kernel::finish_layer(got, bias);
            expect_equal(got, wanted);
        });
    }
}

TEST(KernelLayer, ScalesIntegersFirst) {
    const float scale = 0x1.234568p-20F;
    for (const std::size_t columns : widths) {
        const std::vector<float> bias = numbers(columns, 3);
        std::vector<std::int32_t> sums{std::numeric_limits<std::int32_t>::min(), 16777217, -16777219};
        for (std::size_t i = sums.size(); i < 5 * columns; ++i)
            sums.push_back(static_cast<std::int32_t>(random_bits(4, i)));
        sums.resize(5 * columns);
        std::vector<float> wanted, got(sums.size());
        for (std::size_t i = 0; i < sums.size(); ++i)
            wanted.push_back(relu(static_cast<float>(sums[i]) * scale + bias[i % columns]));
        test::on_every_target([&] {
            kernel::finish_layer(sums, scale, bias, got);
            expect_equal(got, wanted);
        });
    }
}

/// 1 + 2^-24 rounds up to 1 + 2^-23 upwards, and to 1 to nearest.
TEST(KernelLayer, DoesNotAskTheCallersEnvironment) {
    const std::vector<float> bias(20, 0x1p-24F);
    std::vector<float> c(20, 1), scaled(20);
    const std::vector<std::int32_t> sums(20, 1);
    std::fesetround(FE_UPWARD);
    kernel::finish_layer(c, bias);
    kernel::finish_layer(sums, 1, bias, scaled);
    const int after = std::fegetround();
    std::fesetround(FE_TONEAREST);
    EXPECT_EQ(after, FE_UPWARD);
    EXPECT_EQ(c, std::vector<float>(20, 1));
    EXPECT_EQ(scaled, std::vector<float>(20, 1));
}

TEST(KernelLayer, RefusesRowsOfAnotherLength) {
    std::vector<float> c(7), bias(3);
    EXPECT_THROW(kernel::finish_layer(c, bias), std::invalid_argument);
    EXPECT_THROW(kernel::finish_layer(c, std::span<const float>()), std::invalid_argument);
    EXPECT_THROW(kernel::finish_layer(std::vector<std::int32_t>(6), 1, bias, c), std::invalid_argument);
    c.clear();
    EXPECT_NO_THROW(kernel::finish_layer(c, bias));
    EXPECT_NO_THROW(kernel::finish_layer(c, std::span<const float>()));
}

}  // namespace
}  // namespace halfulp
