// Claim: softfloat is the definition: every gap of every format of at most 19 bits, every conversion of a code of 16
// bits, every pair of codes of 8 bits, every integer of 16 bits.
// Oracle: truth::round and IEEE 754's rules, as in the unit tests of the same names, of which this is the whole: hours.
// Shared: the rows of formats.hpp.
#include "support/convert_sweep.hpp"
#include "support/further_sweeps.hpp"
#include "support/integer_sweep.hpp"
#include "support/operation_sweep.hpp"

namespace halfulp::test {
namespace {

std::string name(const testing::TestParamInfo<Format>& info) { return std::string{name_of(info.param)}; }

class Definition : public testing::TestWithParam<Format> {};
INSTANTIATE_TEST_SUITE_P(Formats, Definition, testing::ValuesIn(formats_up_to(19)), name);

TEST_P(Definition, EveryGapRounded) { expect_every_gap_rounded(GetParam(), 1, environments()); }

TEST_P(Definition, EveryCodeConverted) {
    for (const Format& to : formats_up_to(64))
        for (const Env& env : diagonal_environments()) expect_converted(to, GetParam(), 1, env);
}

TEST_P(Definition, EveryCodeToIntegers) { expect_codes_to_integers(GetParam(), 1); }

TEST_P(Definition, EveryIntegerOf16Bits) {
    for (const auto& row : deterministic_roundings) {
        expect_integers_converted<std::int16_t>(GetParam(), 1, {.rounding = row.rounding});
        expect_integers_converted<std::uint16_t>(GetParam(), 1, {.rounding = row.rounding});
    }
}

TEST_P(Definition, EveryRoot) { expect_roots(GetParam(), 1); }

class SmallDefinition : public testing::TestWithParam<Format> {};
INSTANTIATE_TEST_SUITE_P(Formats, SmallDefinition, testing::ValuesIn(formats_up_to(8)), name);

TEST_P(SmallDefinition, EveryPair) {
    for (const BinaryOperation& op : binary_operations) expect_operation_on_pairs(op, GetParam(), 1);
}

TEST_P(SmallDefinition, EveryPairInFurtherOperations) { expect_further_operations_on_pairs(GetParam(), 1); }

TEST_P(SmallDefinition, Triples) { expect_fma_on_triples(GetParam(), GetParam().width <= 6 ? 1 : 31); }

}  // namespace
}  // namespace halfulp::test
