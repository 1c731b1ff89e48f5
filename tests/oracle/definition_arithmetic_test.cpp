// Claim: add, sub, mul, div, fma and sqrt, rounded once, deliver the codes and flags of IEEE 754-2019, for special
// operands too, in every rounding.
// Oracle: exact rationals by Boost, rounded by truth::round, and IEEE 754's rules in truth/ieee_rules.hpp. Shared:
// the rows of formats.hpp. Formats of 8 bits are thinned out here; exhaustive/definition_test.cpp takes every pair.
#include "support/operation_sweep.hpp"

namespace halfulp::test {
namespace {

TEST(DefinitionArithmetic, EveryPairOfFormatsUpTo6Bits) {
    for (const Format& f : formats_up_to(6))
        for (const BinaryOperation& op : binary_operations) expect_operation_on_pairs(op, f, 1);
}

TEST(DefinitionArithmetic, PairsOf8BitFormats) {
    for (const Format& f : {e5m2, e4m3fn, e4m3, e5m2fnuz, e4m3fnuz})
        for (const BinaryOperation& op : binary_operations) expect_operation_on_pairs(op, f, 97);
}

TEST(DefinitionArithmetic, LandmarksOfEveryFormat) {
    for (const Format& f : formats_up_to(64)) expect_operations_on_landmarks(f);
}

TEST(DefinitionArithmetic, RootsOfEveryCodeUpTo8BitsAndSomeOf16) {
    for (const Format& f : formats_up_to(8)) expect_roots(f, 1);
    for (const Format& f : {binary16, bfloat16}) expect_roots(f, 61);
}

TEST(DefinitionArithmetic, FmaOfFormatsUpTo8Bits) {
    expect_fma_on_triples(e2m1, 1);
    for (const Format& f : {e3m2, e2m3}) expect_fma_on_triples(f, 97);
    for (const Format& f : {e5m2, e4m3fn, e4m3, e5m2fnuz, e4m3fnuz}) expect_fma_on_triples(f, 9001);
}

}  // namespace
}  // namespace halfulp::test
