// Claim: each rule gives the scale and the zero point of its publication; groups are what ONNX's axes say; block formats keep
// what OCP's, NVIDIA's and ggml's definitions keep.
// Oracle: the published formulas in exact rationals, rounded where they round; for groups a loop over indices. Shared: the rows.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/quantize/block_format.hpp>
#include <halfulp/lib/quantize/grouping.hpp>
#include <halfulp/lib/quantize/scheme.hpp>

#include "support/by_rationals.hpp"

namespace halfulp::quantize {
namespace {

using test::rational;
using truth::pow2;
using truth::Rational;

Rational f32(const Rational& x) { return test::rounded_to(binary32, x); }
Rational f64(const Rational& x) { return test::rounded_to(binary64, x); }
Rational whole(const Rational& x, Rounding ties) { return truth::round_to_integer(x, ties); }
Rational clamped(const CodeRange& r, const Rational& x) { return std::clamp<Rational>(x, r.least, r.greatest); }

struct Expected {
    Rational scale, zero_point;
};

/// The rules' affine formulas. lo <= 0 <= hi.
Expected published(ScaleRule rule, const Rational& lo, const Rational& hi, const CodeRange& q) {
    const Rational steps = q.greatest - q.least;
    switch (rule) {
        case ScaleRule::Onnx: {
            const Rational scale = f32(f32(hi - lo) / steps);
            return {scale, whole(clamped(q, f32(q.least - f32(lo / scale))), Rounding::NearestEven)};
        }
        case ScaleRule::Tflite: {
            const Rational scale = f64(f64(hi - lo) / steps);
            return {f32(scale), whole(clamped(q, f64(q.least - f64(lo / scale))), Rounding::NearestAway)};
        }
        case ScaleRule::PyTorch: {
            const Rational scale = std::max<Rational>(f32(f32(hi - lo) / steps), pow2(-23));
            return {scale, clamped(q, q.least - whole(f32(lo / scale), Rounding::NearestEven))};
        }
        default: {
            int e = -200;
            while (pow2(e) * steps < hi - lo) ++e;
            return {pow2(e), whole(clamped(q, q.least - lo / pow2(e)), Rounding::NearestEven)};
        }
    }
}

Rational published_symmetric(ScaleRule rule, const Rational& amax, const CodeRange& q) {
    const Rational half = Rational{q.greatest - q.least, 2};
    const std::int32_t arm = q.least < 0 ? q.greatest : q.greatest / 2;
    switch (rule) {
        case ScaleRule::Tflite:
        case ScaleRule::TensorRt: return f32(amax / arm);
        case ScaleRule::Onnx: return f32(amax / half);
        case ScaleRule::PyTorch: return std::max<Rational>(f32(amax / half), pow2(-23));
        default: {
            int e = -200;
            while (pow2(e) * arm < amax) ++e;
            return pow2(e);
        }
    }
}

std::vector<CodeRange> ranges() {
    std::vector<CodeRange> some;
    for (const auto& type : code_types) some.insert(some.end(), {full_range(type.value), restricted_range(type.value)});
    some.push_back({0, 127});  // PyTorch's reduce_range
    return some;
}

TEST(Scheme, ScalesAndZeroPointsByTheirFormulas) {
    std::mt19937 random(3);
    std::normal_distribution<float> normal(0, 3);
    for (int i = 0; i < 15; ++i) {
        Limits limits = limits_of(std::array{normal(random), normal(random)});
        if (i == 0) limits = {-1, 127};
        if (i == 1) limits = {-128, 128};
        const Rational lo = std::min<Rational>(rational(limits.least), 0),
                       hi = std::max<Rational>(rational(limits.greatest), 0);
        for (const CodeRange& range : ranges())
            for (const ScaleRuleRow& row : scale_rules) {
                if (row.has_affine) {
                    const Affine q = affine_of({row.value, false, range}, limits);
                    const auto [scale, zero] = published(row.value, lo, hi, range);
                    EXPECT_EQ(rational(q.scale), scale) << row.name << " " << limits.least << " " << limits.greatest;
                    EXPECT_EQ(q.zero_point, zero) << row.name << " " << limits.least << " " << limits.greatest;
                }
                const Affine q = affine_of({row.value, true, range}, limits);
                EXPECT_EQ(rational(q.scale), published_symmetric(row.value, std::max<Rational>(-lo, hi), range))
                    << row.name;
                EXPECT_EQ(q.zero_point, range.least < 0 ? 0 : (range.greatest + 1) / 2) << row.name;
            }
    }
}

/// By hand: what the documents of the frameworks give as numbers.
TEST(Scheme, KnownNumbers) {
    const CodeRange int8{-128, 127};
    EXPECT_EQ(affine_of({ScaleRule::PyTorch, true, int8}, {-1, 0.5F}).scale, 1 / 127.5F);
    EXPECT_EQ(affine_of({ScaleRule::TensorRt, true, {-127, 127}}, {-1, 0.5F}).scale, 1 / 127.0F);
    EXPECT_EQ(affine_of({ScaleRule::PowerOfTwo, true, {-127, 127}}, {-1, 127.0F / 128}).scale, 1 / 64.0F);
    // ONNX's example of DynamicQuantizeLinear: max 2, min -3 of {0, 2, -3, -2.5, 1.34, 0.5}.
    const Affine q = affine_of({ScaleRule::Onnx, false, {0, 255}}, {-3, 2});
    EXPECT_EQ(q.scale, 0.019607843F);
    EXPECT_EQ(q.zero_point, 153);
    EXPECT_EQ(code_of(q, -2.5F), 26);
}

TEST(Scheme, WhatCannotBeQuantisedIsRefused) {
    const std::vector<float> none, nan = {1, std::nanf("")}, infinite = {1, INFINITY};
    for (const auto* numbers : {&none, &nan, &infinite}) EXPECT_THROW(limits_of(*numbers), InputError);
    for (const ScaleRule rule : {ScaleRule::Onnx, ScaleRule::Tflite, ScaleRule::PowerOfTwo})
        for (const bool symmetric : {false, true}) {
            EXPECT_THROW(affine_of({rule, symmetric}, {0, 0}), InputError);
            EXPECT_THROW(affine_of({rule, symmetric}, {0, 1e-38F}), InputError);
            EXPECT_NO_THROW(affine_of({rule, symmetric}, {0, 1e-35F}));
        }
    EXPECT_THROW(affine_of({ScaleRule::Onnx}, {-3e38F, 3e38F}), InputError);
    // 3e38 in 3 steps: the scale is normal, its reciprocal is not.
    EXPECT_NO_THROW(affine_of({ScaleRule::Onnx, false, {-2, 1}}, {0, 3e38F}));
    EXPECT_THROW(affine_of({ScaleRule::PyTorch, false, {-2, 1}}, {0, 3e38F}), InputError);
    EXPECT_THROW(affine_of({ScaleRule::TensorRt, false}, {0, 1}), std::invalid_argument);
}

std::vector<float> counted(std::size_t count) {
    std::vector<float> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(i);
    return numbers;
}

TEST(Grouping, ByIndices) {
    const std::vector<std::size_t> shape = {2, 5, 3};
    const Grouping tensor(shape, Granularity::Tensor), channel(shape, Granularity::Channel, 1);
    const Grouping middle(shape, Granularity::Block, -2, 2), last(shape, Granularity::Block, 2, 2);
    EXPECT_EQ(tensor.shape(), (std::vector<std::size_t>{}));
    EXPECT_EQ(channel.shape(), (std::vector<std::size_t>{5}));
    EXPECT_EQ(middle.shape(), (std::vector<std::size_t>{2, 3, 3}));
    EXPECT_EQ(last.shape(), (std::vector<std::size_t>{2, 5, 2}));
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 5; ++j)
            for (std::size_t k = 0; k < 3; ++k) {
                const std::size_t at = (i * 5 + j) * 3 + k;
                EXPECT_EQ(tensor.group_of(at), 0U);
                EXPECT_EQ(channel.group_of(at), j);
                EXPECT_EQ(middle.group_of(at), (i * 3 + j / 2) * 3 + k);
                EXPECT_EQ(last.group_of(at), (i * 5 + j) * 2 + k / 2);
            }
    const std::vector<float> numbers = counted(30);
    for (const Grouping* g : {&tensor, &channel, &middle, &last}) {
        std::vector<std::vector<float>> by_index(g->groups());
        for (std::size_t i = 0; i < 30; ++i) by_index[g->group_of(i)].push_back(numbers[i]);
        EXPECT_EQ(grouped(*g, numbers), by_index);
        std::vector<Affine> by(g->groups());
        for (std::size_t i = 0; i < by.size(); ++i) by[i] = {0.3F + 0.1F * static_cast<float>(i)};
        const auto codes = quantise(*g, by, numbers);
        const auto faked = fake_quantise(*g, by, numbers), back = dequantise(*g, by, codes);
        for (std::size_t i = 0; i < 30; ++i) {
            EXPECT_EQ(codes[i], code_of(by[g->group_of(i)], numbers[i]));
            EXPECT_EQ(faked[i], number_of(by[g->group_of(i)], codes[i]));
            EXPECT_EQ(back[i], faked[i]);
        }
    }
}

/// Groups share no draws: element i of the tensor has the i-th, as if it had no groups.
TEST(Grouping, StochasticRoundingDrawsForEachElement) {
    const Affine by{1.0F, 0, {-128, 127}, Rounding::Stochastic};
    const std::vector<float> halves(256, 0.5F);
    const kernel::Draws draws{9, 1000};
    std::vector<std::int8_t> wanted(halves.size());
    quantise(by, halves, wanted, draws);
    const Grouping rows({4, 64}, Granularity::Channel, 0), blocks({4, 64}, Granularity::Block, 1, 10);
    for (const Grouping* g : {&rows, &blocks}) {
        const std::vector<Affine> same(g->groups(), by);
        const auto codes = quantise(*g, same, halves, draws);
        const auto levels = fake_quantise(*g, same, halves, draws);
        for (std::size_t i = 0; i < halves.size(); ++i) {
            EXPECT_EQ(codes[i], wanted[i]) << i;
            EXPECT_EQ(levels[i], static_cast<float>(wanted[i])) << i;
        }
    }
    EXPECT_FALSE(std::equal(wanted.begin(), wanted.begin() + 64, wanted.begin() + 64));
}

TEST(Grouping, WhatCannotBeIsRefused) {
    EXPECT_THROW(Grouping({2, 3}, Granularity::Channel, 2), std::invalid_argument);
    EXPECT_THROW(Grouping({2, 3}, Granularity::Channel, -3), std::invalid_argument);
    EXPECT_THROW(Grouping({}, Granularity::Channel, 0), std::invalid_argument);
    EXPECT_THROW(Grouping({2, 3}, Granularity::Block, 0, 0), std::invalid_argument);
    EXPECT_THROW(Grouping({std::size_t{1} << 40, std::size_t{1} << 40}, Granularity::Tensor), std::invalid_argument);
    const Grouping two({2, 3}, Granularity::Channel, 0);
    const std::vector<Affine> one(1, Affine{1});
    EXPECT_THROW(quantise(two, one, counted(6)), std::invalid_argument);
    EXPECT_EQ(Grouping({2, 0}, Granularity::Block, 1).groups(), 0U);
}

/// The value nearest to x in the format, ties to the even code, beyond the largest the largest: by search.
Rational nearest_in(const Format& f, const Rational& x) {
    return *truth::value(f, truth::round(f, x, {.overflow = Overflow::Saturate}).code);
}

TEST(BlockFormats, AsDefined) {
    std::mt19937 random(4);
    std::normal_distribution<float> normal(0, 1);
    for (const BlockFormat& format : block_formats) {
        std::vector<float> numbers(100);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers[i] = i < 32 ? 0.0F : normal(random) * std::ldexp(1.0F, static_cast<int>(i / 32) * 5 - 3);
        const Blocks blocks = to_blocks(format, numbers);
        const std::vector<float> back = from_blocks(format, blocks);
        ASSERT_EQ(back.size(), numbers.size());
        ASSERT_EQ(blocks.scales.size(), (numbers.size() + format.block - 1) / format.block);
        const Rational largest = *truth::value(format.element, format.element.max_code());
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const std::size_t first = i / format.block * format.block;
            Rational amax = 0;
            for (std::size_t j = first; j < std::min(first + format.block, numbers.size()); ++j)
                amax = std::max<Rational>(amax, abs(rational(numbers[j])));
            if (amax == 0) {
                EXPECT_EQ(back[i], 0);
                continue;
            }
            const Rational scale = format.rule == BlockScale::FloorPowerOfTwo
                                       ? pow2(truth::floor_log2(amax) - truth::floor_log2(largest))
                                       : nearest_in(format.scale, f32(amax / largest));
            ASSERT_EQ(rational(back[i]), f32(nearest_in(format.element, rational(numbers[i]) / scale) * scale))
                << format.name << " element " << i;
        }
    }
}

