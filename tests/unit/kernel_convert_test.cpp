// Claim: narrow and widen deliver the codes and flags of the exact engine on each element, with every instruction set of
// this CPU, in every environment, for every length and by any number of threads; and binary16 is what F16C makes of it.
// Oracle: the exact engine (held to MPFR and to exact rationals elsewhere), and F16C.
// Shared: what special values become is asked of Format and of the exact engine by the kernels, too.

#include <gtest/gtest.h>

#include <cfenv>
#include <numeric>
#include <stdexcept>
#include <tuple>

#include <halfulp/softfloat/integer.hpp>

#include "support/batch.hpp"
#include "support/f16c.hpp"
#include "support/operands.hpp"
#include "support/print.hpp"

namespace halfulp::test {
namespace {

using kernel::Draws;

/// Both ends of the normal numbers of `to` with their neighbours, edges, ties of `to`, and codes all over.
std::vector<std::uint32_t> numbers_for(const Format& to, std::size_t count) {
    SplitMix bits(to.max_code());
    std::vector<std::uint32_t> codes;
    for (const std::uint64_t end : {to.min_normal_code(), to.max_code()})
        for (std::uint64_t next = 0; next < 4; ++next)
            codes.push_back(static_cast<std::uint32_t>(convert(binary32, to, end).code + next - 2));
    while (codes.size() < count) {
        codes.push_back(static_cast<std::uint32_t>(property::tie_code(binary32, to, bits)));
        codes.push_back(static_cast<std::uint32_t>(property::edge_code(binary32, bits)));
        codes.push_back(static_cast<std::uint32_t>(bits()));
    }
    return codes;
}

/// And some that are no rows: bfloat16 without a sign; the largest numbers that an addition of binary32 rounds, and twice
/// that.
std::vector<NamedFormat> convertible_formats() {
    std::vector<NamedFormat> some = narrow_formats();
    const Format without_sign{
        .width = 15, .precision = 8, .bias = 127, .nan_codes = 127, .has_inf = true, .is_signed = false};
    some.push_back({"without_sign", without_sign, {}, {}});
    for (const int bias : {19, 18}) {
        const Format large{.width = 12, .precision = 5, .bias = bias, .nan_codes = 15, .has_inf = true};
        some.push_back({bias == 19 ? "up_to_2_to_107" : "up_to_2_to_108", large, {}, {}});
    }
    return some;
}

class KernelConvert : public testing::TestWithParam<NamedFormat> {};
INSTANTIATE_TEST_SUITE_P(EveryFormat, KernelConvert, testing::ValuesIn(convertible_formats()),
                         [](const auto& test) { return std::string(test.param.name); });

template <class Code>
void expect_narrowed_as_exactly(const Format& to, const Env& env, const std::vector<std::uint32_t>& numbers) {
    const Draws draws{.seed = 3, .first = 5};
    std::vector<Rounded> expected;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        expected.push_back(converted(to, binary32, numbers[i], env, draws, i));
    on_every_target([&] { expect_delivered(expected, narrowed<Code>(to, numbers, env, draws), text(env)); });
}

TEST_P(KernelConvert, NarrowsAsTheExactEngine) {
    const Format& to = GetParam().format;
    const auto numbers = numbers_for(to, 900);
    for (const Env& env : batch_environments()) {
        if (to.width <= 8) expect_narrowed_as_exactly<std::uint8_t>(to, env, numbers);
        if (to.width <= 16) expect_narrowed_as_exactly<std::uint16_t>(to, env, numbers);
        if (to.width > 16) expect_narrowed_as_exactly<std::uint32_t>(to, env, numbers);
    }
}

TEST_P(KernelConvert, WidensEveryCode) {
    const Format& from = GetParam().format;
    std::vector<std::uint32_t> codes(from.code_mask() + 1);
    std::iota(codes.begin(), codes.end(), 0U);
    const std::vector<std::uint16_t> codes16(codes.begin(), codes.end());
    const std::vector<std::uint8_t> codes8(codes.begin(), codes.end());
    for (const Env& env : {Env{}, Env{.overflow = Overflow::Saturate}, Env{.flush_inputs = true},
                           Env{.flush_outputs = Flush::BeforeRounding}, Env{.flush_outputs = Flush::AfterRounding}}) {
        std::vector<Rounded> expected;
        expected.reserve(codes.size());
        for (const std::uint32_t code : codes) expected.push_back(converted(binary32, from, code, env, {}, 0));
        on_every_target([&] {
            if (from.width <= 8) expect_delivered(expected, widened<std::uint8_t>(from, codes8, env), text(env));
            if (from.width <= 16) expect_delivered(expected, widened<std::uint16_t>(from, codes16, env), text(env));
            if (from.width > 16) expect_delivered(expected, widened<std::uint32_t>(from, codes, env), text(env));
        });
    }
}

TEST(KernelConvertLengths, EveryLengthAndNothingBeyondIt) {
    const auto numbers = numbers_for(e4m3fn, 99);
    const Env env{.rounding = Rounding::Stochastic};
    on_every_target([&] {
        for (std::size_t count = 0; count <= 70; ++count) {
            std::vector<float> from;
            std::vector<Rounded> expected;
            for (std::size_t i = 0; i < count; ++i) {
                from.push_back(std::bit_cast<float>(numbers[i]));
                expected.push_back(converted(e4m3fn, binary32, numbers[i], env, {}, i));
            }
            Delivered<std::uint8_t> got{std::vector<std::uint8_t>(count + 1, 0xA5), std::vector<Status>(count + 1), {}};
            got.each[count] = {.overflow = true, .inexact = true};
            got.all =
                kernel::narrow(e4m3fn, from, std::span(got.codes).first(count), env, std::span(got.each).first(count));
            expect_delivered(expected, got, "length " + std::to_string(count));
            EXPECT_EQ(got.codes[count], 0xA5);
            EXPECT_EQ(got.each[count], (Status{.overflow = true, .inexact = true}));
        }
    });
}

/// Among many ones, which lose nothing, a few that raise flags; arrays that begin anywhere in a line of the cache.
TEST(KernelConvertFlags, AreThoseOfEveryElementWhereverItLies) {
    constexpr std::size_t count = 7000;
    SplitMix bits(11);
    for (const Format& to : {e4m3fn, e5m2, e2m1}) {
        const auto telling = numbers_for(to, 60);
        const Rounded one = converted(to, binary32, std::bit_cast<std::uint32_t>(1.0F), {}, {}, 0);
        for (std::size_t trial = 0; trial < 100; ++trial) {
            std::vector<float> line_and_numbers(trial % 16 + count, 1.0F);
            const auto from = std::span(line_and_numbers).last(count);
            std::vector<std::uint8_t> expected(count, static_cast<std::uint8_t>(one.code)), codes(count);
            Status all;
            for (std::size_t i = bits() % 1000; i < count; i += 1 + bits() % 2500) {
                const std::uint32_t number = telling[bits() % telling.size()];
                const Rounded r = converted(to, binary32, number, {}, {}, i);
                from[i] = std::bit_cast<float>(number);
                expected[i] = static_cast<std::uint8_t>(r.code);
                all = all | r.status;
            }
            on_every_target([&] {
                EXPECT_EQ(kernel::narrow(to, from, codes), all);
                EXPECT_EQ(codes, expected);
            });
        }
    }
}

TEST(KernelConvertDraws, AnArrayMayBeCutIntoPieces) {
    const auto numbers = numbers_for(bfloat16, 300);
    const Env env{.rounding = Rounding::Stochastic};
    const auto whole = narrowed<std::uint16_t>(bfloat16, numbers, env, {.seed = 9, .first = 100}).codes;
    const auto begin = narrowed<std::uint16_t>(bfloat16, std::span(numbers).first(77), env, {.seed = 9, .first = 100});
    const auto end = narrowed<std::uint16_t>(bfloat16, std::span(numbers).subspan(77), env, {.seed = 9, .first = 177});
    std::vector<std::uint16_t> pieces = begin.codes;
    pieces.insert(pieces.end(), end.codes.begin(), end.codes.end());
    EXPECT_EQ(pieces, whole);
    EXPECT_NE(narrowed<std::uint16_t>(bfloat16, numbers, env, {.seed = 8, .first = 100}).codes, whole);
}

/// Every number of binary16, and every half of int8's range and some beyond with their neighbours.
std::vector<std::uint32_t> numbers_for_int8() {
    std::vector<std::uint32_t> codes;
    for (std::uint32_t code = 0; code < 0x10000; ++code)
        codes.push_back(static_cast<std::uint32_t>(convert(binary32, binary16, code).code));
    for (int halves = -520; halves <= 520; ++halves)
        for (std::uint32_t next = 0; next < 5; ++next)
            codes.push_back(std::bit_cast<std::uint32_t>(static_cast<float>(halves) / 2) + next - 2);
    for (const std::uint32_t code : numbers_for(e4m3fn, 3000)) codes.push_back(code);
    return codes;
}

TEST(KernelConvertInt8, NarrowsAsToInteger) {
    const std::vector<std::uint32_t> codes = numbers_for_int8();
    std::vector<float> from;
    for (const std::uint32_t code : codes) from.push_back(std::bit_cast<float>(code));
    const Draws draws{.seed = 4, .first = 3};
    for (const auto& row : roundings)
        for (const bool flush : {false, true}) {
            Env env{.rounding = row.rounding, .flush_inputs = flush};
            std::vector<Rounded> expected;
            for (std::size_t i = 0; i < codes.size(); ++i) {
                env.random = kernel::draw(draws, i);
                expected.push_back(to_integer(integer_type<std::int8_t>, Operand{binary32, codes[i]}, env));
            }
            on_every_target([&] {
                std::vector<std::int8_t> integers(codes.size());
                std::vector<Status> each(codes.size());
                const Status all = kernel::narrow(from, integers, env, each, draws);
                expect_delivered(expected, Delivered<std::uint8_t>{{integers.begin(), integers.end()}, each, all},
                                 text(env));
            });
        }
}

TEST(KernelConvertInt8, WidensEveryInteger) {
    std::vector<std::int8_t> integers(256);
    std::iota(integers.begin(), integers.end(), std::int8_t{-128});
    on_every_target([&] {
        std::vector<float> to(256);
        kernel::widen(integers, to);
        for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(to[i], static_cast<float>(i) - 128);
    });
}

/// What some threads deliver of 200 000 numbers: codes of each kind, the flags of each, and of all.
auto by_threads(unsigned threads) {
    std::vector<float> from, wide(200'000), wide_integers(200'000);
    SplitMix bits(8);
    while (from.size() < wide.size()) from.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits())));
    std::vector<std::uint16_t> codes(from.size());
    std::vector<std::int8_t> integers(from.size());
    std::vector<Status> each(from.size()), each_integer(from.size());
    const Env env{.rounding = Rounding::Stochastic};
    const Status raised = kernel::narrow(bfloat16, from, codes, env, each, {.seed = 6, .first = 1}, threads);
    const Status raised_by_integers = kernel::narrow(from, integers, env, each_integer, {.seed = 6}, threads);
    EXPECT_EQ(kernel::narrow(bfloat16, from, codes, env, {}, {.seed = 6, .first = 1}, threads), raised);
    const Status widened = kernel::widen(bfloat16, codes, wide, {}, {}, threads);
    kernel::widen(integers, wide_integers, threads);
    std::vector<std::uint32_t> wide_codes;
    for (const float x : wide) wide_codes.push_back(std::bit_cast<std::uint32_t>(x));
    return std::tuple(codes, integers, each, each_integer, wide_codes, wide_integers, raised, raised_by_integers,
                      widened);
}

