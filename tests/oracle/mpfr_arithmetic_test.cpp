// Claim: add, sub, mul, div, sqrt and fma of every IEEE format deliver MPFR's bits and all five flags, in each of the
// seven roundings, with tininess detected after and before rounding.
// Oracle: MPFR (lib/truth/mpfr.hpp says where the standard's definition adds to it). Shared: width, precision and bias
// of the format. The operands are fixed by a seed; where there are fewer than asked for, all are taken.
#include <halfulp/lib/truth/mpfr.hpp>
#include <string>

#include "support/comparison.hpp"
#include "support/ieee_formats.hpp"
#include "support/operands.hpp"
#include "support/operation.hpp"

namespace halfulp::test {
namespace {

/// How many operand tuples a case takes.
std::uint64_t sample_size(const Format& f) { return f.width == 16 ? 2'000'000 : 1'000'000; }

class MpfrArithmetic : public testing::TestWithParam<FormatAndOperation> {
  protected:
    const Format f = std::get<0>(GetParam()).format;
    const NamedOperation op = std::get<1>(GetParam());

    /// One tuple in every rounding. Where the result is above the smallest normal number, the rules of tininess agree,
    /// and the oracle is asked once.
    void expect_result(const Operands& operands, Comparison& comparison) const {
        const std::span shown{operands.data(), op.operands};
        for (const auto& row : deterministic_roundings) {
            const Env after{.rounding = row.rounding};
            const Env before{.rounding = row.rounding, .tininess = Tininess::BeforeRounding};
            const Rounded expected = truth::mpfr_result(op.operation, f, f, operands, after);
            const bool may_differ = (expected.code & f.magnitude_mask()) <= f.min_normal_code();
            comparison.expect(expected, compute(op.operation, f, operands, after), f, f, shown, after);
            comparison.expect(may_differ ? truth::mpfr_result(op.operation, f, f, operands, before) : expected,
                              compute(op.operation, f, operands, before), f, f, shown, before);
        }
    }
};

TEST_P(MpfrArithmetic, BitsAndFlagsInEveryRounding) {
    Comparison comparison{std::string{name_of(f)} + ' ' + std::string{op.name}};
    const unsigned bits_of_all = static_cast<unsigned>(f.width) * op.operands;
    if (bits_of_all < 64 && std::uint64_t{1} << bits_of_all <= sample_size(f)) {
        for (std::uint64_t all = 0; all >> bits_of_all == 0; ++all)
            expect_result({all & f.code_mask(), all >> f.width & f.code_mask(), 0}, comparison);
        return;
    }
    SplitMix bits{0};
    for (std::uint64_t i = 0; i < sample_size(f); ++i) expect_result(edge_operands(f, bits), comparison);
}

INSTANTIATE_TEST_SUITE_P(Ieee, MpfrArithmetic,
                         testing::Combine(testing::ValuesIn(ieee_formats()), testing::ValuesIn(arithmetic_operations)),
                         case_name);

}  // namespace
}  // namespace halfulp::test
