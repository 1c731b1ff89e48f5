// Claim: each way to requantise gives the codes of its published definition; they differ from one another where they may, by 1;
// sums that a layer cannot have without leaving 32 bits are refused.
// Oracle: the definitions in exact rationals. Shared: the table's rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>
#include <vector>

#include <halfulp/lib/quantize/requantise.hpp>
#include <halfulp/lib/quantize/requantise_table.hpp>

#include "support/by_rationals.hpp"
#include "support/kernel_targets.hpp"

namespace halfulp::quantize {
namespace {

using test::rational;
using test::rounded_to;
using truth::Integer;
using truth::pow2;
using truth::Rational;

constexpr std::int32_t least_sum = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t greatest_sum = std::numeric_limits<std::int32_t>::max();

Integer ties_up(const Rational& x) { return truth::floor(x + Rational{1, 2}); }
Integer nearest(const Rational& x, Rounding ties) { return truth::round_to_integer(x, ties); }

/// factor = q * 2^(-31 - shift), by the definition of gemmlowp's paper (Jacob et al. 2018, 2.2).
struct Definition {
    std::int64_t q;
    int shift;
};
Definition defined_factor(double factor) {
    const int shift = -1 - truth::floor_log2(rational(factor));
    const auto q = static_cast<std::int64_t>(nearest(rational(factor) * pow2(31 + shift), Rounding::NearestAway));
    return q == std::int64_t{1} << 31 ? Definition{q / 2, shift - 1} : Definition{q, shift};
}

Integer defined_code(const Requantiser& by, std::int32_t sum) {
    const auto [q, shift] = defined_factor(by.factor);
    const Rational factor = rational(static_cast<float>(by.factor));
    switch (by.mode) {
        case Requantisation::GemmlowpDouble:
            return nearest(ties_up(Rational(sum) * q / pow2(31)) / pow2(shift), Rounding::NearestAway) + by.zero_point;
        case Requantisation::Single: return ties_up(Rational(sum) * q / pow2(31 + shift)) + by.zero_point;
        case Requantisation::Fp32Magic:
            return nearest(rounded_to(binary32, rounded_to(binary32, sum) * factor), Rounding::NearestEven) +
                   by.zero_point;
        case Requantisation::OnnxFloat:
            return nearest(rounded_to(binary64, rounded_to(binary64, sum * factor) + by.zero_point),
                           Rounding::NearestEven);
    }
    __builtin_unreachable();
}

std::int32_t clamped(const CodeRange& range, const Integer& code) {
    return static_cast<std::int32_t>(std::clamp<Integer>(code, range.least, range.greatest));
}

/// Ends, small sums, sums near every threshold between codes, and any.
std::vector<std::int32_t> sums_for(double factor, std::mt19937& random) {
    std::vector<std::int32_t> sums = {least_sum, least_sum + 1, -1, 0, 1, greatest_sum - 1, greatest_sum};
    std::uniform_int_distribution<std::int32_t> any(least_sum, greatest_sum), code(-300, 300), near(-2, 2);
    for (int i = 0; i < 100; ++i) {
        const double tie = (code(random) + 0.5) / factor;
        if (std::abs(tie) < 0x1p31 - 8) sums.push_back(static_cast<std::int32_t>(tie) + near(random));
        sums.push_back(any(random) >> (any(random) & 31));
    }
    return sums;
}

constexpr std::array factors = {0x1p-32,         0x1.8p-32, 0x1p-31,  0x1.fffffffep-20, 0.5,  0.25, 0.0009765625, 0.1,
                                0.0072474273418, 0.3,       0.999999, 1 - 0x1p-31,      0.75, 1e-3, 3.0 / 1024};

/// In vectors, a ragged end among them.
template <class Code>
void expect_codes(const Requantiser& by, std::span<const std::int32_t> sums, std::span<const std::int32_t> defined) {
    std::vector<Code> codes(sums.size());
    requantise(by, sums, codes);
    for (std::size_t i = 0; i < sums.size(); ++i)
        ASSERT_EQ(codes[i], defined[i]) << row_of(by.mode).name << ": " << sums[i] << " * " << by.factor;
}

TEST(Requantise, EveryModeAsDefined) {
    std::mt19937 random(1);
    for (const RequantisationRow& row : requantisations)
        for (const double factor : factors)
            for (const auto& [zero, range] : {std::pair(0, CodeRange{-128, 127}),
                                              {-5, {-127, 127}},
                                              {128, {0, 255}},
                                              {3, {0, 255}},
                                              {-1000, {-32768, 32767}}}) {
                const Requantiser by{row.value, factor, zero, range};
                const auto sums = sums_for(factor, random);
                std::vector<std::int32_t> defined(sums.size());
                for (std::size_t i = 0; i < sums.size(); ++i) {
                    defined[i] = clamped(range, defined_code(by, sums[i]));
                    ASSERT_EQ(requantise(by, sums[i]), defined[i])
                        << row.name << ": " << sums[i] << " * " << factor << " + " << zero;
                }
                test::on_every_target([&] {
                    expect_codes<std::int32_t>(by, sums, defined);
                    if (by.range.greatest > 255) return expect_codes<std::int16_t>(by, sums, defined);
                    if (by.range.greatest > 127) return expect_codes<std::uint8_t>(by, sums, defined);
                    expect_codes<std::int8_t>(by, sums, defined);
                });
            }
}

TEST(Requantise, FactorsInFixedPoint) {
    for (const double factor : factors) {
        const auto [q, shift] = defined_factor(factor);
        EXPECT_EQ(fixed_point(factor), (FixedPoint{static_cast<std::int32_t>(q), shift})) << factor;
    }
    EXPECT_EQ(fixed_point(0x1p-32), (FixedPoint{1 << 30, 31}));
    EXPECT_EQ(fixed_point(0.5 - 0x1p-40), (FixedPoint{1 << 30, 0}));  // rounded up to the next power of two
}

/// Ties by hand: 5/2 and -5/2, 3/2 and -3/2; factor 1/2 has q = 2^30 and shift 0.
TEST(Requantise, WhereTheModesDiffer) {
    const auto codes = [](std::int32_t sum, std::int32_t zero) {
        std::vector<std::int32_t> all(requantisations.size());
        std::ranges::transform(requantisations, all.begin(), [&](const RequantisationRow& row) {
            return requantise({row.value, 0.5, zero, {-128, 127}}, sum);
        });
        return all;
    };
    using Codes = std::vector<std::int32_t>;  // gemmlowp_double, single, fp32_magic, onnx_float
    EXPECT_EQ(codes(5, 0), (Codes{3, 3, 2, 2}));
    EXPECT_EQ(codes(-5, 0), (Codes{-2, -2, -2, -2}));
    EXPECT_EQ(codes(-3, 0), (Codes{-1, -1, -2, -2}));
    EXPECT_EQ(codes(5, 1), (Codes{4, 4, 3, 4}));  // onnx_float rounds 3.5
    // Sums of 31 bits are rounded to binary32 first. 20000.5 + 2^-11 becomes the tie; and 100.50000186, whose sum is rounded up,
    // a number above what its product alone is rounded to, the tie.
    const auto of_31_bits = [](Requantisation mode, double factor, std::int32_t sum) {
        return requantise({mode, factor, 0, {-32768, 32767}}, sum);
    };
    EXPECT_EQ(of_31_bits(Requantisation::Single, 0x1p-16, 1310752768 + 32), 20001);
    EXPECT_EQ(of_31_bits(Requantisation::Fp32Magic, 0x1p-16, 1310752768 + 32), 20000);
    EXPECT_EQ(of_31_bits(Requantisation::Fp32Magic, 0x1.93p-25, 2142154944), 101);
    // -1/4 - 1/4: twice rounded, away from 0 the second time; the product's ties go up the first time.
    EXPECT_EQ(requantise({Requantisation::GemmlowpDouble, 0.25, 0, {-128, 127}}, -2), -1);
    EXPECT_EQ(requantise({Requantisation::Single, 0.25, 0, {-128, 127}}, -2), 0);
}

/// All sums that give codes, for a factor without exact ties: neighbours at most, and hardly ever.
TEST(Requantise, DifferencesAreCounted) {
    constexpr double factor = 0.0072474273418;
    std::array<std::array<int, 4>, 4> differ{};
    for (std::int32_t sum = -20000; sum <= 20000; ++sum) {
        std::array<std::int32_t, 4> codes{};
        for (std::size_t i = 0; i < codes.size(); ++i)
            codes[i] = requantise({requantisations[i].value, factor, 0, {-32768, 32767}}, sum);
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < i; ++j) {
                ASSERT_LE(std::abs(codes[i] - codes[j]), 1);
                differ[i][j] += codes[i] != codes[j] ? 1 : 0;
            }
    }
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < i; ++j) EXPECT_LT(differ[i][j], 400);
    EXPECT_GT(differ[1][0], 0);  // double rounding shows
}

