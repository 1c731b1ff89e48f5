// Claim: explain names what made a result or, where data cannot tell, a set that has it; locates what differs; and tells
// rounding errors from others.
// Oracle: results made by known units, by mma_dot element by element, and by loops. Shared: mma_dot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <halfulp/lib/diagnose/bits_match.hpp>
#include <halfulp/lib/diagnose/explain.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/convert.hpp>

#include "support/eigen_product.hpp"
#include "support/gemm_data.hpp"

namespace halfulp {
namespace {

using test::add_scales;
using test::by_eigen;
using test::by_mma_dot;
using test::extreme_integers;
using test::random_integers;
using test::random_matrix;
using test::whole_numbers;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> names(const std::vector<Candidate>& candidates) {
    std::vector<std::string> all(candidates.size());
    std::transform(candidates.begin(), candidates.end(), all.begin(),
                   [](const Candidate& c) { return text_of(c.hypothesis); });
    return all;
}

/// How many matrix units, as their table has them, with the plain plan.
std::size_t plain_units(const std::vector<Candidate>& candidates) {
    return static_cast<std::size_t>(std::count_if(candidates.begin(), candidates.end(), [](const Candidate& c) {
        return text_of(c.hypothesis) == c.hypothesis.name && std::holds_alternative<MmaSpec>(c.hypothesis.unit);
    }));
}

const MmaSpec& unit(std::string_view processor, const Format& input, const Format& accumulator) {
    return *find_mma(processor, "mma.sync", input, accumulator);
}

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

// Where a unit keeps few bits, its own truncation is no fault of the other elements.
TEST(Explain, LocatesOneFlippedBitWhereFewBitsAreKept) {
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

TEST(Explain, LocatesOneFlippedBit) {
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

TEST(Explain, SurvivesASpoiltRow) {
    const Gemm gemm{random_matrix(binary16, 32, 64, 1, 4), random_matrix(binary16, 64, 32, 2, 4)};
    Matrix d = by_mma_dot(unit("V100", binary16, binary32), gemm.a, gemm.b);
    for (std::size_t j = 0; j < 32; ++j) d.codes[j] = 0;
    const Explanation e = explain(gemm, d);
    EXPECT_EQ(e.closest.front().matches, 31U * 32);
    EXPECT_THAT(e.closest.front().hypothesis.name, HasSubstr("V100"));
}

// One element, which every sample has, is another unit's; in the smallest sample the two do not differ elsewhere.
TEST(Explain, IsNotMisledByASample) {
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

/// Where row i of A has a NaN, D's row has the unit's.
TEST(Explain, ComparesTheBitsOfNaNs) {
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

TEST(Explain, APlainSumHasTheNaNOfItsPolicy) {
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
TEST(Explain, PrefersTheUnitWhoseNaNsItSees) {
    Gemm gemm{whole_numbers(bfloat16, 2, 32, 1), whole_numbers(bfloat16, 32, 2, 2)};
    gemm.a.codes[0] = 0x7fc0;
    const Matrix d = by_mma_dot(mma_unit("x86 TDPBF16PS bf16->fp32"), gemm);
    const std::vector<std::string> found = names(explain(gemm, d).reproducing);
    EXPECT_THAT(found, Contains(HasSubstr("x86 TDPBF16PS")));
    EXPECT_THAT(found, Not(Contains(HasSubstr("A100"))));
    EXPECT_THAT(names(explain(gemm, d, {.nans = NanBits::Alike}).reproducing), Contains(HasSubstr("A100")));
}

TEST(Explain, NaNsStandForNaNsAndInfinitiesForThemselves) {
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

TEST(Explain, TellsUnknownOrdersFromOtherErrors) {
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

TEST(Explain, TextHasWhatAReportNeeds) {
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

TEST(Explain, LocatesAWrongInteger) {
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

TEST(Explain, ShowsScales) {
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

TEST(Explain, RefusesWhatDoesNotFit) {
    const Matrix a = random_matrix(binary16, 2, 16, 1), b = random_matrix(binary16, 16, 3, 2);
    EXPECT_THROW(explain({a, a}, a), InputError);
    EXPECT_THROW(explain({a, b}, a), InputError);
    EXPECT_THROW(explain({{binary16, 2, 0, {}}, {binary16, 0, 3, {}}}, random_matrix(binary32, 2, 3, 1)), InputError);
    EXPECT_THROW(explain({{binary16, 0, 16, {}}, b}, {binary32, 0, 3, {}}), InputError);
    EXPECT_THROW(explain({a, b}, {s32, 2, 3, std::vector<std::uint64_t>(6)}), InputError) << "numbers give no integers";
    EXPECT_THROW(explain({{s8, 1, 1, {1}}, {s32, 1, 1, {1}}}, {s32, 1, 1, {1}}), InputError) << "by no unit";
}

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
