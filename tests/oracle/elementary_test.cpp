// Claim: exp, log, tanh, sigmoid, erf, gelu, rsqrt and recip of every code of every format of at most 16 bits deliver the
// correctly rounded bits and all five flags, in the operand's format in each of the seven roundings, with tininess
// detected after and before rounding, and in binary64; and every bit that they hand to the rounding is right.
// Oracle: MPFR's 128 leading bits of the value (lib/truth/mpfr_elementary.hpp), rounded by MPFR; special operands by the
// standard's words (lib/truth/elementary_rules.hpp). Shared: the rows of the format table.
#include <string>

#include "support/comparison.hpp"
#include "support/elementary_rules.hpp"

namespace halfulp::test {
namespace {

class ElementaryOracle : public testing::TestWithParam<FormatAndFunction> {
  protected:
    const Format f = std::get<0>(GetParam()).format;
    const Elementary function = std::get<1>(GetParam()).function;

    /// `deliver(env)` is what the oracle says.
    template <class Deliver>
    void expect_in_every_rounding(std::uint64_t code, const Sticky& computed, const Deliver& deliver,
                                  Comparison& comparison) const {
        for (const auto& row : deterministic_roundings)
            for (const Tininess tininess : {Tininess::AfterRounding, Tininess::BeforeRounding}) {
                const Env env{.rounding = row.rounding, .tininess = tininess};
                comparison.expect(deliver(env), round_pack(f, computed, env), f, f, {&code, 1}, env);
            }
    }
};

/// The kept bits of a result are those of the truth, and no bits are left out without saying so.
void expect_leading_bits(const Sticky& truth, const Sticky& computed, const std::string& operand) {
    const int dropped = computed.value.exp - truth.value.exp;
    ASSERT_EQ(computed.value.negative, truth.value.negative) << operand;
    ASSERT_EQ(computed.value.top(), truth.value.top()) << operand;
    ASSERT_EQ(computed.inexact, truth.inexact || lifted(computed.value, 127).sig != truth.value.sig) << operand;
    ASSERT_TRUE(!computed.inexact || (0 < dropped && dropped <= 128 - 66)) << operand;
    ASSERT_TRUE(!computed.inexact || computed.value.sig == truth.value.sig >> dropped) << operand;
}

TEST_P(ElementaryOracle, BitsAndFlagsInEveryRounding) {
    Comparison comparison{std::string{std::get<1>(GetParam()).name} + ' ' + std::string{name_of(f)}};
    for (std::uint64_t code = 0; code <= f.code_mask() && !HasFatalFailure(); ++code) {
        const Real x = operand(f, code);
        const Sticky computed = result_of(function, decode(f, code));
        if (const auto special = special_result(function, x)) {
            const auto deliver = [&](const Env& env) { return delivered_special(f, *special, env); };
            expect_in_every_rounding(code, computed, deliver, comparison);
            continue;
        }
        const Sticky truth = truth::mpfr_elementary(function, signed_value(x));
        const auto deliver = [&](const Env& env) { return truth::mpfr_rounded(f, truth, env); };
        expect_in_every_rounding(code, computed, deliver, comparison);
        comparison.expect(truth::mpfr_rounded(binary64, truth, {}), round_pack(binary64, computed), binary64, f,
                          {&code, 1}, {});
        expect_leading_bits(truth, computed, code_text(f, code));
    }
}

INSTANTIATE_TEST_SUITE_P(All, ElementaryOracle,
                         testing::Combine(testing::ValuesIn(narrow_formats()), testing::ValuesIn(elementary_functions)),
                         case_name);

}  // namespace
}  // namespace halfulp::test