std::int64_t floor_divided(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// By whole numbers, for 2^-8 = 2^30 * 2^(-31 - 7): sums of 20 bits are exact in binary32, whose ties then go to even codes.
TEST(Requantise, TheTableCountsEveryPair) {
    const Table table = requantisation_table();
    std::map<std::pair<std::string, std::string>, int> differ;
    for (std::int64_t sum = -500000; sum < 500000; ++sum) {
        const std::int64_t half = floor_divided(sum + 1, 2), below = floor_divided(sum, 256), rest = sum - 256 * below;
        const std::int64_t twice = half < 0 ? -((64 - half) / 128) : (half + 64) / 128;  // away from 0
        const std::int64_t once = floor_divided(sum + 128, 256);
        const std::int64_t even = below + (rest > 128 || (rest == 128 && below % 2 != 0) ? 1 : 0);
        differ[{"gemmlowp_double", "single"}] += twice != once ? 1 : 0;
        differ[{"gemmlowp_double", "fp32_magic"}] += twice != even ? 1 : 0;
        differ[{"gemmlowp_double", "onnx_float"}] += twice != even ? 1 : 0;
        differ[{"single", "fp32_magic"}] += once != even ? 1 : 0;
        differ[{"single", "onnx_float"}] += once != even ? 1 : 0;
        differ[{"fp32_magic", "onnx_float"}] += 0;
    }
    ASSERT_EQ(table.size(), 7U);
    EXPECT_EQ(table[0][2], "factor 2^-8");
    for (std::size_t i = 1; i < 7; ++i)
        EXPECT_EQ(table[i][2], std::to_string(differ.at({table[i][0], table[i][1]})))
            << table[i][0] << ' ' << table[i][1];
}

TEST(Requantise, QuantisesDown) {
    for (const std::int32_t sum : {-75000, -74980, -74979, -40000, 0, 30000, 82245, 82246, 90000, 2000000}) {
        const Rational exact = Rational((std::int64_t{sum} + 74980) * 3401) / pow2(21);
        EXPECT_EQ(quantise_down({74980, 3401, 21}, sum), clamped({0, 255}, ties_up(exact))) << sum;
    }
}

TEST(Requantise, WhatCannotBeIsRefused) {
    const std::vector<std::int32_t> sums(3);
    std::vector<std::int8_t> codes(3);
    const auto refused = [&](const Requantiser& by) {
        EXPECT_THROW(requantise(by, sums, codes), std::invalid_argument) << by.factor;
    };
    for (const RequantisationRow& row : requantisations)
        for (const double factor : {0.0, -0.5, 1e-50, static_cast<double>(NAN), static_cast<double>(INFINITY)})
            refused({row.value, factor});
    for (const auto mode : {Requantisation::GemmlowpDouble, Requantisation::Single, Requantisation::Fp32Magic})
        for (const double factor : {0x1.fp-33, 1.0, 1 - 0x1p-33}) refused({mode, factor});
    refused({Requantisation::Single, 0.5, 128});
    refused({Requantisation::Single, 0.5, 0, {0, 255}});
    EXPECT_THROW(requantise({Requantisation::Single, 0.5}, std::span(sums).first(2), codes), std::invalid_argument);
    EXPECT_EQ(requantise({Requantisation::OnnxFloat, 2.0}, 50), 100);
}

}  // namespace
}  // namespace halfulp::quantize
