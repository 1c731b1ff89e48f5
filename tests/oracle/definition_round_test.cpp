// Claim: round_pack delivers the code and the flags that IEEE 754-2019 defines, for every place that a number can take
// between two neighbouring codes.
// Oracle: truth::round, a search among codes by exact rationals. Shared: the rows of formats.hpp, and in naming the
// landmarks the codes derived from them. Operands are built from integers, half of them as Sticky.
// Formats of 16 bits and more are thinned out here; exhaustive/definition_test.cpp takes every gap.
#include "support/definition_sweeps.hpp"

namespace halfulp::test {
namespace {

TEST(DefinitionRound, EveryGapOfFormatsUpTo8Bits) {
    for (const Format& f : formats_up_to(8)) expect_every_gap_rounded(f, 13, diagonal_environments());
}

TEST(DefinitionRound, EveryEnvironmentOfFormatsUpTo6Bits) {
    for (const Format& f : formats_up_to(6)) expect_every_gap_rounded(f, 1, environments());
}

TEST(DefinitionRound, LandmarksOfFormatsUpTo8Bits) {
    for (const Format& f : formats_up_to(8)) expect_landmarks_rounded(f, diagonal_environments());
}

TEST(DefinitionRound, LandmarksOfLargerFormats) {
    for (const Format& f : {binary16, binary64}) expect_landmarks_rounded(f, diagonal_environments());
    for (const Format& f : {bfloat16, tf32, binary32}) expect_landmarks_rounded(f, rounding_environments());
}

TEST(DefinitionRound, GapsOf16BitFormats) {
    for (const Format& f : {binary16, bfloat16}) {
        expect_every_gap_rounded(f, 2999, diagonal_environments());
        expect_every_gap_rounded(f, 97, {Env{}});
    }
}

}  // namespace
}  // namespace halfulp::test
