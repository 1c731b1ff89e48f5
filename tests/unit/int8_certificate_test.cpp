// Claim: is_exact calls a kernel exact if and only if no factors overflow 16 bits, and panels are labelled accordingly,
// with every instruction set of this CPU.
// Oracle: VPMADDUBSW's definition (Intel SDM) on the factors 0 and r, which are the extremes, and on all factors for some.
// Shared: nothing.

#include <gtest/gtest.h>

#include <optional>

#include "support/int8_product.hpp"

namespace halfulp::test {
namespace {

using kernel::Int8Kernel;
using kernel::PanelWeights;
using kernel::WeightSums;

constexpr bool in_16_bits(int x) { return x >= INT16_MIN && x <= INT16_MAX; }

void add(WeightSums& sums, int weight) { (weight > 0 ? sums.positive : sums.negative) += weight; }

/// Whether some factors, 0 or r each, have products whose sum leaves 16 bits.
bool overflows(const std::vector<int>& weights, int r) {
    for (unsigned factors = 0; factors < 1U << weights.size(); ++factors) {
        int sum = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) sum += (factors >> i & 1) != 0 ? r * weights[i] : 0;
        if (!in_16_bits(sum)) return true;
    }
    return false;
}

TEST(Int8Certificate, PairsOfAllWeightsAndRanges) {
    std::size_t wrong = 0, safe = 0;
    for (int w0 = INT8_MIN; w0 <= INT8_MAX; ++w0)
        for (int w1 = INT8_MIN; w1 <= INT8_MAX; ++w1) {
            PanelWeights weights;
            add(weights.pairs, w0);
            add(weights.pairs, w1);
            for (int r = 0; r <= UINT8_MAX; ++r) {
                const bool fits = in_16_bits(r * w0) && in_16_bits(r * w1) && in_16_bits(r * (w0 + w1));
                wrong += is_exact(Int8Kernel::OnePair, weights, r) != fits ? 1U : 0U;
                safe += fits ? 1U : 0U;
            }
        }
    EXPECT_EQ(wrong, 0U);
    // All with r of 127 and less, not all beyond.
    EXPECT_GT(safe, 128U * 65536U);
    EXPECT_LT(safe, 256U * 65536U);
}

TEST(Int8Certificate, NoOtherFactorsOverflow) {
    for (const auto& [w0, w1] : {std::pair(127, 1), {127, 2}, {-128, 0}, {-128, -1}, {64, 64}, {65, 64}, {100, -128}}) {
        PanelWeights weights;
        add(weights.pairs, w0);
        add(weights.pairs, w1);
        for (const int r : {127, 128, 254, 255}) {
            bool fits = true;
            for (int a0 = 0; a0 <= r; ++a0)
                for (int a1 = 0; a1 <= r; ++a1) fits = fits && in_16_bits(a0 * w0 + a1 * w1);
            EXPECT_EQ(is_exact(Int8Kernel::OnePair, weights, r), fits) << w0 << ' ' << w1 << ' ' << r;
        }
    }
}

constexpr std::array edges = {-128, -127, -65, -64, -63, -33, -32, -1, 0, 1, 31, 32, 33, 63, 64, 65, 127};

TEST(Int8Certificate, FoursAtTheEdges) {
    for (const int w0 : edges)
        for (const int w1 : edges)
            for (const int w2 : edges)
                for (const int w3 : edges) {
                    PanelWeights weights;
                    for (const int w : {w0, w1, w2, w3}) add(weights.fours, w);
                    for (const int r : {1, 63, 64, 127, 128, 255})
                        ASSERT_EQ(is_exact(Int8Kernel::TwoPairs, weights, r), !overflows({w0, w1, w2, w3}, r))
                            << w0 << ' ' << w1 << ' ' << w2 << ' ' << w3 << ", range " << r;
                }
}

/// Of eight weights: VPMADDUBSW takes neighbours, and two of them four apart.
Int8Kernel label(const std::array<int, 8>& w, int r) {
    const auto any = [&](const std::vector<std::vector<int>>& sums) {
        return std::any_of(sums.begin(), sums.end(), [&](const auto& weights) { return overflows(weights, r); });
    };
    if (!any({{w[0], w[1], w[4], w[5]}, {w[2], w[3], w[6], w[7]}})) return Int8Kernel::TwoPairs;
    if (!any({{w[0], w[1]}, {w[2], w[3]}, {w[4], w[5]}, {w[6], w[7]}})) return Int8Kernel::OnePair;
    return Int8Kernel::Widened;
}

/// The kernel of the only panel, of so many equal columns.
Int8Kernel label_of_panel(const std::array<int, 8>& w, int r, std::size_t columns = 1) {
    Int8Matrix<std::uint8_t> a(2, 8);
    std::fill_n(a.elements.begin(), 8, static_cast<std::uint8_t>(r));
    Int8Matrix<std::int8_t> b(8, columns);
    for (std::size_t k = 0; k < 8; ++k) std::fill_n(&b(k, 0), columns, static_cast<std::int8_t>(w[k]));
    Int8Matrix<std::int32_t> c(2, columns);
    const kernel::Int8Census census = int8_gemm(std::as_const(a).view(), std::as_const(b).view(), c.view());
    const auto* one = std::find(census.panels.begin(), census.panels.end(), 1U);
    return static_cast<Int8Kernel>(one - census.panels.begin());
}

TEST(Int8Certificate, PanelsAreLabelledByTheirWeights) {
    on_every_target([] {
        const Int8Kernel always = label_of_panel({-128, -128, -128, -128, -128, -128, -128, -128}, 255);
        std::array<std::size_t, kernel::int8_kernels.size()> seen{};
        SplitMix bits(8);
        for (int trial = 0; trial < 6000; ++trial) {
            std::array<int, 8> w{};
            // Few weights, so that pairs and fours overflow alone.
            for (unsigned left = 1 + bits() % 8; left > 0; --left) w[bits() % 8] = edges[bits() % edges.size()];
            const int r = std::array{1, 32, 63, 64, 65, 127, 128, 129, 254, 255}[bits() % 10];
            const Int8Kernel expected = always == Int8Kernel::Widened ? label(w, r) : always;
            ASSERT_EQ(label_of_panel(w, r), expected) << testing::PrintToString(w) << ", range " << r;
            ++seen[static_cast<std::size_t>(expected)];
        }
        if (always == Int8Kernel::Widened)
            for (const Int8Kernel kernel : {Int8Kernel::TwoPairs, Int8Kernel::OnePair, Int8Kernel::Widened})
                EXPECT_GT(seen[static_cast<std::size_t>(kernel)], 100U);
        else
            EXPECT_EQ(kernel::row_of(always).group, 1U);
    });
}

TEST(Int8Certificate, ColumnsBeyondTheMatrixDoNotCount) {
    constexpr std::array<int, 8> least = {-128, -128, -128, -128, -128, -128, -128, -128}, small = {1};
    on_every_target([&] {
        const Int8Kernel before = label_of_panel(small, 255);
        label_of_panel(least, 255, 16);  // where the next panel is packed
        EXPECT_EQ(label_of_panel(small, 255), before);
    });
}

}  // namespace
}  // namespace halfulp::test
