// Claim: quantising and dequantising give, for every type, rounding and quotient and on every instruction set, the codes and
// numbers that their definition gives.
// Oracle: the definition in exact rationals: each step computed exactly and rounded by truth::. Shared: the types Affine and
// CodeRange.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include <halfulp/lib/quantize/affine.hpp>
#include <halfulp/lib/truth/definition.hpp>

#include "support/by_rationals.hpp"
#include "support/kernel_targets.hpp"

namespace halfulp::quantize {
namespace {

using test::rational;
using truth::Integer;
using truth::Rational;

std::uint32_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }
Rational in_binary32(const Rational& x) { return test::rounded_to(binary32, x); }

std::int32_t defined_code(const Affine& q, float x) {
    if (std::isnan(x)) return q.zero_point;
    if (std::isinf(x)) return x < 0 ? q.range.least : q.range.greatest;
    const Rational quotient = q.quotient == Quotient::Divide
                                  ? in_binary32(rational(x) / rational(q.scale))
                                  : in_binary32(rational(x) * in_binary32(1 / rational(q.scale)));
    const Integer code = truth::round_to_integer(quotient, q.rounding) + q.zero_point;
    return static_cast<std::int32_t>(std::clamp<Integer>(code, q.range.least, q.range.greatest));
}

/// As a rational: the product in binary32.
Rational defined_number(const Affine& q, std::int32_t code) {
    return in_binary32(Rational(code - q.zero_point) * rational(q.scale));
}

/// Around every kind of threshold, far outside, and what is no number.
std::vector<float> numbers_for(const Affine& q, std::mt19937& random) {
    std::vector<float> numbers = {0.0F,
                                  -0.0F,
                                  1e-45F,
                                  -1e-45F,
                                  3e38F,
                                  -3e38F,
                                  std::numeric_limits<float>::infinity(),
                                  -std::numeric_limits<float>::infinity(),
                                  std::nanf("")};
    std::uniform_int_distribution<std::int32_t> steps(q.range.least - q.zero_point - 3,
                                                      q.range.greatest - q.zero_point + 3);
    std::uniform_real_distribution<float> between(-2, 2);
    for (int i = 0; i < 5; ++i) {
        const float tie = (static_cast<float>(steps(random)) + 0.5F) * q.scale;
        numbers.insert(numbers.end(), {tie, std::nextafter(tie, 0.0F), std::nextafter(tie, 1e30F),
                                       (static_cast<float>(steps(random)) + between(random)) * q.scale});
    }
    return numbers;
}

std::vector<Affine> quantisers(const Named<IntegerType>& type) {
    std::vector<Affine> some;
    for (const CodeRange& range : {full_range(type.value), restricted_range(type.value)})
        for (const float scale : {0.1F, 0.0235294F, 1.0F, 3.5e-38F, 1.3e33F})
            for (const std::int32_t zero : {0, range.least, range.greatest, (range.least + range.greatest + 1) / 2})
                for (const auto& quotient : quotients) some.push_back({scale, zero, range, {}, quotient.value});
    return some;
}

template <class Code>
void expect_defined(const Affine& q, const std::vector<float>& numbers) {
    std::vector<std::int32_t> defined(numbers.size());
    std::ranges::transform(numbers, defined.begin(), [&](float x) { return defined_code(q, x); });
    std::vector<std::uint32_t> levels(numbers.size());
    std::ranges::transform(defined, levels.begin(), [&](std::int32_t code) {
        return bits_of(defined_number(q, code).convert_to<float>());  // exact, as it is a number of binary32
    });
    test::on_every_target([&] {
        // Room after the end, which stays as it is.
        std::vector<Code> codes(numbers.size() + 1, Code{1});
        std::vector<float> back(numbers.size()), faked(numbers.size());
        quantise(q, numbers, std::span(codes).first(numbers.size()));
        dequantise(q, std::span(std::as_const(codes)).first(numbers.size()), back);
        fake_quantise(q, numbers, faked);
        EXPECT_EQ(codes.back(), 1);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            ASSERT_EQ(codes[i], defined[i])
                << numbers[i] << " by " << q.scale << " + " << q.zero_point << ", " << name_of(q.rounding);
            ASSERT_EQ(code_of(q, numbers[i]), defined[i]) << numbers[i];
            ASSERT_EQ(bits_of(back[i]), levels[i]) << defined[i] << " by " << q.scale;
            ASSERT_EQ(bits_of(faked[i]), levels[i]) << numbers[i];
        }
    });
}

