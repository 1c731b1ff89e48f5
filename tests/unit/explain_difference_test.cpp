// Claim: where nothing gives all of D, explain locates what differs, tells rounding errors from others and shows what a report
// needs; what does not fit is refused.
// Oracle: results made by mma_dot, element by element, and by loops, then spoilt; literals. Shared: mma_dot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <halfulp/lib/diagnose/explain.hpp>
#include <halfulp/lib/io/text_file.hpp>

#include "support/explained.hpp"
#include "support/gemm_data.hpp"

namespace halfulp {
namespace {

using test::add_scales;
using test::by_mma_dot;
using test::names;
using test::random_matrix;
using test::unit;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Where a unit keeps few bits, its own truncation is no fault of the other elements.
TEST(ExplainDifference, LocatesOneFlippedBitWhereFewBitsAreKept) {
    const Gemm gemm{random_matrix(e4m3fn, 8, 256, 1), random_matrix(e4m3fn, 256, 8, 2)};
    Matrix d = by_mma_dot(unit("Ada", e4m3fn, binary32), gemm.a, gemm.b);
    d.codes[37] ^= 1U << 23U;
    const Explanation gross = explain(gemm, d);
    EXPECT_EQ(gross.conclusion, Conclusion::NotRounding);
    EXPECT_EQ(gross.bounded.outlier->row * 8 + gross.bounded.outlier->column, 37U);
    d.codes[37] ^= 1U << 23U | 1U << 10U;  // the last bit that is kept
    const Explanation e = explain(gemm, d);
    EXPECT_EQ(e.conclusion, Conclusion::ButForFew);
    EXPECT_EQ(e.closest.front().first->row * 8 + e.closest.front().first->column, 37U);
}

TEST(ExplainDifference, LocatesOneFlippedBit) {
    const Gemm gemm{random_matrix(binary16, 16, 64, 1, 4), random_matrix(binary16, 64, 20, 2, 4)};
    const Matrix right = by_mma_dot(unit("H100", binary16, binary32), gemm.a, gemm.b);
    for (const std::size_t at : {0U, 87U, 319U}) {
        Matrix d = right;
        d.codes[at] ^= 1;
        const Explanation e = explain(gemm, d);
        EXPECT_EQ(e.conclusion, Conclusion::ButForFew);
        EXPECT_FALSE(e.holds());
        EXPECT_THAT(e.reproducing, IsEmpty());
        ASSERT_EQ(e.closest.front().matches, 319U);
        EXPECT_THAT(e.closest.front().hypothesis.name, HasSubstr("H100"));
        const Mismatch& m = *e.closest.front().first;
        EXPECT_EQ(m.row * 20 + m.column, at);
        EXPECT_EQ(m.expected, right.codes[at]);
        EXPECT_EQ(m.got, d.codes[at]);
        d.codes[at] ^= 0x800001;  // the exponent's last bit
        const Explanation gross = explain(gemm, d);
        EXPECT_EQ(gross.conclusion, Conclusion::NotRounding);
        EXPECT_EQ(gross.bounded.outlier->row * 20 + gross.bounded.outlier->column, at);
        EXPECT_EQ(gross.closest.front().matches, 319U);
    }
}

TEST(ExplainDifference, SurvivesASpoiltRow) {
    const Gemm gemm{random_matrix(binary16, 32, 64, 1, 4), random_matrix(binary16, 64, 32, 2, 4)};
    Matrix d = by_mma_dot(unit("V100", binary16, binary32), gemm.a, gemm.b);
    for (std::size_t j = 0; j < 32; ++j) d.codes[j] = 0;
    const Explanation e = explain(gemm, d);
    EXPECT_EQ(e.closest.front().matches, 31U * 32);
    EXPECT_THAT(e.closest.front().hypothesis.name, HasSubstr("V100"));
}

// One element, which every sample has, is another unit's; in the smallest sample the two do not differ elsewhere.
TEST(ExplainDifference, IsNotMisledByASample) {
    const MmaSpec &v100 = unit("V100", binary16, binary32), &h100 = unit("H100", binary16, binary32);
    bool tried = false;
    for (std::uint64_t seed = 1; !tried; ++seed) {
        const Gemm gemm{random_matrix(binary16, 32, 16, seed, 4), random_matrix(binary16, 16, 32, seed + 1, 4)};
        Matrix d = by_mma_dot(v100, gemm.a, gemm.b);
        const Matrix other = by_mma_dot(h100, gemm.a, gemm.b);
        const auto agree = [&](std::size_t i, std::size_t j) { return d.at(i, j) == other.at(i, j); };
        tried = !agree(0, 0) && agree(0, 16) && agree(16, 0) && agree(16, 16);
        if (!tried) continue;
        d.codes[0] = other.codes[0];
        const Explanation e = explain(gemm, d);
        EXPECT_EQ(e.closest.front().matches, 1023U);
        EXPECT_THAT(e.closest.front().hypothesis.name, HasSubstr("V100"));
    }
}

TEST(ExplainDifference, TellsUnknownOrdersFromOtherErrors) {
    const std::size_t k = 96;
    const Gemm gemm{random_matrix(binary32, 8, k, 1, 4), random_matrix(binary32, k, 8, 2, 4)};
    Matrix d{binary32, 8, 8, {}};
    for (std::size_t i = 0; i < 8; ++i)
        for (std::size_t j = 0; j < 8; ++j) {
            float sum = 0;  // in an order that no table has: by steps of 37
            for (std::size_t step = 0; step < k; ++step) {
                const std::size_t at = step * 37 % k;
                sum += std::bit_cast<float>(static_cast<std::uint32_t>(gemm.a.at(i, at))) *
                       std::bit_cast<float>(static_cast<std::uint32_t>(gemm.b.at(at, j)));
            }
            d.codes.push_back(std::bit_cast<std::uint32_t>(sum));
        }
    const Explanation e = explain(gemm, d);
    EXPECT_EQ(e.conclusion, Conclusion::OrderUnknown);
    EXPECT_EQ(e.bounded.arithmetic, "fp32");
    EXPECT_THAT(explanation_text(e), HasSubstr("so: fp32, order unknown"));
    d.codes[9] = std::bit_cast<std::uint32_t>(std::bit_cast<float>(static_cast<std::uint32_t>(d.codes[9])) + 1);
    const Explanation wrong = explain(gemm, d);
    EXPECT_EQ(wrong.conclusion, Conclusion::NotRounding);
    EXPECT_EQ(wrong.bounded.outlier->row, 1U);
    EXPECT_EQ(wrong.bounded.outlier->column, 1U);
    EXPECT_NEAR(wrong.bounded.outlier->error, 1, 0.01);
}

TEST(ExplainDifference, TextHasWhatAReportNeeds) {
    const Gemm gemm{
        {binary16, 1, 2, {0x3c00, 0x4000}}, {binary16, 2, 1, {0x3c00, 0x4200}}, Matrix{binary32, 1, 1, {0}}};
    const Matrix d{binary32, 1, 1, {0x40e00002}};  // 1 + 2 * 3 = 7, two steps off
    const Explanation e = explain(gemm, d, {.asked = asked_by_name("A100:fp16-fp32", question_of(gemm, d))});
    const std::string text = explanation_text(e);
    for (const char* part :
         {"A 1 x 2 fp16, B 2 x 1 fp16, C 1 x 1 fp32, D 1 x 1 fp32, 1 element\n", "fp16->fp32: 0 of 1 elements equal\n",
          "first mismatch at row 0, column 0, counting from 0\n", "a        3c00 4000\n", "b        3c00 4200\n",
          "c        00000000 = 0x0p+0\n", "expected 40e00000 = 0x1.cp+2\n",
          "got      40e00002 = 0x1.c00004p+2, 2 ulps\n"})
        EXPECT_THAT(text, HasSubstr(part));
    const auto json = nlohmann::json::parse(explanation_json(e));
    EXPECT_EQ(json["asked"][0]["first_mismatch"]["ulps"], 2);
    EXPECT_EQ(json["asked"][0]["first_mismatch"]["got"], "40e00002");
    EXPECT_EQ(json["elements"], 1);
}

TEST(ExplainDifference, NamesTheElementThatShouldBeNaN) {
    const Gemm gemm{{binary16, 1, 2, {0x7e00, 0x3c00}}, {binary16, 2, 1, {0x3c00, 0x3c00}}};
    EXPECT_THAT(explanation_text(explain(gemm, {binary32, 1, 1, {0x3f800000}})),
                testing::EndsWith("so: not a rounding difference: in row 0, column 0 the exact result is NaN\n"));
}

TEST(ExplainDifference, LocatesAWrongInteger) {
    const Gemm gemm{{s8, 2, 2, {0x7f, 1, 0xff, 2}}, {s8, 2, 1, {0x80, 3}}, Matrix{s32, 2, 1, {0xffffffff, 5}}};
    Matrix d{s32, 2, 1, {0xffffc082, 0x8b}};  // -1 - 127 * 128 + 3 = -16254, 5 + 128 + 6 = 139
    const Explanation right = explain(gemm, d, {.asked = asked_by_name("A100:mma.sync:s8-s32", question_of(gemm, d))});
    EXPECT_TRUE(right.holds());
    EXPECT_THAT(names(right.reproducing),
                Contains(AllOf(HasSubstr("x86 TDPBSSD"), HasSubstr("Arm SDOT SMMLA s8->s32"))));
    EXPECT_THAT(names(right.reproducing), Not(Contains(AllOf(HasSubstr("TDPBSSD"), HasSubstr("SDOT SMMLA s8->s32,")))))
        << "sums that wrap have no plans";
    d.codes[0] += 3;
    const Explanation e = explain(gemm, d);
    EXPECT_EQ(e.conclusion, Conclusion::NotRounding);
    for (const char* part :
         {"A 2 x 2 s8, B 2 x 1 s8, C 2 x 1 s32, D 2 x 1 s32, 2 elements\n", "1 of 2 elements equal\n",
          "    a        7f 01\n    b        80 03\n    c        ffffffff = -1\n",
          "expected ffffc082 = -16254\n    got      ffffc085 = -16251, off by 3\n",
          "so: not a rounding difference: integers are not rounded\n"})
        EXPECT_THAT(explanation_text(e), HasSubstr(part));
    const auto json = nlohmann::json::parse(explanation_json(e));
    EXPECT_EQ(json["closest"][0]["first_mismatch"]["got"], "ffffc085");
    EXPECT_TRUE(json["closest"][0]["first_mismatch"]["ulps"].is_null());
}

TEST(ExplainDifference, ShowsScales) {
    const MmaSpec& spec = mma_unit("RTX5090 mma.sync.mxf4nvf4.4X.ue4m3 e2m1->fp32");
    Gemm gemm{random_matrix(e2m1, 8, 128, 1), random_matrix(e2m1, 128, 8, 2)};
    add_scales(gemm, *spec.scaling, 3);
    Matrix d = by_mma_dot(spec, gemm);
    d.codes[9] ^= 1;
    const Explanation e = explain(gemm, d);
    EXPECT_EQ(e.conclusion, Conclusion::ButForFew);
    EXPECT_THAT(e.closest.front().hypothesis.name, HasSubstr("RTX5090 mma.sync.mxf4nvf4.4X.ue4m3 e2m1->fp32"));
    const std::string text = explanation_text(e);
    EXPECT_THAT(text, HasSubstr("B 128 x 8 e2m1, a ue4m3 for 16 along K, D 8 x 8 fp32"));
    std::string scales = "    a scales";
    for (std::size_t i = 0; i < 8; ++i) scales += fmt::format(" {:02x}", gemm.a_scales->at(1, i));
    scales += "\n    b scales";
    for (std::size_t i = 0; i < 8; ++i) scales += fmt::format(" {:02x}", gemm.b_scales->at(i, 1));
    EXPECT_THAT(text, HasSubstr(scales + '\n'));
    d.codes[9] ^= 1U << 23U;
    const Explanation gross = explain(gemm, d);
    EXPECT_EQ(gross.conclusion, Conclusion::NotRounding);
    EXPECT_EQ(gross.bounded.outlier->row * 8 + gross.bounded.outlier->column, 9U);
}

TEST(ExplainDifference, RefusesWhatDoesNotFit) {
    const Matrix a = random_matrix(binary16, 2, 16, 1), b = random_matrix(binary16, 16, 3, 2);
    EXPECT_THROW(explain({a, a}, a), InputError);
    EXPECT_THROW(explain({a, b}, a), InputError);
    EXPECT_THROW(explain({{binary16, 2, 0, {}}, {binary16, 0, 3, {}}}, random_matrix(binary32, 2, 3, 1)), InputError);
    EXPECT_THROW(explain({{binary16, 0, 16, {}}, b}, {binary32, 0, 3, {}}), InputError);
    EXPECT_THROW(explain({a, b}, {s32, 2, 3, std::vector<std::uint64_t>(6)}), InputError) << "numbers give no integers";
    EXPECT_THROW(explain({{s8, 1, 1, {1}}, {s32, 1, 1, {1}}}, {s32, 1, 1, {1}}), InputError) << "by no unit";
}

}  // namespace
}  // namespace halfulp
