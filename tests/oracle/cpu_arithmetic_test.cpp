// Claim: arithmetic, rounding to integers, comparisons and conversions of binary32 and binary64 deliver what this CPU
// delivers: bits, NaN payloads and flags, in MXCSR's four roundings, with subnormal operands and tiny results flushed
// (DAZ, FTZ) and not.
// Oracle: SSE2, SSE4.1 and FMA instructions (lib/truth/cpu.hpp). Shared: nothing; the seed is fixed. input_denormal is
// not compared: MXCSR's flag means operands that are not flushed.
#include <halfulp/lib/truth/cpu.hpp>
#include <string>

#include "support/comparison.hpp"
#include "support/operands.hpp"
#include "support/operation.hpp"

namespace halfulp::test {
namespace {

constexpr std::uint64_t sample_size = 200'000;

/// MXCSR's roundings, each with and without DAZ and FTZ, under x86's policies.
std::vector<Env> cpu_environments() {
    std::vector<Env> all;
    for (const auto& row : deterministic_roundings)
        if (truth::cpu_has(row.rounding))
            for (const bool daz : {false, true})
                for (const Flush ftz : {Flush::Never, Flush::AfterRounding})
                    all.push_back({.rounding = row.rounding,
                                   .flush_inputs = daz,
                                   .flush_outputs = ftz,
                                   .nan = NanPolicy::X86Sse});
    return all;
}

Rounded without_input_denormal(Rounded r) {
    r.status.input_denormal = false;
    return r;
}

std::vector<NamedOperation> cpu_operations() {
    std::vector<NamedOperation> some;
    for (const NamedOperation& row : operations)
        if (row.operation == Operation::Fma || truth::cpu_lacks(row.operation).empty()) some.push_back(row);
    return some;
}

class CpuArithmetic : public testing::TestWithParam<FormatAndOperation> {};

TEST_P(CpuArithmetic, BitsAndFlags) {
    const auto& [format, op] = GetParam();
    const Format f = format.format;
    if (const std::string_view lack = truth::cpu_lacks(op.operation); !lack.empty()) GTEST_SKIP() << lack;

    Comparison comparison{std::string{format.name} + ' ' + std::string{op.name}};
    const std::vector<Env> envs = cpu_environments();
    SplitMix bits{0};
    for (std::uint64_t i = 0; i < sample_size; ++i) {
        const Operands operands = edge_operands(f, bits);
        for (const Env& env : envs)
            comparison.expect(truth::cpu_result(op.operation, f, operands, env),
                              without_input_denormal(compute(op.operation, f, operands, env)), f, f,
                              {operands.data(), op.operands}, env);
    }
}

INSTANTIATE_TEST_SUITE_P(Sse, CpuArithmetic,
                         testing::Combine(testing::Values(*find_format("binary32"), *find_format("binary64")),
                                          testing::ValuesIn(cpu_operations())),
                         case_name);

TEST(CpuConvert, Binary32AndBinary64) {
    if (!truth::cpu_has(Rounding::NearestEven)) GTEST_SKIP() << truth::cpu_lacks(Operation::Add);
    Comparison comparison{"binary32 and binary64"};
    const std::vector<Env> envs = cpu_environments();
    SplitMix bits{0};
    for (std::uint64_t i = 0; i < sample_size; ++i) {
        const std::uint64_t narrow = edge_to_convert(binary64, binary32, bits);
        const std::uint64_t wide = edge_to_convert(binary32, binary64, bits);
        for (const Env& env : envs) {
            comparison.expect(truth::cpu_binary32_to_binary64(narrow, env),
                              without_input_denormal(convert(binary64, binary32, narrow, env)), binary64, binary32,
                              {&narrow, 1}, env);
            comparison.expect(truth::cpu_binary64_to_binary32(wide, env),
                              without_input_denormal(convert(binary32, binary64, wide, env)), binary32, binary64,
                              {&wide, 1}, env);
        }
    }
}

/// A code whose value lies near the end of a 32- or 64-bit integer, or has a fraction.
std::uint64_t near_integer_end(const Format& f, SplitMix& bits) {
    const int exponent = static_cast<int>(bits() % 3 == 0 ? bits() % 70 : bits() % 2 == 0 ? 31 : 63) - 1;
    return at_exponent(f, property::edge_code(f, bits), exponent, 2, bits);
}

TEST(CpuConvert, ToIntegersWithX86sIndefinite) {
    if (!truth::cpu_has(Rounding::NearestEven)) GTEST_SKIP() << truth::cpu_lacks(Operation::Add);
    const std::vector<Env> envs = cpu_environments();
    for (const Format& f : {binary32, binary64}) {
        Comparison comparison{std::string{name_of(f)} + " to integers"};
        SplitMix bits{0};
        for (std::uint64_t i = 0; i < sample_size; ++i) {
            const std::uint64_t code = i % 2 == 0 ? property::edge_code(f, bits) : near_integer_end(f, bits);
            for (const Env& env : envs)
                for (const int width : {32, 64})
                    comparison.expect(truth::cpu_to_integer(width, f, code, env),
                                      without_input_denormal(
                                          to_integer({width, true}, Operand{f, code}, env, OutOfRange::Indefinite)),
                                      f, f, {&code, 1}, env);
        }
    }
}

}  // namespace
}  // namespace halfulp::test
