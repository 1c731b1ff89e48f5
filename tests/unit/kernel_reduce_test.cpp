// Claim: sums and dot products of lib/kernel are those of their definition, bit for bit, in every order, with every
// instruction set of this CPU, for 1 to 3 threads, whatever the length and the caller's floating-point environment.
// Oracle: the walk of lib/accumulate over the emulator; for "exact" softfloat's dot, and here exact rationals once more;
// for integers a loop in 64 bits.
// Shared: the rows of `reductions`; accumulate_test.cpp holds the walk to textbook loops.

#include <gtest/gtest.h>

#include <bit>
#include <cfenv>
#include <numeric>
#include <stdexcept>

#include <halfulp/lib/kernel/reduce.hpp>
#include <halfulp/lib/truth/definition.hpp>

#include "support/kernel_targets.hpp"
#include "support/reductions.hpp"

namespace halfulp::test {
namespace {

using truth::Rational;

/// Around a vector, the 128 lanes, and 2^11 terms: a block of exact sums, pairwise and FABsum. Of 273 terms an infinity is
/// the last one in its lane.
constexpr std::array<std::size_t, 23> lengths = {0,   1,   2,   7,   8,    9,    15,   17,   64,   127,  128, 129,
                                                 143, 255, 257, 273, 1000, 2047, 2048, 2049, 2176, 4097, 6145};

/// Around large blocks, or more than 64 small ones.
std::vector<std::size_t> long_lengths(const Reduction& order) {
    if (order.block == one_block) return {16385};
    if (order.block == 2048) return {64 * 2048 + 1};
    return {order.block - 1, order.block, order.block + 1, 2 * order.block + 77};
}

void expect_defined(const Reduction& order, const SumFormats& f, Elements kind, std::size_t length) {
    const CodeVector x = draw_elements(kind, f.storage, length, length);
    CodeVector y = draw_elements(kind, f.storage, length, ~length);
    if (kind == Elements::Tiny)  // else their products were positive
        for (std::uint64_t& code : y) code ^= f.storage.sign_bit();
    const std::uint64_t total = defined_sum(order, f, x), product = defined_dot(order, f, x, y);
    on_every_target([&] {
        for (const unsigned threads : {1U, 3U})
            ASSERT_EQ(kernel_sum(order, f, x, threads), total) << length << " elements, threads " << threads;
        for (const unsigned threads : {1U, 2U})
            ASSERT_EQ(kernel_dot(order, f, x, y, threads), product) << length << " products, threads " << threads;
    });
}

class KernelReduce : public testing::TestWithParam<std::tuple<Reduction, SumFormats>> {};
INSTANTIATE_TEST_SUITE_P(EveryOrder, KernelReduce,
                         testing::Combine(testing::ValuesIn(reductions), testing::ValuesIn(sum_formats)),
                         [](const auto& test) {
                             return case_name({std::get<0>(test.param).name, std::get<1>(test.param).name});
                         });

TEST_P(KernelReduce, IsItsDefinition) {
    const auto& [order, f] = GetParam();
    SCOPED_TRACE(std::string(order.name) + ", " + std::string(f.name));
    for (const Elements kind : all_elements)
        for (const std::size_t length : lengths)
            if (!HasFatalFailure()) expect_defined(order, f, kind, length);
    for (const std::size_t length : long_lengths(order))
        if (!HasFatalFailure()) expect_defined(order, f, Elements::Ordinary, length);
}

/// A peak, its opposite far away, and small numbers of any exponent between: an exact sum takes several walks.
CodeVector cancelling(const Format& f, std::size_t count, SplitMix& bits) {
    CodeVector x;
    while (x.size() + 1 < count) {
        const std::uint64_t code = bits() & f.magnitude_mask();
        x.push_back(code <= f.max_code() ? code | (bits() & f.sign_bit()) : 0);
    }
    for (std::size_t i = 0; i + 1 < count / 2; ++i) x[count - 2 - i] = x[i] ^ f.sign_bit();
    x.push_back(1 + bits() % 9);
    return x;
}

TEST(KernelReduceExact, CancellationLosesNothing) {
    SplitMix bits(5);
    for (const SumFormats& f : sum_formats)
        for (const std::size_t count : {3U, 40U, 2049U, 5000U}) {
            const CodeVector x = cancelling(f.storage, count, bits);
            Rational sum = 0, squares = 0;
            for (std::size_t i = 0; i < count; ++i) {
                const Rational value = *truth::value(f.storage, x[i]),
                               other = *truth::value(f.storage, x[count - 1 - i]);
                sum += value;
                squares += value * other;
            }
            const CodeVector reversed(x.rbegin(), x.rend());
            on_every_target([&] {
                for (unsigned threads = 1; threads <= 3; ++threads) {
                    EXPECT_EQ(kernel_sum(reduction("exact"), f, x, threads), truth::round(f.accumulate, sum).code)
                        << f.name;
                    EXPECT_EQ(kernel_dot(reduction("exact"), f, x, reversed, threads),
                              truth::round(f.accumulate, squares).code)
                        << f.name;
                }
            });
        }
}

TEST(KernelReduceInt8, IsExact) {
    SplitMix bits(6);
    constexpr std::size_t block = std::size_t{1} << 18;
    for (const std::size_t count :
         {std::size_t{0}, std::size_t{1}, std::size_t{31}, std::size_t{32}, std::size_t{33}, std::size_t{64},
          std::size_t{65}, std::size_t{1000}, block - 1, block, 3 * block + 1}) {
        std::vector<std::int8_t> any(count), least(count, -128), greatest(count, 127);
        for (std::int8_t& x : any) x = static_cast<std::int8_t>(bits());
        for (const auto* x : {&any, &least, &greatest})
            for (const auto* y : {&any, &least}) {
                const std::int64_t sum = std::accumulate(x->begin(), x->end(), std::int64_t{0});
                const std::int64_t dot = std::inner_product(x->begin(), x->end(), y->begin(), std::int64_t{0});
                on_every_target([&] {
                    for (unsigned threads = 1; threads <= 3; ++threads) {
                        EXPECT_EQ(kernel::sum(*x, threads), sum) << count;
                        EXPECT_EQ(kernel::dot(*x, *y, threads), dot) << count;
                    }
                });
            }
    }
}

/// Rounding Up and flags raised, as a caller may have left them; the threads of OpenMP may have them, too.
TEST(KernelReduceEnvironment, TheCallersTakesNoPartAndIsLeftAsItWas) {
    const SumFormats& f = sum_formats[0];
    const CodeVector x = draw_elements(Elements::Ordinary, binary32, 70000, 9);
    for (const Reduction& order : reductions)
        for (unsigned threads = 1; threads <= 2; ++threads) {
            const std::uint64_t expected = defined_dot(order, f, x, x);
            std::fenv_t saved;
            std::fegetenv(&saved);
            std::fesetround(FE_UPWARD);
            std::feclearexcept(FE_ALL_EXCEPT);
            std::feraiseexcept(FE_OVERFLOW);
            const std::uint64_t got = kernel_dot(order, f, x, x, threads);
            const int rounding = std::fegetround(), raised = std::fetestexcept(FE_ALL_EXCEPT);
            std::fesetenv(&saved);
            EXPECT_EQ(got, expected) << order.name;
            EXPECT_EQ(rounding, FE_UPWARD) << order.name;
            EXPECT_EQ(raised, FE_OVERFLOW) << order.name << ", threads " << threads;
        }
}

TEST(KernelReduceRules, WhatBreaksOneIsRefused) {
    const std::vector<float> four(4), three(3);
    const std::vector<std::uint16_t> codes(4), fewer(3);
    const std::vector<std::int8_t> bytes(4), fewer_bytes(3);
    const Reduction& order = reductions[0];
    EXPECT_THROW((void)kernel::dot(order, four, three), std::invalid_argument);
    EXPECT_THROW((void)kernel::dot(order, binary16, codes, fewer), std::invalid_argument);
    EXPECT_THROW((void)kernel::dot_in_half(order, fewer, codes), std::invalid_argument);
    EXPECT_THROW((void)kernel::dot(bytes, fewer_bytes), std::invalid_argument);
    EXPECT_THROW((void)kernel::sum(order, e5m2, codes), std::invalid_argument);
    EXPECT_THROW((void)kernel::dot(order, tf32, codes, codes), std::invalid_argument);
}

}  // namespace
}  // namespace halfulp::test