TEST(BlockFormats, TheEndsOfTheScales) {
    for (const BlockFormat& format : block_formats) {
        const Blocks tiny = to_blocks(format, std::vector<float>{1e-45F}),
                     huge = to_blocks(format, std::vector<float>{3e38F});
        EXPECT_EQ(tiny.scales[0], format.rule == BlockScale::FloorPowerOfTwo ? 0U : 1U) << format.name;
        EXPECT_FALSE(format.scale.is_nan(huge.scales[0])) << format.name;
        EXPECT_EQ(huge.elements[0] & format.element.magnitude_mask(),
                  format.rule == BlockScale::FloorPowerOfTwo ? huge.elements[0] : format.element.max_code());
        EXPECT_THROW(to_blocks(format, std::vector<float>{1, INFINITY}), InputError);
    }
}

TEST(BlockFormats, Q8_0ByItsDefinition) {
    std::vector<float> numbers(64);
    std::mt19937 random(6);
    std::normal_distribution<float> normal(0, 1);
    for (float& x : numbers) x = normal(random);
    for (std::size_t i = 0; i < 3; ++i) numbers[32 + i] = 0.5F - static_cast<float>(i);  // ties: d = 1 exactly
    for (std::size_t i = 35; i < 64; ++i) numbers[i] = 127;
    const std::vector<std::uint8_t> bytes = to_q8_0(numbers);
    ASSERT_EQ(bytes.size(), 68U);
    EXPECT_EQ(bytes[34], 0x00);  // 1 as binary16, little-endian
    EXPECT_EQ(bytes[35], 0x3C);
    EXPECT_EQ(bytes[36], 1);  // 0.5, away from 0
    EXPECT_EQ(bytes[37], 0xFF);
    EXPECT_EQ(bytes[38], 0xFE);
    const std::vector<float> back = from_q8_0(bytes);
    for (std::size_t i = 0; i < 32; ++i) {
        Rational amax = 0;
        for (std::size_t j = 0; j < 32; ++j) amax = std::max<Rational>(amax, abs(rational(numbers[j])));
        const Rational d = f32(amax / 127);
        const Rational code = whole(f32(rational(numbers[i]) * f32(1 / d)), Rounding::NearestAway);
        EXPECT_EQ(static_cast<std::int8_t>(bytes[2 + i]), code);
        EXPECT_EQ(rational(back[i]), f32(code * nearest_in(binary16, d)));
    }
    EXPECT_EQ(from_q8_0(to_q8_0(std::vector<float>(32))), std::vector<float>(32));
    EXPECT_THROW(to_q8_0(std::vector<float>(31)), InputError);
    EXPECT_THROW(to_q8_0(std::vector<float>(32, 1e9F)), InputError);
    EXPECT_THROW(from_q8_0(std::vector<std::uint8_t>(33)), InputError);
}

