// Claim: casts, quantisation and the integer products and convolutions of ONNX are what its specification says, in every bit.
// Oracle: the specification (onnx/docs/Operators.md of ONNX 1.23): its tables, its worked examples, and its formulas on small
// numbers by hand. Shared: nothing.
#include <gmock/gmock.h>

#include <cmath>

#include "support/onnx.hpp"

namespace halfulp::onnx {
namespace {

using testing::ElementsAre;

constexpr float inf = INFINITY;

std::vector<std::uint64_t> cast_codes(const Tensor& x, std::int64_t to,
                                      std::map<std::string, Attribute> attributes = {}) {
    attributes["to"] = to;
    return output({"Cast", attributes}, {x}).codes;
}

TEST(OnnxCast, RoundsOnceToNearestEven) {
    // 65520 lies half a unit beyond the largest number of fp16; 1 + 2^-11 is a tie.
    EXPECT_THAT(cast_codes(floats({3}, {0x1.ffdffep15F, 65520, 0x1.002p0F}), 10), ElementsAre(0x7BFF, 0x7C00, 0x3C00));
    EXPECT_THAT(cast_codes(codes(binary32, {2}, {0x3F808000, 0x3F818000}), 16), ElementsAre(0x3F80, 0x3F82));
    // 1 + 2^-11 + 2^-40: by way of fp32 it would be the tie.
    EXPECT_THAT(cast_codes(codes(binary64, {1}, {0x3FF0020000001000}), 10), ElementsAre(0x3C01));
    EXPECT_THAT(cast_codes(integers(i64, {2}, {(1 << 24) + 1, (1 << 24) + 3}), 1), ElementsAre(0x4B800000, 0x4B800002));
    EXPECT_THAT(cast_codes(codes(bfloat16, {2}, {0xFF80, 0x0001}), 1), ElementsAre(0xFF800000, 0x00010000));
}

TEST(OnnxCast, FollowsTheTablesOfFloat8) {
    const Tensor x = floats({7}, {0, -0.0F, inf, -inf, 1e6F, -1e6F, 1.5F});
    const std::map<std::string, Attribute> loose = {{"saturate", std::int64_t{0}}};
    EXPECT_THAT(cast_codes(x, 17), ElementsAre(0x00, 0x80, 0x7E, 0xFE, 0x7E, 0xFE, 0x3C));
    EXPECT_THAT(cast_codes(x, 17, loose), ElementsAre(0x00, 0x80, 0x7F, 0xFF, 0x7F, 0xFF, 0x3C));
    EXPECT_THAT(cast_codes(x, 18), ElementsAre(0x00, 0x00, 0x7F, 0xFF, 0x7F, 0xFF, 0x44));
    EXPECT_THAT(cast_codes(x, 18, loose), ElementsAre(0x00, 0x00, 0x80, 0x80, 0x80, 0x80, 0x44));
    EXPECT_THAT(cast_codes(x, 19), ElementsAre(0x00, 0x80, 0x7B, 0xFB, 0x7B, 0xFB, 0x3E));
    EXPECT_THAT(cast_codes(x, 19, loose), ElementsAre(0x00, 0x80, 0x7C, 0xFC, 0x7C, 0xFC, 0x3E));
    EXPECT_THAT(cast_codes(x, 20), ElementsAre(0x00, 0x00, 0x7F, 0xFF, 0x7F, 0xFF, 0x42));
    EXPECT_THAT(cast_codes(x, 20, loose), ElementsAre(0x00, 0x00, 0x80, 0x80, 0x80, 0x80, 0x42));
    for (const Format& format : {e4m3fn, e4m3fnuz, e5m2, e5m2fnuz}) {
        const std::int64_t to = format == e4m3fn ? 17 : format == e4m3fnuz ? 18 : format == e5m2 ? 19 : 20;
        EXPECT_TRUE(format.is_nan(cast_codes(floats({1}, {NAN}), to)[0])) << to;
    }
}

TEST(OnnxCast, FloatsWithoutNanSaturateAndHaveMinusZeroForIt) {
    // Ties: 0.25 between 0 and 0.5, 0.75 between 0.5 and 1, 5 between 4 and 6; the even code wins.
    EXPECT_THAT(cast_codes(floats({7}, {0.25F, 0.75F, 5, 9, -inf, NAN, -0.0F}), 23),
                ElementsAre(0x0, 0x2, 0x6, 0x7, 0xF, 0x8, 0x8));
    EXPECT_THAT(cast_codes(floats({2}, {100, -100}), 27), ElementsAre(0x1F, 0x3F));
    EXPECT_THAT(cast_codes(codes(e2m1, {3}, {0x1, 0x7, 0xF}), 1), ElementsAre(0x3F000000, 0x40C00000, 0xC0C00000));
}

TEST(OnnxCast, FollowsTheTableOfScales) {
    const Tensor x = floats({6}, {0, 1.25F, 1.5F, 2, inf, NAN});
    const auto mode = [](const char* name, std::int64_t saturate) {
        return std::map<std::string, Attribute>{{"round_mode", std::string(name)}, {"saturate", saturate}};
    };
    EXPECT_THAT(cast_codes(x, 24), ElementsAre(0x00, 0x80, 0x80, 0x80, 0xFE, 0xFF));
    EXPECT_THAT(cast_codes(x, 24, mode("down", 1)), ElementsAre(0x00, 0x7F, 0x7F, 0x80, 0xFE, 0xFF));
    EXPECT_THAT(cast_codes(x, 24, mode("nearest", 0)), ElementsAre(0xFF, 0x7F, 0x80, 0x80, 0xFF, 0xFF));
    // Beyond 2^127 and below 2^-127.
    const Tensor ends = floats({2}, {0x1.8p127F, 0x1p-140F});
    EXPECT_THAT(cast_codes(ends, 24), ElementsAre(0xFE, 0x00));
    EXPECT_THAT(cast_codes(ends, 24, mode("nearest", 0)), ElementsAre(0xFF, 0xFF));
}

TEST(OnnxCast, IntegersDropHigherBitsAndFloatsTheirFraction) {
    EXPECT_THAT(cast_codes(integers(i16, {2}, {200, -1}), 3), ElementsAre(200, 0xFF));  // -56 and -1
    EXPECT_THAT(cast_codes(floats({4}, {2.75F, -1.75F, -9, 9}), 22), ElementsAre(2, 0xF, 7, 9));
    EXPECT_THAT(cast_codes(integers({4, true}, {2}, {-8, 7}), 3), ElementsAre(0xF8, 7));
    EXPECT_THAT(cast_codes(integers({2, true}, {2}, {-2, 1}), 10), ElementsAre(0xC000, 0x3C00));
    EXPECT_THAT(cast_codes(codes(binary64, {1}, {0x43E0000000000001}), 13), ElementsAre(0x8000000000000800));
}

TEST(OnnxCast, TruthIsWhatIsNotZero) {
    EXPECT_THAT(cast_codes(floats({4}, {0, -0.0F, 0x1p-149F, NAN}), 9), ElementsAre(0, 0, 1, 1));
    EXPECT_THAT(cast_codes(integers(u8, {2}, {36, 0}), 9), ElementsAre(1, 0));
    EXPECT_THAT(cast_codes(integers({1, false}, {2}, {1, 0}), 1), ElementsAre(0x3F800000, 0));
}

TEST(OnnxCast, LikeAnotherTensorAndByNameOfOldVersions) {
    const Tensor x = floats({1}, {1000});
    const std::map<std::string, Attribute> loose = {{"saturate", std::int64_t{0}}};
    EXPECT_EQ(output({"CastLike", loose}, {x, codes(e4m3fn, {}, {0})}), codes(e4m3fn, {1}, {0x7F}));
    EXPECT_EQ(output({"Cast", {{"to", std::string("INT32")}}, 1}, {x}), integers(i32, {1}, {1000}));
}

TEST(OnnxQuantizeLinear, RoundsBeforeTheZeroPointAndSaturates) {
    const Tensor x = floats({6}, {0.5F, 1.5F, 2.5F, -0.5F, inf, -inf});
    EXPECT_EQ(output({"QuantizeLinear"}, {x, floats({}, {1}), integers(u8, {}, {1})}),
              integers(u8, {6}, {1, 3, 3, 1, 255, 0}));
    EXPECT_EQ(output({"QuantizeLinear"}, {x, floats({}, {1}), integers({4, true}, {}, {-1})}),
              integers({4, true}, {6}, {-1, 1, 1, -1, 7, -8}));
    EXPECT_EQ(output({"QuantizeLinear", {{"output_dtype", std::int64_t{26}}}}, {x, floats({}, {1})}),
              integers({2, true}, {6}, {0, 1, 1, 0, 1, -2}));
    EXPECT_EQ(output({"QuantizeLinear"}, {floats({1}, {300}), floats({1}, {2})}), integers(u8, {1}, {150}));
}

TEST(OnnxQuantizeLinear, DividesInThePrecisionOfTheScale) {
    // 5/255 in binary32 is 0x3CA0A0A1, above 1/51: -2.5 divided by it is above -127.5, but 2.5 * 51 is a tie.
    EXPECT_EQ(
        output({"QuantizeLinear"}, {floats({1}, {-2.5F}), codes(binary32, {}, {0x3CA0A0A1}), integers(i8, {}, {0})}),
        integers(i8, {1}, {-127}));
    // 1802/3 = 600.67 is 600.5 in fp16, a tie; in binary32 it rounds up.
    const std::vector<Tensor> thirds = {codes(binary16, {1}, {0x670A}), codes(binary16, {}, {0x4200}),
                                        integers(u16, {}, {0})};
    EXPECT_EQ(output({"QuantizeLinear"}, thirds), integers(u16, {1}, {600}));
    EXPECT_EQ(output({"QuantizeLinear", {{"precision", std::int64_t{1}}}}, thirds), integers(u16, {1}, {601}));
    // 2049 is 2048 in fp16, and 2048/3 = 682.67 is 682.5, where 2049/3 would be 683.
    EXPECT_EQ(
        output({"QuantizeLinear"}, {floats({2}, {1802, 2049}), codes(binary16, {}, {0x4200}), integers(u16, {}, {0})}),
        integers(u16, {2}, {600, 682}));
}

TEST(OnnxQuantizeLinear, ScalesPerAxisAndPerBlock) {
    const Tensor x = floats({2, 3}, {10, 20, 30, 40, 50, 60});
    const Tensor expected = integers(u8, {2, 3}, {5, 10, 15, 4, 5, 6});
    const std::vector<Tensor> per_row = {x, floats({2}, {2, 10}), integers(u8, {2}, {0, 0})};
    EXPECT_EQ(output({"QuantizeLinear", {{"axis", std::int64_t{0}}}}, per_row), expected);
    EXPECT_EQ(output({"QuantizeLinear", {{"axis", std::int64_t{-2}}}}, per_row), expected);
    // The default axis is 1. The last of the blocks is short.
    EXPECT_EQ(output({"QuantizeLinear"}, {x, floats({3}, {1, 2, 5}), integers(u8, {3}, {0, 1, 2})}),
              integers(u8, {2, 3}, {10, 11, 8, 40, 26, 14}));
    const std::vector<Tensor> blocks = {x, floats({2, 2}, {1, 2, 5, 10}), integers(u8, {2, 2}, {0, 1, 2, 3})};
    EXPECT_EQ(output({"QuantizeLinear", {{"block_size", std::int64_t{2}}}}, blocks),
              integers(u8, {2, 3}, {10, 20, 16, 10, 12, 9}));
    const std::vector<Tensor> down = {floats({3, 2}, {1, 2, 3, 4, 10, 12}), floats({2, 2}, {1, 2, 5, 4})};
    EXPECT_EQ(output({"QuantizeLinear", {{"axis", std::int64_t{0}}, {"block_size", std::int64_t{2}}}}, down),
              integers(u8, {3, 2}, {1, 1, 3, 2, 2, 3}));
}

TEST(OnnxQuantizeLinear, ToFloatsCasts) {
    const Tensor x = floats({3}, {1000, -3, 5}), scale = floats({}, {2});
    EXPECT_EQ(output({"QuantizeLinear"}, {x, scale, codes(e4m3fn, {}, {0})}), codes(e4m3fn, {3}, {0x7E, 0xBC, 0x42}));
    EXPECT_EQ(output({"QuantizeLinear", {{"saturate", std::int64_t{0}}}}, {x, scale, codes(e4m3fn, {}, {0})}),
              codes(e4m3fn, {3}, {0x7F, 0xBC, 0x42}));
    EXPECT_EQ(output({"QuantizeLinear"}, {x, scale, codes(e2m1, {}, {0x2})}), codes(e2m1, {3}, {0x7, 0x9, 0x6}));
}

TEST(OnnxDequantizeLinear, TakesOffTheZeroPointAndMultiplies) {
    EXPECT_EQ(
        output({"DequantizeLinear"}, {integers(u8, {3}, {0, 128, 255}), floats({}, {0.5F}), integers(u8, {}, {128})}),
        floats({3}, {-64, 0, 63.5F}));
    EXPECT_EQ(output({"DequantizeLinear"}, {integers(i32, {2}, {-3, (1 << 24) + 3}), floats({}, {1})}),
              floats({2}, {-3, 0x1.000004p24F}));
    const std::vector<Tensor> per_axis = {integers(i8, {1, 2, 2}, {1, 2, 3, 4}), floats({2}, {2, 3}),
                                          integers(i8, {2}, {1, -1})};
    EXPECT_EQ(output({"DequantizeLinear"}, per_axis), floats({1, 2, 2}, {0, 2, 12, 15}));
    const std::map<std::string, Attribute> to_float = {{"output_dtype", std::int64_t{1}}};
    EXPECT_EQ(output({"DequantizeLinear", to_float}, {codes(e2m1, {2}, {0x7, 0x9}), codes(e8m0, {}, {0x80})}),
              floats({2}, {12, -1}));
}

TEST(OnnxDequantizeLinear, RoundsOnceToTheTypeOfTheResult) {
    // 2049 * 1 is a tie in fp16.
    const std::vector<Tensor> x = {integers(i16, {1}, {2049}), codes(binary16, {}, {0x3C00}), integers(i16, {}, {0})};
    EXPECT_EQ(output({"DequantizeLinear"}, x), codes(binary16, {1}, {0x6800}));
    EXPECT_EQ(output({"DequantizeLinear", {{"output_dtype", std::int64_t{1}}}}, x), floats({1}, {2049}));
}

TEST(OnnxDynamicQuantizeLinear, HasTheExampleOfTheSpecification) {
    const OneNode node{.op = "DynamicQuantizeLinear", .outputs = 3};
    const auto y = outputs(node, {floats({6}, {0, 2, -3, -2.5F, 1.34F, 0.5F})});
    EXPECT_EQ(y[0], integers(u8, {6}, {153, 255, 0, 26, 221, 179}));
    EXPECT_EQ(y[1], floats({}, {0.0196078438F}));
    EXPECT_EQ(y[2], integers(u8, {}, {153}));
    // The range takes in 0: [0, 255] and [-255, 0] have scale 1.
    EXPECT_EQ(outputs(node, {floats({2}, {100, 255})})[0], integers(u8, {2}, {100, 255}));
    EXPECT_EQ(outputs(node, {floats({2}, {-100, -255})})[2], integers(u8, {}, {255}));
    EXPECT_EQ(outputs(node, {floats({2}, {0, 0})})[0], integers(u8, {2}, {0, 0}));
}

const Tensor a = integers(u8, {4, 3}, {11, 7, 3, 10, 6, 2, 9, 5, 1, 8, 4, 0}),
             b = integers(u8, {3, 2}, {1, 4, 2, 5, 3, 6});

TEST(OnnxMatMulInteger, HasTheExampleOfTheSpecification) {
    EXPECT_EQ(output({"MatMulInteger"}, {a, b, integers(u8, {1}, {12}), integers(u8, {1}, {0})}),
              integers(i32, {4, 2}, {-38, -83, -44, -98, -50, -113, -56, -128}));
    EXPECT_EQ(output({"MatMulInteger"}, {integers(i8, {2}, {-128, 127}), integers(i8, {2}, {-128, -128})}),
              integers(i32, {}, {128}));
}

TEST(OnnxMatMulInteger, HasZeroPointsByRowAndColumn) {
    // (2 - 1) (3 - 1) + (4 - 1) (5 - 1) = 14, and so on.
    const Tensor x = integers(u8, {2, 2}, {2, 4, 6, 8}), y = integers(u8, {2, 2}, {3, 7, 5, 9});
    EXPECT_EQ(output({"MatMulInteger"}, {x, y, integers(u8, {2}, {1, 6}), integers(u8, {2}, {1, 7})}),
              integers(i32, {2, 2}, {14, 6, 8, 4}));
    EXPECT_EQ(output({"MatMulInteger"}, {x, y, none, integers(u8, {1, 2}, {1, 7})}),
              integers(i32, {2, 2}, {20, 8, 44, 16}));
}

TEST(OnnxMatMulInteger, WrapsIn32Bits) {
    const std::size_t n = 33026;  // 255 * 255 * n = 2147515650, above 2^31
    const Tensor row{{1, n}, u8, std::vector<std::uint64_t>(n, 255)},
        column{{n, 1}, u8, std::vector<std::uint64_t>(n, 255)};
    EXPECT_EQ(output({"MatMulInteger"}, {row, column}), integers(i32, {1, 1}, {2147515650 - (std::int64_t{1} << 32)}));
}

TEST(OnnxQLinearMatMul, ScalesByRowAndColumn) {
    // Accumulators 1 * 1 + 3 * 1 = 4, 1 * 2 + 3 * 2 = 8; 5 * 1 + 7 * 1 = 12, 24.
    const Tensor x = integers(u8, {2, 2}, {2, 4, 6, 8}), y = integers(i8, {2, 2}, {1, 2, 1, 2});
    const Tensor one = integers(u8, {}, {1}), none_off = integers(i8, {}, {0});
    const auto product = [&](const Tensor& x_scale, const Tensor& y_scale, const Tensor& zero_point) {
        return output({"QLinearMatMul", {}, 21}, {x, x_scale, one, y, y_scale, none_off, floats({}, {8}), zero_point});
    };
    // 4/8, 8/8, 12/8, 24/8: ties to even before the zero point comes.
    EXPECT_EQ(product(floats({}, {1}), floats({1}, {1}), integers(u8, {}, {1})), integers(u8, {2, 2}, {1, 2, 3, 4}));
    EXPECT_EQ(product(floats({2}, {2, 4}), floats({2}, {1, 100}), integers(i8, {}, {0})),
              integers(i8, {2, 2}, {1, 127, 6, 127}));
    EXPECT_EQ(product(floats({2, 1}, {2, 4}), floats({1, 2}, {1, -1}), integers(i8, {}, {0})),
              integers(i8, {2, 2}, {1, -2, 6, -12}));
}

TEST(OnnxQLinearMatMul, TakesScalesInTheirOwnPrecision) {
    // (1 + 2^-9)^2 is 1 + 2^-8 in fp16, and 128 times that a tie; (1 + 2^-9)^2 itself is more.
    const Tensor x = integers(u8, {1}, {1}), y = integers(u8, {1}, {128}), zero = integers(u8, {}, {0});
    const Tensor half = codes(binary16, {}, {0x3C02}), half_one = codes(binary16, {}, {0x3C00});
    EXPECT_EQ(output({"QLinearMatMul", {}, 21}, {x, half, zero, y, half, zero, half_one, zero}),
              integers(u8, {}, {128}));
    const Tensor single = floats({}, {0x1.008p0F}), single_one = floats({}, {1});
    EXPECT_EQ(output({"QLinearMatMul", {}, 21}, {x, single, zero, y, single, zero, single_one, zero}),
              integers(u8, {}, {129}));
}

Tensor convolved(const Tensor& x, const Tensor& w, std::map<std::string, Attribute> attributes = {}) {
    return output({"ConvInteger", std::move(attributes)}, {x, w});
}

TEST(OnnxConvInteger, HasTheExamplesOfTheSpecification) {
    const Tensor x = integers(u8, {1, 1, 3, 3}, {2, 3, 4, 5, 6, 7, 8, 9, 10}),
                 w = integers(u8, {1, 1, 2, 2}, {1, 1, 1, 1});
    const Tensor zero_point = integers(u8, {}, {1});
    EXPECT_EQ(output({"ConvInteger"}, {x, w, zero_point}), integers(i32, {1, 1, 2, 2}, {12, 16, 24, 28}));
    EXPECT_EQ(output({"ConvInteger", {{"pads", std::vector<std::int64_t>{1, 1, 1, 1}}}}, {x, w, zero_point}),
              integers(i32, {1, 1, 4, 4}, {1, 3, 5, 3, 5, 12, 16, 9, 11, 24, 28, 15, 7, 15, 17, 9}));
}

TEST(OnnxConvInteger, MovesAsTheAttributesSay) {
    using List = std::vector<std::int64_t>;
    const Tensor x = integers(u8, {1, 1, 4}, {1, 2, 3, 4}), w = integers(i8, {1, 1, 2}, {1, 10});
    const auto y = [](const std::vector<std::int64_t>& numbers) {
        const std::size_t size = numbers.size();
        return integers(i32, {1, 1, size}, numbers);
    };
    EXPECT_EQ(convolved(x, w), y({21, 32, 43}));
    EXPECT_EQ(convolved(x, w, {{"auto_pad", std::string("VALID")}}), y({21, 32, 43}));
    EXPECT_EQ(convolved(x, w, {{"auto_pad", std::string("SAME_UPPER")}}), y({21, 32, 43, 4}));
    EXPECT_EQ(convolved(x, w, {{"auto_pad", std::string("SAME_LOWER")}}), y({10, 21, 32, 43}));
    EXPECT_EQ(convolved(x, w, {{"auto_pad", std::string("SAME_UPPER")}, {"strides", List{3}}}), y({21, 4}));
    EXPECT_EQ(convolved(x, w, {{"strides", List{2}}}), y({21, 43}));
    EXPECT_EQ(convolved(x, w, {{"dilations", List{2}}, {"kernel_shape", List{2}}}), y({31, 42}));
    EXPECT_EQ(convolved(x, w, {{"pads", List{2, 1}}}), y({0, 10, 21, 32, 43, 4}));
}

TEST(OnnxConvInteger, KeepsImagesChannelsAndGroupsApart) {
    const Tensor x = integers(u8, {2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
    EXPECT_EQ(convolved(x, integers(i8, {1, 2, 1}, {1, 10})), integers(i32, {2, 1, 2}, {31, 42, 75, 86}));
    EXPECT_EQ(convolved(x, integers(i8, {4, 1, 1}, {1, -1, 10, 100}), {{"group", std::int64_t{2}}}),
              integers(i32, {2, 4, 2}, {1, 2, -1, -2, 30, 40, 300, 400, 5, 6, -5, -6, 70, 80, 700, 800}));
    // Two groups of two channels: 1 + 2 * 10 and 3 * 2 + 4 * 3.
    EXPECT_EQ(convolved(integers(u8, {1, 4, 1}, {1, 2, 3, 4}), integers(i8, {2, 2, 1}, {1, 10, 2, 3}),
                        {{"group", std::int64_t{2}}}),
              integers(i32, {1, 2, 1}, {21, 18}));
    // Zero points by output channel: weights 2 - 1 and 10 - 5.
    EXPECT_EQ(output({"ConvInteger"}, {integers(u8, {1, 1, 2}, {3, 4}), integers(i8, {2, 1, 1}, {2, 10}), none,
                                       integers(i8, {2}, {1, 5})}),
              integers(i32, {1, 2, 2}, {3, 4, 15, 20}));
    // Two spatial axes are not mixed up: a kernel of 1 x 2 on 2 x 3.
    EXPECT_EQ(convolved(integers(u8, {1, 1, 2, 3}, {1, 2, 3, 4, 5, 6}), integers(i8, {1, 1, 1, 2}, {1, 10})),
              integers(i32, {1, 1, 2, 2}, {21, 32, 54, 65}));
}

TEST(OnnxQLinearConv, ScalesByChannelAndAddsTheBias) {
    // Accumulators (3 - 1) * 2 + 5 = 9 and (3 - 1) * 3 - 4 = 2, times 0.5 * 0.25 / 0.25 and 0.5 * 8 / 0.25; 4.5 is a tie.
    const std::vector<Tensor> inputs = {
        integers(u8, {1, 1, 1}, {3}), floats({}, {0.5F}),        integers(u8, {}, {1}), integers(i8, {2, 1, 1}, {2, 3}),
        floats({2}, {0.25F, 8}),      integers(i8, {2}, {0, 0}), floats({}, {0.25F}),   integers(u8, {}, {10}),
        integers(i32, {2}, {5, -4})};
    EXPECT_EQ(output({"QLinearConv"}, inputs), integers(u8, {1, 2, 1}, {14, 42}));
}

}  // namespace
}  // namespace halfulp::onnx
