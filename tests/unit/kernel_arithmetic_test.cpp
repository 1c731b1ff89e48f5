// Claim: batch arithmetic delivers the codes and flags of the exact engine on each element, with every instruction set of
// this CPU, in every environment, for every length, whatever the caller's floating-point environment.
// Oracle: the exact engine (held to MPFR and to exact rationals elsewhere). traps_test.cpp has what others worked out.
// Shared: what special values become is asked of Format and of the exact engine by the kernels, too.

#include <gtest/gtest.h>

#include <cfenv>
#include <stdexcept>

#include "support/batch.hpp"
#include "support/operands.hpp"
#include "support/print.hpp"

namespace halfulp::test {
namespace {

Columns edge_columns(const Format& f, std::size_t count) {
    SplitMix bits(f.max_code());
    Columns x;
    for (std::size_t i = 0; i < count; ++i) x.add(edge_operands(f, bits));
    return x;
}

/// Every pair of codes at edges and of codes a stride apart.
Columns pairs(const Format& f, std::size_t edges, std::uint64_t stride) {
    SplitMix bits(f.max_code());
    std::vector<std::uint64_t> codes;
    codes.reserve(edges + f.code_mask() / stride + 1);
    for (std::size_t i = 0; i < edges; ++i) codes.push_back(property::edge_code(f, bits));
    for (std::uint64_t code = 0; code <= f.code_mask(); code += stride) codes.push_back(code);
    Columns x;
    for (const std::uint64_t a : codes)
        for (const std::uint64_t b : codes) x.add({a, b, 0});
    return x;
}

class KernelArithmetic : public testing::TestWithParam<NamedFormat> {};
INSTANTIATE_TEST_SUITE_P(EveryFormat, KernelArithmetic, testing::ValuesIn(arithmetic_formats()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(KernelArithmetic, EveryOperationInEveryEnvironment) {
    const Format& f = GetParam().format;
    const Columns x = edge_columns(f, 259);
    for (const NamedOperation& row : arithmetic_operations)
        for (const Env& env : batch_environments()) expect_computed(row.operation, f, x, env);
}

TEST_P(KernelArithmetic, PairsInEveryRounding) {
    const Format& f = GetParam().format;
    const Columns x = pairs(f, f.width > 8 ? 64 : 16, f.width > 8 ? 769 : 5);
    for (const Operation operation : {Operation::Add, Operation::Sub, Operation::Mul, Operation::Div})
        for (const auto& row : deterministic_roundings) expect_computed(operation, f, x, {.rounding = row.rounding});
}

TEST_P(KernelArithmetic, EveryRoot) {
    const Format& f = GetParam().format;
    Columns x;
    for (std::uint64_t code = 0; code <= f.code_mask(); code += f.width > 8 ? 3 : 1) x.add({code, 0, 0});
    for (const auto& row : deterministic_roundings) expect_computed(Operation::Sqrt, f, x, {.rounding = row.rounding});
}

TEST(KernelArithmeticLengths, EveryLengthAndNothingBeyondIt) {
    const Columns all = edge_columns(bfloat16, 70);
    on_every_target([&] {
        for (std::size_t count = 0; count <= 70; ++count) {
            const auto first = [&](const auto& column) { return std::span(column).first(count); };
            std::vector<std::uint16_t> codes(71, 0xA5A5);
            std::vector<Rounded> expected;
            expected.reserve(count);
            for (std::size_t i = 0; i < count; ++i)
                expected.push_back(calculated(Operation::Fma, bfloat16, all.row(i), {}, {}, i));
            Delivered<std::uint16_t> got{{}, std::vector<Status>(count), {}};
            got.all = kernel::fma(bfloat16, first(all.a), first(all.b), first(all.c), std::span(codes).first(count), {},
                                  got.each);
            EXPECT_EQ(codes[count], 0xA5A5);
            got.codes = codes;
            expect_delivered(expected, got, "length " + std::to_string(count));
        }
    });
}

/// Rounding Up and flags raised, as a caller may have left them.
TEST(KernelArithmeticEnvironment, TheCallersTakesNoPartAndIsLeftAsItWas) {
    const Columns x = edge_columns(binary16, 500);
    const auto expected = computed(Operation::Fma, binary16, x, {}).codes;
    std::fenv_t saved;
    std::fegetenv(&saved);
    std::fesetround(FE_UPWARD);
    std::feclearexcept(FE_ALL_EXCEPT);
    std::feraiseexcept(FE_OVERFLOW);
    std::vector<std::uint16_t> got(x.a.size());
    kernel::fma(binary16, x.a, x.b, x.c, got);
    const int rounding = std::fegetround(), raised = std::fetestexcept(FE_ALL_EXCEPT);
    std::fesetenv(&saved);
    EXPECT_EQ(got, expected);
    EXPECT_EQ(rounding, FE_UPWARD);
    EXPECT_EQ(raised, FE_OVERFLOW);
}

TEST(KernelArithmeticRules, WhatBreaksOneIsRefused) {
    const std::vector<std::uint16_t> four(4), three(3);
    std::vector<std::uint16_t> codes(4, 0xA5A5);
    std::vector<Status> each(5);
    EXPECT_THROW(kernel::add(e8m0, four, four, codes), std::invalid_argument) << "no zero";
    EXPECT_THROW(kernel::add(tf32, four, four, codes), std::invalid_argument) << "19 bits";
    EXPECT_THROW(kernel::compute(Operation::Fmod, binary16, four, four, {}, codes), std::invalid_argument);
    EXPECT_THROW(kernel::add(binary16, four, three, codes), std::invalid_argument);
    EXPECT_THROW(kernel::sqrt(binary16, three, codes), std::invalid_argument);
    EXPECT_THROW(kernel::fma(binary16, four, four, three, codes), std::invalid_argument);
    EXPECT_THROW(kernel::mul(binary16, four, four, codes, {}, each), std::invalid_argument);
    EXPECT_THROW(kernel::div(binary16, four, four, codes, {.nan = NanPolicy::X86Sse}), std::invalid_argument);
    EXPECT_EQ(codes, std::vector<std::uint16_t>(4, 0xA5A5));
}

}  // namespace
}  // namespace halfulp::test
