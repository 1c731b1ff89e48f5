// Claim: explain compares the bits of NaNs as it is told, and says where these alone differ.
// Oracle: results of mma_dot with NaNs put in by hand. Shared: mma_dot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <halfulp/lib/diagnose/explain.hpp>

#include "support/explained.hpp"
#include "support/gemm_data.hpp"

namespace halfulp {
namespace {

using test::by_mma_dot;
using test::names;
using test::random_matrix;
using test::unit;
using test::whole_numbers;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Where row i of A has a NaN, D's row has the unit's.
TEST(ExplainNaNs, ComparesTheBitsOfNaNs) {
    for (const auto& [name, nan] :
         std::initializer_list<std::pair<const char*, std::uint64_t>>{{"A100 mma.sync bf16->fp32", 0x7fffffff},
                                                                      {"x86 TDPBF16PS bf16->fp32", 0xffc00000},
                                                                      {"Arm BFDOT bf16->fp32", 0x7fc00000}}) {
        Gemm gemm{random_matrix(bfloat16, 4, 64, 1), random_matrix(bfloat16, 64, 4, 2)};
        gemm.a.codes[64] = 0x7f80, gemm.b.codes[0] = gemm.b.codes[2] = 0;  // infinity times zero
        Matrix d = by_mma_dot(mma_unit(name), gemm);
        EXPECT_EQ(d.codes[4], nan);
        EXPECT_EQ(d.codes[6], nan);
        const auto asked = asked_by_name(name, question_of(gemm, d));
        EXPECT_EQ(explain(gemm, d, {.asked = asked}).conclusion, Conclusion::Reproduced) << name;
        const Matrix split = predict(mma_unit(name), {.split_k = 2, .env = asked[0].plan.env}, gemm);
        EXPECT_EQ(split.codes[4], nan) << "merges keep it";
        d.codes[6] = 0x7fabcdef;
        const Explanation e = explain(gemm, d, {.asked = asked});
        EXPECT_EQ(e.conclusion, Conclusion::ButForNaNs) << name;
        EXPECT_FALSE(e.holds());
        EXPECT_EQ(e.asked[0].matches, 16U);
        EXPECT_EQ(e.asked[0].nans, 1U);
        EXPECT_EQ(e.asked[0].first_nan, (Mismatch{1, 2, nan, 0x7fabcdef}));
        EXPECT_THAT(explanation_text(e),
                    HasSubstr(fmt::format(
                        "16 of 16 elements equal, but for the bits of 1 NaN\n  first such NaN at row 1, "
                        "column 2: expected {:08x}, got 7fabcdef\nevery bit but those of 1 NaN reproduced by\n",
                        nan)));
        const auto json = nlohmann::json::parse(explanation_json(e));
        EXPECT_EQ(json["conclusion"], "reproduced but for the bits of NaNs");
        EXPECT_EQ(json["reproducing"][0]["nans_of_other_bits"], 1);
        EXPECT_EQ(json["reproducing"][0]["first_nan"]["got"], "7fabcdef");
        const Explanation alike = explain(gemm, d, {.asked = asked, .nans = NanBits::Alike});
        EXPECT_EQ(alike.conclusion, Conclusion::Reproduced);
        EXPECT_TRUE(alike.holds());
    }
}

TEST(ExplainNaNs, APlainSumHasTheNaNOfItsPolicy) {
    Gemm gemm{random_matrix(binary32, 3, 9, 1), random_matrix(binary32, 9, 3, 2)};
    gemm.a.codes[1] = 0x7f800001, gemm.b.codes[0] = 0xffc12345;
    for (const PlainSum& sum : plain_sums) {
        const Matrix d = predict(sum, {.output = binary32}, gemm);
        EXPECT_EQ(d.codes[0], 0x7fffffffU) << sum.name;
        EXPECT_EQ(d.codes[3], 0x7fffffffU) << sum.name;
    }
    const GemmPlan x86{.output = binary32, .env = {.nan = NanPolicy::X86Sse}};
    EXPECT_EQ(predict(plain_sums[0], x86, gemm).codes[3], 0xffc12345U) << "the operand's payload";
}

// Of the NaNs of two candidates the ones that differ in fewer bits win.
TEST(ExplainNaNs, PrefersTheUnitWhoseNaNsItSees) {
    Gemm gemm{whole_numbers(bfloat16, 2, 32, 1), whole_numbers(bfloat16, 32, 2, 2)};
    gemm.a.codes[0] = 0x7fc0;
    const Matrix d = by_mma_dot(mma_unit("x86 TDPBF16PS bf16->fp32"), gemm);
    const std::vector<std::string> found = names(explain(gemm, d).reproducing);
    EXPECT_THAT(found, Contains(HasSubstr("x86 TDPBF16PS")));
    EXPECT_THAT(found, Not(Contains(HasSubstr("A100"))));
    EXPECT_THAT(names(explain(gemm, d, {.nans = NanBits::Alike}).reproducing), Contains(HasSubstr("A100")));
}

TEST(ExplainNaNs, NaNsStandForNaNsAndInfinitiesForThemselves) {
    Gemm gemm{random_matrix(binary16, 4, 16, 1), random_matrix(binary16, 16, 4, 2)};
    gemm.a.codes[0] = 0x7e00, gemm.a.codes[16] = 0x7c00;
    Matrix d = by_mma_dot(unit("A100", binary16, binary32), gemm.a, gemm.b);
    for (std::size_t j = 0; j < 4; ++j) {
        EXPECT_EQ(d.codes[j], 0x7fffffff);
        d.codes[j] = 0xffc00000;  // x86's
    }
    EXPECT_EQ(explain(gemm, d).conclusion, Conclusion::ButForNaNs);
    d.codes[9] ^= 1;
    EXPECT_EQ(explain(gemm, d).conclusion, Conclusion::ButForFew) << "NaN and infinity are as they should be";
    d.codes[9] ^= 1;
    d.codes[5] ^= 0x80000000;  // the other infinity
    const Explanation e = explain(gemm, d);
    EXPECT_EQ(e.closest.front().matches, 15U);
    d.codes[0] = 0x3f800000;  // a number for a NaN
    EXPECT_EQ(explain(gemm, d).conclusion, Conclusion::NotRounding);
}

}  // namespace
}  // namespace halfulp