void expect_defined(const IntegerType& type, const Affine& q, const std::vector<float>& numbers) {
    if (type.width <= 8 && type.is_signed) return expect_defined<std::int8_t>(q, numbers);
    if (type.width <= 8) return expect_defined<std::uint8_t>(q, numbers);
    if (type.is_signed) return expect_defined<std::int16_t>(q, numbers);
    expect_defined<std::uint16_t>(q, numbers);
}

TEST(Affine, EveryTypeToNearestEven) {
    std::mt19937 random(1);
    for (const auto& type : code_types)
        for (const Affine& q : quantisers(type)) expect_defined(type.value, q, numbers_for(q, random));
}

TEST(Affine, EveryRounding) {
    std::mt19937 random(2);
    for (const NamedRounding& rounding : deterministic_roundings)
        for (const auto& type : code_types)
            for (Affine q : quantisers(type)) {
                if (q.scale != 0.0235294F) continue;
                q.rounding = rounding.rounding;
                expect_defined(type.value, q, numbers_for(q, random));
            }
}

TEST(Affine, EveryLengthAndPlace) {
    std::mt19937 random(3);
    const Affine q{0.1F};
    std::vector<float> numbers;
    while (numbers.size() < 75) {
        const std::vector<float> more = numbers_for(q, random);
        numbers.insert(numbers.end(), more.begin(), more.end());
    }
    for (std::ptrdiff_t first = 0; first < 3; ++first)
        for (std::ptrdiff_t count = 0; count < 70; ++count)
            expect_defined<std::int8_t>(q, {numbers.begin() + first, numbers.begin() + first + count});
}

TEST(Affine, StochasticRoundingTakesTheNamedBits) {
    const Affine q{.scale = 1, .range = {0, 255}, .rounding = Rounding::Stochastic};
    const std::vector<float> numbers(1000, 3.25F);
    std::vector<std::uint8_t> codes(numbers.size());
    const kernel::Draws draws{.seed = 7, .first = 100};
    quantise(q, numbers, codes, draws);
    int up = 0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        // 3.25 goes up if the fraction, 2^62 of 2^64, and the bits carry.
        const bool carries = kernel::draw(draws, i) >= 0xC000000000000000;
        ASSERT_EQ(codes[i], carries ? 4 : 3);
        up += carries ? 1 : 0;
    }
    EXPECT_GT(up, 200);
    EXPECT_LT(up, 300);
}

TEST(Affine, WhatCannotBeIsRefused) {
    const std::vector<float> numbers(3);
    std::vector<std::int8_t> codes(3);
    std::vector<float> back(2);
    const auto refused = [&](const Affine& q) { EXPECT_THROW(quantise(q, numbers, codes), std::invalid_argument); };
    for (const float scale : {0.0F, -1.0F, 1e-39F, std::nanf(""), std::numeric_limits<float>::infinity()})
        refused({.scale = scale});
    refused({.scale = 3e38F, .quotient = Quotient::Reciprocal});
    refused({.scale = 1, .range = {-129, 127}});
    refused({.scale = 1, .range = {0, 128}});
    refused({.scale = 1, .range = {1, 0}});
    refused({.scale = 1, .zero_point = -128, .range = {-127, 127}});
    EXPECT_THROW(dequantise({.scale = 1}, codes, back), std::invalid_argument);
    EXPECT_NO_THROW(quantise({.scale = 3e38F}, numbers, codes));
}

}  // namespace
}  // namespace halfulp::quantize
