// Claim: remainder and fmod of every IEEE format deliver MPFR's bits and flags however far apart the operands' exponents,
// and rounding to an integer does in each of the seven deterministic roundings.
// Oracle: mpfr_remainder, mpfr_fmod and MPFR's integer roundings (lib/truth/mpfr.hpp). Shared: width, precision and bias
// of the format. The operands are fixed by a seed; of the formats up to 19 bits every code is rounded to an integer.
#include <halfulp/lib/truth/mpfr.hpp>
#include <string>

#include "support/comparison.hpp"
#include "support/ieee_formats.hpp"
#include "support/operands.hpp"

namespace halfulp::test {
namespace {

constexpr std::uint64_t sample_size = 200'000;

class MpfrRemainder : public testing::TestWithParam<NamedFormat> {};
INSTANTIATE_TEST_SUITE_P(Ieee, MpfrRemainder, testing::ValuesIn(ieee_formats()),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST_P(MpfrRemainder, BitsAndFlags) {
    const Format f = GetParam().format;
    Comparison comparison{std::string{name_of(f)} + " remainder and fmod"};
    SplitMix bits{0};
    for (std::uint64_t i = 0; i < sample_size; ++i) {
        const Operands operands = edge_operands(f, bits);
        for (const Operation op : {Operation::Remainder, Operation::Fmod})
            comparison.expect(truth::mpfr_result(op, f, f, operands, {}), compute(op, f, operands), f, f,
                              {operands.data(), 2}, {});
    }
}

void expect_integral(const Format& f, std::uint64_t code, Comparison& comparison) {
    for (const auto& row : deterministic_roundings) {
        const Env env{.rounding = row.rounding};
        comparison.expect(truth::mpfr_result(Operation::RoundToIntegralExact, f, f, {code}, env),
                          compute(Operation::RoundToIntegralExact, f, {code, 0, 0}, env), f, f, {&code, 1}, env);
    }
}

TEST_P(MpfrRemainder, RoundedToIntegers) {
    const Format f = GetParam().format;
    Comparison comparison{std::string{name_of(f)} + " to integers"};
    SplitMix bits{0};
    if (f.width < 20)
        for (std::uint64_t code = 0; code <= f.code_mask(); ++code) expect_integral(f, code, comparison);
    else
        for (std::uint64_t i = 0; i < sample_size; ++i) {
            const int exponent = static_cast<int>(bits() % 60) - 2;
            expect_integral(f, at_exponent(f, property::edge_code(f, bits), exponent, 0, bits), comparison);
        }
}

}  // namespace
}  // namespace halfulp::test
