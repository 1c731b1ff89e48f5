// Claim: explain names what made a result or, where data cannot tell, a set that has it.
// Oracle: results made by known units, by mma_dot element by element, and by loops. Shared: mma_dot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <halfulp/lib/diagnose/explain.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/convert.hpp>

#include "support/eigen_product.hpp"
#include "support/explained.hpp"
#include "support/gemm_data.hpp"

namespace halfulp {
namespace {

using test::add_scales;
using test::by_eigen;
using test::by_mma_dot;
using test::extreme_integers;
using test::names;
using test::plain_units;
using test::random_integers;
using test::random_matrix;
using test::unit;
using test::whole_numbers;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Matrix random_elements(const Element& e, std::size_t rows, std::size_t columns, std::uint64_t seed) {
    return e.integer ? random_integers(*e.integer, rows, columns, seed)
                     : random_matrix(e.format, rows, columns, seed, 6);
}

/// Operands for a unit in which all that it does may show.
Gemm rich_operands(const MmaSpec& spec, std::size_t k) {
    Gemm gemm{random_elements(spec.a, 4, k, 1), random_elements(spec.b, k, 4, 2)};
    gemm.c = spec.accumulator.integer ? extreme_integers(4, 4, 3) : random_elements(spec.accumulator, 4, 4, 3);
    if (spec.scaling) add_scales(gemm, *spec.scaling, 4);
    return gemm;
}

/// Operands whose sums are exact in every arithmetic.
Gemm poor_operands(const MmaSpec& spec, std::size_t k) {
    Gemm gemm{whole_numbers(spec.a, 4, k, 1), whole_numbers(spec.b, k, 4, 2), whole_numbers(spec.accumulator, 4, 4, 3)};
    if (spec.scaling) add_scales(gemm, *spec.scaling, 0);
    return gemm;
}

/// Is the row among the units that give these operands' result with nothing changed?
bool names_row(const Explanation& e, const MmaSpec& spec) {
    const std::string self = std::string(spec.processor) + ' ' + std::string(spec.instruction);
    return std::any_of(e.reproducing.begin(), e.reproducing.end(), [&](const Candidate& c) {
        return text_of(c.hypothesis) == c.hypothesis.name && c.hypothesis.name.find(self) != std::string::npos;
    });
}

// Rows that compute alike give the same result, which is explained once.
TEST(Explain, NamesEveryRowOfTheTable) {
    std::vector<const MmaSpec*> rows;
    for (const MmaSpec& spec : mma_specs()) rows.push_back(&spec);
    while (!rows.empty()) {
        const MmaSpec& spec = *rows.front();
        const std::size_t k = spec.scaling ? 64 : 32;
        const Gemm rich = rich_operands(spec, k), poor = poor_operands(spec, k);
        const Explanation of_rich = explain(rich, by_mma_dot(spec, rich));
        const Explanation of_poor = explain(poor, by_mma_dot(spec, poor));
        EXPECT_TRUE(of_rich.holds() && of_poor.holds()) << name_of(spec);
        EXPECT_LT(of_rich.reproducing.size(), of_poor.reproducing.size())
            << name_of(spec) << ": the set shrinks where data are rich";
        std::erase_if(rows, [&](const MmaSpec* row) {
            const bool same = compute_alike(*row, spec);
            EXPECT_TRUE(!same || (names_row(of_rich, *row) && names_row(of_poor, *row)))
                << name_of(*row) << testing::PrintToString(names(of_rich.reproducing));
            return same;
        });
    }
}

TEST(Explain, RichDataLeaveOneUnit) {
    const Gemm gemm{random_matrix(binary16, 8, 128, 1, 6), random_matrix(binary16, 128, 8, 2, 6)};
    for (const char* processor : {"V100", "A100", "H100"}) {
        const Explanation e = explain(gemm, by_mma_dot(unit(processor, binary16, binary32), gemm.a, gemm.b));
        EXPECT_EQ(plain_units(e.reproducing), 1U) << testing::PrintToString(names(e.reproducing));
        EXPECT_THAT(e.reproducing.front().hypothesis.name, HasSubstr(processor));
    }
}

TEST(Explain, NamesEveryPlainSum) {
    const Gemm gemm{random_matrix(binary32, 5, 100, 1, 4), random_matrix(binary32, 100, 5, 2, 4)};
    for (const PlainSum& sum : plain_sums) {
        const Matrix d = predict(sum, {.output = binary32}, gemm);
        std::vector<std::string> sums;
        for (const Candidate& c : explain(gemm, d).reproducing)
            if (std::holds_alternative<PlainSum>(c.hypothesis.unit)) sums.push_back(text_of(c.hypothesis));
        EXPECT_THAT(sums, Contains(std::string(sum.name)));
        EXPECT_TRUE(sum.accumulator != binary32 || sums.size() == 1) << testing::PrintToString(sums);
    }
}

TEST(Explain, NamesPlans) {
    const Unit a100 = unit("A100", binary16, binary32);
    const Gemm gemm{random_matrix(binary16, 4, 512, 1, 4), random_matrix(binary16, 512, 4, 2, 4),
                    random_matrix(binary32, 4, 4, 3, 4)};
    for (const GemmPlan& plan :
         {GemmPlan{.split_k = 2}, GemmPlan{.split_k = 4}, GemmPlan{.split_k = 8, .merge = Merge::Halves},
          GemmPlan{.order = TileOrder::Interleaved, .split_k = 4}, GemmPlan{.order = TileOrder::Descending},
          GemmPlan{.c = CPlace::Epilogue}, GemmPlan{.split_k = 8, .c = CPlace::Epilogue},
          GemmPlan{.tile_k = 384, .split_k = 2}}) {
        const Explanation e = explain(gemm, predict(a100, plan, gemm));
        const auto same = [&](const Candidate& c) {
            return c.hypothesis.name.find("A100 mma.sync") != std::string::npos && c.hypothesis.change.empty() &&
                   text_of(c.hypothesis.plan) == text_of(plan);
        };
        EXPECT_TRUE(std::any_of(e.reproducing.begin(), e.reproducing.end(), same)) << text_of(plan);
        EXPECT_EQ(e.conclusion, Conclusion::Reproduced) << text_of(plan);
        EXPECT_LE(e.reproducing.size(), 4U) << testing::PrintToString(names(e.reproducing));
    }
}

TEST(Explain, NamesWhatTheUnitHasOtherwise) {
    const MmaSpec& a100 = unit("A100", binary16, binary32);
    Gemm gemm{random_matrix(binary16, 6, 64, 1, 6), random_matrix(binary16, 64, 6, 2, 6),
              random_matrix(binary32, 6, 6, 3, 6)};
    const auto changed = [&](auto change) {
        MmaSpec spec = a100;
        change(spec);
        const Matrix d = by_mma_dot(spec, gemm.a, gemm.b, gemm.c);
        return names(explain(gemm, d, {.asked = asked_by_name("A100:fp16-fp32", question_of(gemm, d))}).reproducing);
    };
    const auto has = [](const char* change) { return Contains(AllOf(HasSubstr("A100 mma.sync"), HasSubstr(change))); };
    EXPECT_THAT(changed([](MmaSpec& s) { s.rounding = Rounding::NearestEven; }), has("rounded to nearest even"));
    EXPECT_THAT(changed([](MmaSpec& s) { s.group = 16; }), has("blocks of 16"));
    EXPECT_THAT(changed([](MmaSpec& s) { s.group = 4; }), has("blocks of 4"));
    EXPECT_THAT(changed([](MmaSpec& s) { ++s.fraction_bits; }), has("one alignment bit more"));
    EXPECT_THAT(changed([](MmaSpec& s) { --s.fraction_bits; }), has("one alignment bit less"));
    EXPECT_THAT(changed([](MmaSpec& s) { s.c_last = true; }), has("C added after the products"));
}

// A tie that KM's floor leaves and MMA-Sim's does not, and a zero whose sign is disputed.
TEST(Explain, NamesDisputedAnswers) {
    Gemm gemm{random_matrix(binary16, 4, 16, 1), random_matrix(binary16, 16, 4, 2), Matrix{binary16, 4, 4, {}}};
    gemm.c->codes.assign(16, 0);
    for (std::size_t k = 0; k < 16; ++k) gemm.a.codes[k] = 0;
    gemm.a.codes[0] = 0x0c00, gemm.a.codes[1] = 0x0004;
    for (std::size_t j = 0; j < 4; ++j) gemm.b.codes[j] = 0x0800, gemm.b.codes[4 + j] = 0x0002;
    const auto expect_found = [&](const char* processor, const MmaOptions& options, const char* answer) {
        const Matrix d = by_mma_dot(with_options(unit(processor, binary16, binary16), options), gemm);
        const std::vector<std::string> found = names(explain(gemm, d).reproducing);
        EXPECT_THAT(found, Contains(AllOf(HasSubstr(processor), testing::EndsWith(answer))));
        EXPECT_THAT(found, Not(Contains(AllOf(HasSubstr(processor), testing::EndsWith("fp16->fp16")))));
    };
    expect_found("Ada", {.fp16_floor = MmaOptions::Fp16Floor::KM}, "fp16->fp16, KM's exponent floor");
    gemm.c->codes.assign(16, 0x8000);
    for (std::size_t k = 0; k < 16; ++k) gemm.a.codes[k] = (gemm.b.codes[4 * k] & 0x8000) ^ 0x8000;
    expect_found("V100", {.zero_sign = ZeroSign::PositiveZero}, "fp16->fp16, zero sums are +0");
}

TEST(Explain, NamesFlushing) {
    const MmaSpec& a100 = unit("A100", binary16, binary32);
    Gemm gemm{random_matrix(binary16, 6, 64, 1, 6), random_matrix(binary16, 64, 6, 2, 6)};
    for (std::size_t i = 0; i < gemm.a.codes.size(); i += 3) gemm.a.codes[i] &= 0x83ff;  // subnormal
    Gemm flushed = gemm;
    for (std::uint64_t& x : flushed.a.codes)
        if ((x & 0x7c00) == 0) x &= 0x8000;
    EXPECT_THAT(
        names(explain(gemm, by_mma_dot(a100, flushed.a, flushed.b)).reproducing),
        Contains(AllOf(HasSubstr("A100 mma.sync"), HasSubstr("fp16->fp32, subnormal numbers flushed to zero"))));
}

TEST(Explain, NamesFp16AccumulationAndRoundedOperands) {
    const Gemm bf16{random_matrix(bfloat16, 6, 64, 1), random_matrix(bfloat16, 64, 6, 2)};
    MmaSpec narrow = unit("A100", bfloat16, binary32);
    narrow.accumulator = narrow.kept = binary16;
    narrow.rounding = Rounding::NearestEven;
    EXPECT_THAT(names(explain(bf16, by_mma_dot(narrow, bf16.a, bf16.b)).reproducing),
                Contains(HasSubstr("bf16->fp32, accumulated in fp16")));
    const Gemm fp32{random_matrix(binary32, 6, 64, 1), random_matrix(binary32, 64, 6, 2)};
    for (const Rounding rounding : {Rounding::TowardZero, Rounding::NearestAway}) {
        Gemm rounded = fp32;
        for (Matrix* matrix : {&rounded.a, &rounded.b}) {
            for (std::uint64_t& x : matrix->codes) x = convert(tf32, binary32, x, {.rounding = rounding}).code;
            matrix->element = tf32;
        }
        const Explanation e = explain(fp32, by_mma_dot(unit("A100", tf32, binary32), rounded.a, rounded.b));
        EXPECT_THAT(names(e.reproducing),
                    Contains(rounding == Rounding::TowardZero
                                 ? testing::Matcher<std::string>(testing::EndsWith("tf32->fp32"))
                                 : testing::Matcher<std::string>(HasSubstr("tf32->fp32, operands by NearestAway"))));
    }
}

TEST(Explain, TellsSaturationFromWrapping) {
    const Gemm gemm{random_integers(u8, 4, 64, 1), random_integers(s8, 64, 4, 2), extreme_integers(4, 4, 3)};
    const auto expect_found = [&](const char* unit, const char* name) {
        const Explanation e = explain(gemm, by_mma_dot(mma_unit(unit), gemm));
        EXPECT_EQ(plain_units(e.reproducing), 1U) << testing::PrintToString(names(e.reproducing));
        EXPECT_THAT(e.reproducing.front().hypothesis.name, HasSubstr(name));
    };
    expect_found("x86 VPDPBUSD u8*s8->s32", "x86 VPDPBUSD, x86 TDPBUSD, Arm USDOT USMMLA u8*s8->s32");
    expect_found("x86 VPDPBUSDS u8*s8->s32", "x86 VPDPBUSDS u8*s8->s32");
    expect_found("T4 mma.sync.satfinite u8*s8->s32", "T4 mma.sync.satfinite wmma.satfinite u8*s8->s32");
}

// Small sums, halved: many are ties, which tell the ways to requantise apart.
TEST(Explain, NamesTheWayToRequantise) {
    const Gemm gemm{whole_numbers(s8, 8, 32, 1), whole_numbers(s8, 32, 10, 2), whole_numbers(s32, 8, 10, 3)};
    const MmaSpec& unit = mma_unit("A100 mma.sync s8->s32");
    for (const Rounding rounding :
         {Rounding::NearestEven, Rounding::NearestAway, Rounding::TowardZero, Rounding::Down}) {
        const GemmPlan plan{
            .alpha = 0.5, .accumulator = binary32, .output = s8, .requantised = rounding, .zero_point = -5};
        Matrix d = predict(unit, plan, gemm);
        const Explanation e = explain(gemm, d, {.alpha = 0.5, .zero_point = -5});
        EXPECT_TRUE(e.holds());
        for (const std::string& name : names(e.reproducing)) EXPECT_THAT(name, HasSubstr(text_of(plan)));
        const Explanation other = explain(gemm, d, {.alpha = 0.5, .zero_point = -4});
        EXPECT_EQ(other.conclusion, Conclusion::NotRounding);
        EXPECT_THAT(explanation_text(other), HasSubstr("so: by no way to requantise that is tried"));
        d.codes[9] ^= 2;
        const Explanation spoilt = explain(gemm, d, {.alpha = 0.5, .zero_point = -5});
        EXPECT_FALSE(spoilt.holds());
        EXPECT_EQ(spoilt.closest.front().matches, 79U);
        EXPECT_EQ(spoilt.closest.front().first->column, 9U);
    }
    EXPECT_THROW(explain(gemm, predict(unit, {.accumulator = binary32, .output = s8}, gemm), {.zero_point = 128}),
                 InputError);
}

TEST(Explain, TellsHowManyBitsScaledGroupsAlign) {
    MmaSpec spec = mma_unit("B200 tcgen05.mxf4nvf4.4X.ue4m3 e2m1->fp32");
    Gemm gemm{random_matrix(e2m1, 24, 128, 1, 4), random_matrix(e2m1, 128, 24, 2, 4),
              random_matrix(binary32, 24, 24, 3, 40)};
    add_scales(gemm, *spec.scaling, 3);
    --spec.fraction_bits;
    const std::vector<std::string> found = names(explain(gemm, by_mma_dot(spec, gemm)).reproducing);
    EXPECT_THAT(found,
                testing::ElementsAre(AllOf(HasSubstr("mxf4nvf4.4X.ue4m3"), HasSubstr("one alignment bit less"))));
}

TEST(Explain, RecognisesAnFp32Library) {
    const Gemm gemm{random_matrix(binary32, 24, 96, 1, 4), random_matrix(binary32, 96, 24, 2, 4)};
    const Explanation e = explain(gemm, by_eigen(gemm.a, gemm.b));
    // Which order it takes is Eigen's business and changes with its version; that it is fp32 does not.
    if (e.conclusion == Conclusion::Reproduced) {
        EXPECT_THAT(names(e.reproducing), Contains(HasSubstr("fp32-")));
    } else {
        EXPECT_EQ(e.bounded.arithmetic, "fp32");
    }
}

TEST(Explain, AskedUnitsAreAnsweredFor) {
    const Gemm gemm{random_matrix(binary16, 8, 64, 1, 4), random_matrix(binary16, 64, 8, 2, 4)};
    const Matrix d = predict(unit("A100", binary16, binary32), {.split_k = 4}, gemm);
    const GemmQuestion question = question_of(gemm, d);
    const Explanation e = explain(gemm, d, {.asked = asked_by_name("A100:fp16-fp32", question)});
    EXPECT_EQ(e.conclusion, Conclusion::Reproduced);
    EXPECT_FALSE(e.holds());
    ASSERT_EQ(e.asked.size(), 1U);
    EXPECT_LT(e.asked[0].matches, 64U);
    EXPECT_THAT(names(e.reproducing), Contains(HasSubstr("fp16->fp32, split-K by 4")));
    ASSERT_THAT(asked_by_name("A100", question).size(), 1U) << "into fp16 it cannot be";
    EXPECT_THAT(asked_by_name("A100", question)[0].name, testing::StartsWith("A100 mma.sync wmma, T4 "));
    EXPECT_EQ(asked_by_name("A100:fp16-fp16", question).size(), 1U) << "there is no other";
    EXPECT_THAT(names(e.reproducing).front(), testing::StartsWith("A100 mma.sync wmma, T4 "));
    const Matrix small{binary32, 8, 8, std::vector<std::uint64_t>(64, 0x3f800000)};
    EXPECT_EQ(asked_by_name("A100", question_of(gemm, small)).size(), 2U) << "ones are numbers of fp16";
    EXPECT_THROW(asked_by_name("A100:bf16-fp32", question), InputError);
    EXPECT_THROW(asked_by_name("K80", question), InputError);
}

// Sums that are exact tell nothing apart: what was asked about is named first, and all others after it.
TEST(Explain, NamesAskedUnitsFirst) {
    const Gemm gemm{whole_numbers(binary16, 4, 32, 1), whole_numbers(binary16, 32, 4, 2)};
    const Matrix d = by_mma_dot(unit("V100", binary16, binary32), gemm.a, gemm.b);
    const std::vector<std::string> plain = names(explain(gemm, d).reproducing);
    const Explanation e = explain(gemm, d, {.asked = asked_by_name("B200:fp16-fp32", question_of(gemm, d))});
    const std::vector<std::string> found = names(e.reproducing);
    EXPECT_EQ(found.size(), plain.size());
    EXPECT_THAT(plain.front(), testing::StartsWith("V100 "));
    EXPECT_THAT(found.front(), testing::StartsWith("B200 "));
    EXPECT_THAT(found, Contains(plain.front()));
    // An instruction whose K is shorter than the unit's block lends its name to no other plan.
    const Gemm wide{random_matrix(tf32, 4, 32, 1, 6), random_matrix(tf32, 32, 4, 2, 6)};
    const Matrix by_four = predict(unit("H100", tf32, binary32), {.tile_k = 4}, wide);
    const auto asked =
        asked_by_name("H100:mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32", question_of(wide, by_four));
    const Explanation of_four = explain(wide, by_four, {.asked = asked});
    EXPECT_TRUE(of_four.holds());
    EXPECT_THAT(names(of_four.reproducing), Contains(HasSubstr("H100 mma.sync wmma wgmma, ")));
    EXPECT_THAT(names(of_four.reproducing), Not(Contains(HasSubstr("m16n8k4"))));
}

}  // namespace
}  // namespace halfulp