TEST(KernelConvertThreads, AreNotSeenInAnyBit) {
    const auto by_one = by_threads(1);
    for (const unsigned threads : {2U, 3U, 8U}) EXPECT_TRUE(by_threads(threads) == by_one) << threads;
}

TEST(KernelConvertCpu, Binary16AsF16c) {
    if (const std::string_view lack = truth::cpu_lacks_binary16(); !lack.empty()) GTEST_SKIP() << lack;
    const auto numbers = numbers_for(binary16, 30000);
    for (const Rounding rounding : f16c_roundings()) {
        std::vector<Rounded> expected;
        for (const std::uint32_t number : numbers) {
            Rounded r = truth::cpu_binary32_to_binary16(number, rounding);
            if (binary16.is_nan(r.code)) r.code = binary16.nan_code();
            expected.push_back(r);
        }
        const Env env{.rounding = rounding};
        on_every_target(
            [&] { expect_delivered(expected, narrowed<std::uint16_t>(binary16, numbers, env), text(env)); });
    }
}

TEST(KernelConvertRules, TheCallersEnvironmentTakesNoPart) {
    const auto numbers = numbers_for(e4m3fn, 90);
    std::vector<Rounded> expected;
    for (const std::uint32_t number : numbers) expected.push_back(convert(e4m3fn, binary32, number));
    on_every_target([&] {
        ASSERT_EQ(std::fesetround(FE_UPWARD), 0);
        const auto delivered = narrowed<std::uint8_t>(e4m3fn, numbers, {});
        const int after = std::fegetround();
        std::fesetround(FE_TONEAREST);
        EXPECT_EQ(after, FE_UPWARD);
        expect_delivered(expected, delivered, "upwards");
    });
}

