// Claim: expected() gives what a kernel's row says: a case or two a kind, worked out by hand.
// Oracle: the numbers here. What all kernels really leave is the claim of tests that run them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <halfulp/gpu/kernel/expected.hpp>

namespace {

using namespace halfulp;
using namespace halfulp::gpu;
using testing::ElementsAre;

using Codes = std::vector<std::uint64_t>;
using Values = std::map<std::string, std::uint64_t, std::less<>>;

// Codes of binary16 and binary32.
constexpr std::uint64_t h1 = 0x3C00, h2 = 0x4000, h2048 = 0x6800, h_inf = 0x7C00;
constexpr std::uint64_t f1 = 0x3F800000, f2 = 0x40000000, f3 = 0x40400000, f_half = 0x3F000000,
                        f_tie = 0x40200000;  // 2.5
constexpr std::uint64_t minus_one = 0xBF800000;

Arrays of(std::string_view kernel, const Sizes& sizes, const Arrays& arrays, const Values& values = {},
          std::string_view processor = "A100") {
    return expected(*find_kernel(kernel), {sizes, arrays, values}, processor);
}

TEST(GpuExpected, Conversions) {
    const Arrays x = {{"x", {0x3F801000, 0x477FF000, 0xBF801000}}};  // 1 + 2^-11, 65520, and the first one negative
    EXPECT_THAT(of("f32_to_f16_rn", {.n = 3}, x).at("y"), ElementsAre(h1, h_inf, 0xBC00));
    EXPECT_THAT(of("f32_to_f16_rp", {.n = 3}, x).at("y"), ElementsAre(h1 + 1, h_inf, 0xBC00));
    EXPECT_THAT(of("f32_to_f16_rm", {.n = 3}, x).at("y"), ElementsAre(h1, h_inf - 1, 0xBC01));
    EXPECT_THAT(of("f32_to_f16_rn_relu", {.n = 3}, x).at("y"), ElementsAre(h1, h_inf, 0));
    EXPECT_THAT(of("f32_to_f16_rn_satfinite", {.n = 3}, x).at("y"), ElementsAre(h1, h_inf - 1, 0xBC00));
    const Values away = {{"rounding", static_cast<std::uint64_t>(Rounding::NearestAway)}, {"saturate", 0}, {"seed", 1}};
    EXPECT_THAT(of("soft_f32_to_f16", {.n = 3}, x, away).at("y"), ElementsAre(h1 + 1, h_inf, 0xBC01));
    EXPECT_THAT(of("bf16_to_f32", {.n = 1}, {{"x", {0x7F81}}}).at("y"), ElementsAre(0x7F810000));
}

TEST(GpuExpected, ArithmeticAndElimination) {
    const Arrays abc = {{"a", {h2048}}, {"b", {h1}}, {"c", {h1}}};
    EXPECT_THAT(of("add_f16", {.n = 1}, abc).at("d"), ElementsAre(h2048));
    EXPECT_THAT(of("fma_f16", {.n = 1}, abc).at("d"), ElementsAre(h2048));
    EXPECT_THAT(of("div_f16", {.n = 1}, abc).at("d"), ElementsAre(h2048));
    // x1 + x2 = 3, x1 + 2 x2 = 5: m 1, t 1, u22 1, s 3, y2 2, x2 2, v 2, w 1, x1 1.
    EXPECT_THAT(of("eliminate_f32", {.n = 1}, {{"x", {f1, f1, f1, f2, f3, 0x40A00000}}}).at("y"),
                ElementsAre(f1, f1, f1, f3, f2, f2, f2, f1, f1));
}

TEST(GpuExpected, Sums) {
    const Arrays ones = {{"x", Codes(2050, h1)}};
    EXPECT_EQ(of("running_sum_f16", {.n = 2050}, ones).at("y").at(2049), h2048);
    EXPECT_EQ(of("blocked_sum_f16_f32", {.n = 2050}, ones).at("y").at(2049), 0x45002000U);                 // 2050
    EXPECT_THAT(of("sum_blocks_f16", {.n = 2050}, ones, {{"count", 1025}}).at("y"), ElementsAre(0x6801));  // 2050
    EXPECT_THAT(of("sum_kahan_f16", {.n = 2050}, ones).at("y"), ElementsAre(0x6801));
    EXPECT_THAT(of("sum_block_f16_f16", {.m = 1, .n = 2050}, ones).at("y"), ElementsAre(0x6801));
    // 2048 is lane 0's, 1 lane 1's, 1 lane 16's: neighbours lose one after the other, lanes folded the two of them.
    Codes x(32, 0);
    x[0] = h2048;
    x[1] = x[16] = h1;
    EXPECT_THAT(of("sum_neighbours_f16_f16", {.m = 1, .n = 32}, {{"x", x}}).at("y"), ElementsAre(h2048));
    x[16] = 0;
    x[17] = h1;
    EXPECT_THAT(of("sum_folded_f16_f16", {.m = 1, .n = 32}, {{"x", x}}).at("y"), ElementsAre(0x6801));
    EXPECT_THAT(of("sum_block_s8_s32", {.m = 1, .n = 3}, {{"x", {0xFF, 0x80, 5}}}).at("y"), ElementsAre(0xFFFFFF84));
}

TEST(GpuExpected, Products) {
    // (1 2) (3 4)^T + (1 2) (1 0)^T, in rows of 16.
    Codes a(16, 0), b(32, 0);
    a[0] = h1, a[1] = h2;
    b[0] = 0x4200, b[1] = 0x4400, b[16] = h1;
    const Sizes sizes{.m = 1, .n = 2, .k = 2};
    EXPECT_THAT(of("gemm_f16_f32", sizes, {{"a", a}, {"b", b}}).at("d"), ElementsAre(0x41300000, f1));
    EXPECT_THAT(of("gemm_f16_f16", sizes, {{"a", a}, {"b", b}}).at("d"), ElementsAre(0x4980, h1));
    Codes s(16, 0), t(32, 0);
    s[0] = 1, s[1] = 0xFE;
    t[0] = 3, t[1] = 4, t[16] = 0xFF;
    EXPECT_THAT(of("gemm_s8_s32", sizes, {{"a", s}, {"b", t}}).at("d"), ElementsAre(0xFFFFFFFB, 0xFFFFFFFF));
    // -5 / 2 is a tie between -2 and -3, -1 / 2 one between 0 and -1; then comes 1.
    const Arrays scaled = {{"a", s}, {"b", t}, {"scale", {f_half, f_half}}};
    EXPECT_THAT(of("gemm_s8_s8", sizes, scaled, {{"zero_point", 1}}).at("d"), ElementsAre(0xFF, 1));
    EXPECT_THAT(of("dot_f16_f32", {.m = 1, .n = 2}, {{"a", {h1, h2}}, {"b", {h1, h2}}}).at("d"),
                ElementsAre(0x40A00000));
    EXPECT_THAT(of("gemv_f16_f32", {.m = 2, .k = 1}, {{"a", {h1, h2}}, {"x", {h2}}}).at("y"),
                ElementsAre(f2, 0x40800000));
    const Arrays tile = {{"a", Codes(256, h1)}, {"b", Codes(128, h1)}, {"c", Codes(128, f1)}};
    EXPECT_THAT(of("mma_m16n8k16_f32_f16", {.m = 1}, tile).at("d"), testing::Each(0x41880000));  // 17
}

TEST(GpuExpected, QuantisationAndLossScaling) {
    const Values one = {{"scale", f1}, {"zero_point", 1}};
    EXPECT_THAT(of("quantise_f32_s8", {.n = 3}, {{"x", {f_tie, 0x7F800000, 0x7FC00000}}}, one).at("y"),
                ElementsAre(3, 0x7F, 1));
    const Values wide = {{"scale", f1}, {"least", 0xFFFFFFF8}, {"greatest", 7}};
    EXPECT_THAT(of("quantise_f32_s32_down", {.n = 2}, {{"x", {f_tie, 0xC0200000}}}, wide).at("y"),
                ElementsAre(2, 0xFFFFFFFD));
    EXPECT_THAT(of("dequantise_s8_f32", {.n = 1}, {{"x", {0xFF}}}, {{"scale", f_half}, {"zero_point", 1}}).at("y"),
                ElementsAre(minus_one));
    EXPECT_THAT(of("fake_quantise_f32", {.n = 1}, {{"x", {f_tie}}}, one).at("y"), ElementsAre(f2));
    EXPECT_THAT(of("scale_f32_f16", {.n = 1}, {{"x", {f1}}}, {{"factor", f2}}).at("y"), ElementsAre(h2));
    const Arrays gradients = {{"x", {h2, h_inf}}, {"found_inf", {0}}};
    const Arrays left = of("unscale_f16_f32", {.n = 2}, gradients, {{"inverse", f_half}});
    EXPECT_THAT(left.at("y"), ElementsAre(f1, 0x7F800000));
    EXPECT_THAT(left.at("found_inf"), ElementsAre(1));
    EXPECT_THAT(of("unscale_f32", {.n = 1}, {{"x", {f1}}, {"found_inf", {7}}}, {{"inverse", f2}}).at("found_inf"),
                ElementsAre(7));
}

}  // namespace
