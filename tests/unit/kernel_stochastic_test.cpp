// Claim: batches round stochastically as the exact engine does, at the random bits where the result or a flag turns and
// next to them; and the root of binary64 has the bits of the exact one that they read.
// Oracle: the exact engine (held to exact rationals elsewhere), and integer roots. Shared: nothing.

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <functional>

#include "support/batch.hpp"
#include "support/draws.hpp"
#include "support/operands.hpp"
#include "support/print.hpp"

namespace halfulp::test {
namespace {

constexpr std::uint32_t all_ones = 0xFFFFFFFF;

/// What comes of some 32 random bits.
using Outcome = std::function<Rounded(std::uint32_t)>;

/// The least random bits with which the outcome is no longer the one of 0, or already the one of all ones: more random
/// bits never lead back.
std::uint32_t turn(const Outcome& outcome, bool leaves_first) {
    const Rounded first = outcome(0), last = outcome(all_ones);
    std::uint32_t below = 0, turned = all_ones;
    while (turned - below > 1) {
        const std::uint32_t middle = below + (turned - below) / 2;
        const Rounded there = outcome(middle);
        (leaves_first ? there != first : there == last) ? turned = middle : below = middle;
    }
    return turned;
}

/// About each turn, and at both ends.
void expect_same_at_turns(const Outcome& exactly, const Outcome& by_batch, const std::string& what) {
    const std::uint32_t begin = turn(exactly, true), end = turn(exactly, false);
    for (const std::uint32_t random : {0U, 1U, begin - 1, begin, begin + 1, end - 1, end, end + 1, all_ones}) {
        const Rounded wanted = exactly(random);
        on_every_target([&] {
            const Rounded got = by_batch(random);
            EXPECT_EQ(got, wanted) << what << std::hex << ", random bits 0x" << random << ": 0x" << got.code
                                   << flags_text(got.status) << ", not 0x" << wanted.code << flags_text(wanted.status);
        });
    }
}

std::vector<Env> stochastic_environments() {
    std::vector<Env> some;
    for (const Tininess tininess : {Tininess::AfterRounding, Tininess::BeforeRounding})
        some.push_back({.rounding = Rounding::Stochastic, .tininess = tininess});
    for (const Flush flush : {Flush::BeforeRounding, Flush::AfterRounding})
        some.push_back({.rounding = Rounding::Stochastic, .flush_outputs = flush});
    return some;
}

Env with_bits(Env env, std::uint32_t random) {
    env.random = std::uint64_t{random} << 32;
    return env;
}

std::string name(const testing::TestParamInfo<NamedFormat>& test) { return std::string(test.param.name); }

class KernelStochasticArithmetic : public testing::TestWithParam<NamedFormat> {};
INSTANTIATE_TEST_SUITE_P(EveryFormat, KernelStochasticArithmetic, testing::ValuesIn(arithmetic_formats()), name);

void expect_operation_same_at_turns(Operation operation, const Format& f, const Operands& row, const Env& env) {
    const auto exactly = [&](std::uint32_t random) { return compute(operation, f, row, with_bits(env, random)); };
    Columns x;
    x.add(row);
    const auto by_batch = [&](std::uint32_t random) {
        std::uint16_t code = 0;
        const Status raised =
            kernel::compute(operation, f, x.a, x.b, x.c, {&code, 1}, env, {}, draws_beginning_with(random));
        return Rounded{code, raised};
    };
    expect_same_at_turns(exactly, by_batch, std::string(row_of(operation).name) + ' ' + text(env));
}

TEST_P(KernelStochasticArithmetic, TurnsWithTheSameRandomBits) {
    const Format& f = GetParam().format;
    SplitMix bits(f.max_code());
    for (int i = 0; i < 20; ++i) {
        const Operands row = edge_operands(f, bits);
        for (const NamedOperation& operation : arithmetic_operations)
            for (const Env& env : stochastic_environments())
                expect_operation_same_at_turns(operation.operation, f, row, env);
    }
}

class KernelStochasticConvert : public testing::TestWithParam<NamedFormat> {};
INSTANTIATE_TEST_SUITE_P(EveryFormat, KernelStochasticConvert, testing::ValuesIn(narrow_formats()), name);

void expect_number_same_at_turns(const Format& to, std::uint32_t number, const Env& env) {
    const auto exactly = [&](std::uint32_t random) { return convert(to, binary32, number, with_bits(env, random)); };
    const auto by_batch = [&](std::uint32_t random) {
        const float from = std::bit_cast<float>(number);
        std::uint32_t code = 0;
        const Status raised = kernel::narrow(to, {&from, 1}, {&code, 1}, env, {}, draws_beginning_with(random));
        return Rounded{code, raised};
    };
    expect_same_at_turns(exactly, by_batch, text(env));
}

TEST_P(KernelStochasticConvert, TurnsWithTheSameRandomBits) {
    const Format& to = GetParam().format;
    SplitMix bits(to.max_code());
    for (int i = 0; i < 40; ++i)
        for (const Env& env : stochastic_environments()) {
            expect_number_same_at_turns(to, static_cast<std::uint32_t>(property::tie_code(binary32, to, bits)), env);
            expect_number_same_at_turns(to, static_cast<std::uint32_t>(property::edge_code(binary32, bits)), env);
        }
}

/// Of operands with 11 bits of precision in [1, 4): scaled by a power of 4 these are all.
TEST(KernelStochasticRoots, Binary64HasTheLeading43Bits) {
    for (std::uint64_t n = 1 << 10; n < 1 << 12; ++n) {
        const boost::multiprecision::cpp_int radicand = boost::multiprecision::cpp_int(n) << (2 * 42 - 10);
        const double root = std::sqrt(std::ldexp(static_cast<double>(n), -10));
        EXPECT_EQ(static_cast<std::uint64_t>(std::ldexp(root, 42)), boost::multiprecision::sqrt(radicand)) << n;
    }
}

}  // namespace
}  // namespace halfulp::test
