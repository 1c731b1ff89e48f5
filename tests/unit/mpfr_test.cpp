// Claim: the oracle of MPFR delivers what the definition does, in formats of every encoding, to the same and to another
// format, in every rounding with every rule of overflow, tininess and flushing.
// Oracle: exact rationals by Boost, rounded by truth::round, and IEEE 754's rules in truth/ieee_rules.hpp; for e8m0 the
// sentence of definition_e8m0_test.cpp. Shared: the rows of formats.hpp.
#include <halfulp/lib/truth/mpfr.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/definition_sweeps.hpp"
#include "support/elementary_rules.hpp"

namespace halfulp::test {
namespace {

Real defined_real(Operation operation, const Format& f, const Operands& codes) {
    const auto x = [&](std::size_t i) { return operand(f, codes[i]); };
    switch (operation) {
        case Operation::Add: return truth::sum(x(0), x(1));
        case Operation::Sub: return truth::difference(x(0), x(1));
        case Operation::Mul: return truth::product(x(0), x(1));
        case Operation::Div: return truth::quotient(x(0), x(1));
        case Operation::Sqrt: return truth::root(x(0));
        case Operation::Fma: return truth::fused(x(0), x(1), x(2));
        default: return x(0);
    }
}

void expect_defined(Operation operation, const Format& to, const Format& from, const Operands& codes, const Env& env) {
    ASSERT_EQ(truth::mpfr_result(operation, to, from, codes, env),
              delivered(to, defined_real(operation, from, codes), env))
        << name_of(operation) << ' ' << name_of(from) << ' ' << name_of(to) << ' ' << name_of(env.rounding) << ' '
        << std::hex << codes[0] << ' ' << codes[1] << ' ' << codes[2];
}

TEST(Mpfr, ArithmeticInFormatsOfEveryEncoding) {
    std::uint64_t next = 0;
    for (const Format& f : formats_up_to(8))
        for (const Env& env : diagonal_environments())
            for (int i = 0; i < 12; ++i)
                for (const auto& row : arithmetic_operations) {
                    const std::uint64_t bits = mixed_bits(++next), mask = f.code_mask();
                    const Operands codes{bits & mask, bits >> 16 & mask, bits >> 32 & mask};
                    expect_defined(row.operation, f, f, codes, env);
                }
}

TEST(Mpfr, ProductsInAnotherFormat) {
    std::uint64_t next = 0;
    for (const auto& [from, to] : {std::pair{binary32, binary16}, {binary16, e4m3fn}, {e5m2, e3m2}, {e4m3fnuz, e2m1}})
        for (const Env& env : diagonal_environments())
            for (int i = 0; i < 30; ++i) {
                // Exponents of 1 to 2^-5, so that results fall into the narrow range.
                const auto code = [&, &f = from] {
                    const std::uint64_t bits = mixed_bits(++next), binade = std::uint64_t{1} << f.fraction_bits();
                    const std::uint64_t exponent =
                        static_cast<std::uint64_t>(f.bias) - (bits >> 60) % 6 % static_cast<unsigned>(f.bias);
                    return (bits & (f.sign_bit() | (binade - 1))) | exponent * binade;
                };
                expect_defined(Operation::Mul, to, from, {code(), code(), 0}, env);
            }
}

TEST(Mpfr, CodesInEveryFormat) {
    for (const Format& from : formats_up_to(8))
        for (const Format& to : formats_up_to(16))
            for (const Env& env : diagonal_environments())
                for (std::uint64_t code = 0; code <= from.code_mask(); code += from.width > 6 ? 23 : 3)
                    expect_defined(Operation::Convert, to, from, {code}, env);
}

TEST(Mpfr, PowersOfTwo) {
    for (const auto& row : deterministic_roundings) {
        const Env env{.rounding = row.rounding};
        for (const Format& from : {binary16, bfloat16, e8m0})
            for (std::uint64_t code = 0; code <= from.code_mask(); code += from.width > 8 ? 13 : 1)
                ASSERT_EQ(truth::mpfr_result(Operation::Convert, e8m0, from, {code}, env),
                          delivered_special(e8m0, operand(from, code), env))
                    << row.name << ' ' << code;
    }
}

TEST(Mpfr, SubnormalOperandsAreFlushed) {
    const Env daz{.flush_inputs = true};
    const Status seen{.input_denormal = true};
    EXPECT_EQ(truth::mpfr_result(Operation::Mul, binary16, binary16, {0x8001, 0x6400}, daz), (Rounded{0x8000, seen}));
    EXPECT_EQ(truth::mpfr_result(Operation::Add, e4m3fnuz, e4m3fnuz, {0x81, 0x81}, daz), (Rounded{0, seen}));
    Rounded result{};
    truth::mpfr_results(Elementary::Exp, binary16, binary16, 0x03FF, {&daz, 1}, {&result, 1});
    EXPECT_EQ(result, (Rounded{0x3C00, seen}));  // e^0
}

// 2.5 and -0.5 to integers by random bits that just carry, and just do not.
TEST(Mpfr, IntegersByRandomBits) {
    const auto integral = [](std::uint64_t code, std::uint64_t random) {
        return truth::mpfr_result(Operation::RoundToIntegralExact, binary16, binary16, {code},
                                  {.rounding = Rounding::Stochastic, .random = random});
    };
    const Status inexact{.inexact = true};
    constexpr std::uint64_t half = std::uint64_t{1} << 63;
    EXPECT_EQ(integral(0x4100, half), (Rounded{0x4200, inexact}));
    EXPECT_EQ(integral(0x4100, half - 1), (Rounded{0x4000, inexact}));
    EXPECT_EQ(integral(0xB800, half), (Rounded{0xBC00, inexact}));
    EXPECT_EQ(integral(0xB800, half - 1), (Rounded{0x8000, inexact}));
    EXPECT_EQ(integral(0x4000, ~std::uint64_t{0}), (Rounded{0x4000, {}}));
    // 2^-100 has no bit among the 64 that the random ones are added to.
    EXPECT_EQ(truth::mpfr_result(Operation::RoundToIntegralExact, binary32, binary32, {0x0D800000},
                                 {.rounding = Rounding::Stochastic, .random = ~std::uint64_t{0}}),
              (Rounded{0, inexact}));
}

// 0 * infinity + NaN, either way round, and a product of numbers.
TEST(Mpfr, AnInvalidProductBesideANan) {
    const auto fma = [](const Operands& codes) {
        return truth::mpfr_result(Operation::Fma, binary16, binary16, codes, {});
    };
    const Rounded nan{0x7E00, {}}, invalid{0x7E00, {.invalid = true}};
    EXPECT_EQ(fma({0x0000, 0x7C00, 0x7E00}), invalid);
    EXPECT_EQ(fma({0xFC00, 0x8000, 0x7E00}), invalid);
    EXPECT_EQ(fma({0x7E00, 0x0000, 0x7E00}), nan);
    EXPECT_EQ(fma({0x3C00, 0x7C00, 0x7E00}), nan);
}

}  // namespace
}  // namespace halfulp::test