TEST(KernelConvertRules, WhatBreaksOneIsRefused) {
    const std::vector<float> numbers(4);
    std::vector<std::uint8_t> codes(4, 0xA5);
    std::vector<std::uint16_t> shorts(4);
    std::vector<std::uint32_t> words(4);
    std::vector<Status> each(3);
    EXPECT_THROW(kernel::narrow(binary16, numbers, codes), std::invalid_argument) << "16 bits in 8";
    EXPECT_THROW(kernel::narrow(binary32, numbers, words), std::invalid_argument) << "not narrower";
    EXPECT_THROW(kernel::narrow(ieee(16, 6), numbers, shorts), std::invalid_argument) << "9 bits of exponent";
    EXPECT_THROW(kernel::narrow({.width = 16, .precision = 8, .bias = 126}, numbers, shorts), std::invalid_argument);
    EXPECT_THROW(kernel::narrow({.width = 16, .precision = 8, .bias = 121}, numbers, shorts), std::invalid_argument);
    const Format lower_exponents{.width = 12, .precision = 8, .bias = 127};
    EXPECT_THROW(kernel::narrow(lower_exponents, numbers, shorts), std::invalid_argument);
    std::vector<float> wide(4);
    EXPECT_THROW(kernel::widen(lower_exponents, shorts, wide), std::invalid_argument);
    EXPECT_NO_THROW(kernel::widen(bfloat16, shorts, wide));
    EXPECT_THROW(kernel::narrow(e4m3fn, std::span(numbers).first(3), codes), std::invalid_argument);
    EXPECT_THROW(kernel::narrow(e4m3fn, numbers, codes, {}, each), std::invalid_argument);
    EXPECT_THROW(kernel::narrow(e4m3fn, numbers, codes, {.nan = NanPolicy::Cuda}), std::invalid_argument);
    EXPECT_EQ(codes, std::vector<std::uint8_t>(4, 0xA5));
}

}  // namespace
}  // namespace halfulp::test
