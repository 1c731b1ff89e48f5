// Claim: BitsMatch matches what the unit and the plan give and nothing else, and explains what does not match.
// Oracle: results made by mma_dot, element by element, and spoilt ones. Shared: mma_dot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <halfulp/lib/diagnose/bits_match.hpp>
#include <halfulp/lib/io/text_file.hpp>

#include "support/explained.hpp"
#include "support/gemm_data.hpp"

namespace halfulp {
namespace {

using test::add_scales;
using test::by_mma_dot;
using test::extreme_integers;
using test::random_integers;
using test::random_matrix;
using test::unit;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(BitsMatch, ExplainsWhatDoesNotMatch) {
    const Gemm gemm{random_matrix(binary16, 8, 64, 1, 4), random_matrix(binary16, 64, 8, 2, 4)};
    Matrix d = by_mma_dot(unit("A100", binary16, binary32), gemm.a, gemm.b);
    EXPECT_THAT(d, BitsMatch("A100:fp16-fp32", gemm));
    EXPECT_THAT(d, Not(BitsMatch("A100:fp16-fp32", gemm, {.split_k = 2})));
    EXPECT_THAT(d, Not(BitsMatch("V100:fp16-fp32", gemm)));
    d.codes[9] ^= 4;
    testing::StringMatchResultListener listener;
    const testing::Matcher<const Matrix&> matcher = BitsMatch("A100:fp16-fp32", gemm);
    EXPECT_FALSE(matcher.MatchAndExplain(d, &listener));
    EXPECT_THAT(listener.str(),
                AllOf(HasSubstr("fp16->fp32: 63 of 64 elements"), HasSubstr("row 1, column 1"), HasSubstr(", 4 ulps")));
    EXPECT_THAT(testing::PrintToString(d), "codes of 8 x 8 elements");
    EXPECT_THROW(BitsMatch("A100", gemm), InputError) << "into fp32 or into fp16";
    EXPECT_THROW(BitsMatch("A100:bf16-fp32", gemm), InputError);
    EXPECT_THROW(BitsMatch("A100:fp16-fp32", {gemm.a, gemm.a}), InputError);
    EXPECT_THAT(gemm.a, Not(BitsMatch("A100:fp16-fp32", gemm))) << "another shape";
}

TEST(BitsMatch, ComparesNaNsUnlessTheyAreAlike) {
    Gemm gemm{random_matrix(binary16, 2, 16, 1), random_matrix(binary16, 16, 2, 2)};
    gemm.a.codes[0] = 0x7e00;
    Matrix d = by_mma_dot(unit("A100", binary16, binary32), gemm);
    EXPECT_THAT(d, BitsMatch("A100:fp16-fp32", gemm));
    d.codes[1] = 0x7fc00000;
    EXPECT_THAT(d, Not(BitsMatch("A100:fp16-fp32", gemm)));
    EXPECT_THAT(d, BitsMatch("A100:fp16-fp32", gemm, {}, NanBits::Alike));
    testing::StringMatchResultListener listener;
    const testing::Matcher<const Matrix&> matcher = BitsMatch("A100:fp16-fp32", gemm);
    EXPECT_FALSE(matcher.MatchAndExplain(d, &listener));
    EXPECT_THAT(listener.str(), HasSubstr("first such NaN at row 0, column 1: expected 7fffffff, got 7fc00000"));
    d.codes[1] = 0x3f800000;
    EXPECT_THAT(d, Not(BitsMatch("A100:fp16-fp32", gemm, {}, NanBits::Alike))) << "a number";
}

TEST(BitsMatch, TakesIntegersAndScales) {
    const Gemm bytes{random_integers(u8, 4, 64, 1), random_integers(s8, 64, 4, 2), extreme_integers(4, 4, 3)};
    const Matrix d = by_mma_dot(mma_unit("x86 VPDPBUSDS u8*s8->s32"), bytes);
    EXPECT_THAT(d, BitsMatch("x86:VPDPBUSDS", bytes));
    EXPECT_THAT(d, Not(BitsMatch("x86:VPDPBUSD", bytes)));
    Gemm scaled{random_matrix(e2m1, 4, 128, 1), random_matrix(e2m1, 128, 4, 2)};
    add_scales(scaled, {e8m0, 32}, 3);
    const Matrix sums = by_mma_dot(mma_unit("B200 tcgen05.mxf4 e2m1->fp32"), scaled);
    EXPECT_THAT(sums, BitsMatch("B200:tcgen05.mxf4:e2m1-fp32", scaled));
    scaled.a_scales->codes[5] ^= 1;
    EXPECT_THAT(sums, Not(BitsMatch("B200:tcgen05.mxf4:e2m1-fp32", scaled)));
}

}  // namespace
}  // namespace halfulp