/// Codes are by d in binary32, whatever binary16 makes of it: 2^-25 is a tie between 0 and its least number, whose code is 1.
TEST(BlockFormats, Q8_0OfTinyNumbersHasCodesAndAScaleOfZero) {
    std::vector<float> numbers(32, 0x1p-25F);
    numbers[0] = 127 * 0x1p-25F;
    std::vector<std::uint8_t> bytes = to_q8_0(numbers);
    EXPECT_EQ(bytes[0], 0);
    EXPECT_EQ(bytes[1], 0);
    EXPECT_EQ(bytes[2], 127);
    EXPECT_EQ(bytes[3], 1);
    EXPECT_EQ(from_q8_0(bytes), std::vector<float>(32));
    numbers[0] = 127 * 0x1.000002p-25F;
    bytes = to_q8_0(numbers);
    EXPECT_EQ(bytes[0], 1);
    EXPECT_EQ(from_q8_0(bytes)[0], 127 * 0x1p-24F);
    // The ends: 1 / 2^-127 is 2^127, and 1 / 2^-128 infinite; 65520 is rounded to infinity, what is below is not.
    for (const auto& [d, possible] :
         {std::pair(0x1p-127F, true), {0x1p-128F, false}, {0x1.ffdffep15F, true}, {65520, false}}) {
        numbers = std::vector<float>(32, 127 * d);
        if (possible) {
            EXPECT_EQ(to_q8_0(numbers)[2], 127) << d;
        } else {
            EXPECT_THROW(to_q8_0(numbers), InputError) << d;
        }
    }
}

}  // namespace
}  // namespace halfulp::quantize
