// Claim: exercise 3 predicts the published numbers and, of every elimination, the codes of all its results; an observer
// that stores, rounds or computes anything else is caught, at the first result that differs.
// Oracle: numbers of the literature and exact fractions as literals; the runs as literals too, computed by a script of
// Python's fractions that rounds by integer division and shares nothing with this library; observers made wrong on
// purpose. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <halfulp/lib/exercise/condition/solve.h>
#include <halfulp/lib/exercise/condition/storage.h>
#include <halfulp/lib/exercise/condition/systems.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/exercises.hpp"

namespace halfulp {
namespace {

using testing::HasSubstr;
using truth::pow2;
using truth::Rational;

const std::string a_text = "[[1, 9999/10001], [9999/10001, 1]]", b_text = "[[50, 51], [51, 52]]";

const Exercise& the_exercise() { return exercise(3); }

const Question& question(std::string_view text) { return question(the_exercise(), text); }

TEST(ExerciseCondition, StoresThePublishedMatrices) {
    const Question& fp16 = question("fp16: how " + a_text);
    EXPECT_EQ(fp16.codes, (Codes{0x3c00, 0x3c00, 0x3c00, 0x3c00}));
    EXPECT_EQ(fp16.claim, "as a singular matrix");
    EXPECT_EQ(fp16.predicted, "[[1, 1], [1, 1]], det 0");
    EXPECT_EQ(fact(fp16, "kappa"), "kappa_2 = kappa_inf = 10000");
    EXPECT_THAT(fact(fp16, "det"), HasSubstr("40000/100020001 (about 0.00039992), stored 0"));
    EXPECT_THAT(fact(fp16, "change"), HasSubstr("at most 2/9999 (about 0.00020002)"));
    EXPECT_THAT(fact(fp16, "change"), HasSubstr("u / (1 + u) = 1/2049"));
    EXPECT_EQ(question("bf16: how " + a_text).codes, (Codes{0x3f80, 0x3f80, 0x3f80, 0x3f80}));
    const Question& fp32 = question("fp32: how " + a_text);
    EXPECT_EQ(fp32.codes, (Codes{0x3f800000, 0x3f7ff2e5, 0x3f7ff2e5, 0x3f800000}));
    EXPECT_EQ(fp32.claim, "as a regular matrix, kappa_inf 33551077/3355 (about 10000.32)");
    EXPECT_THAT(fp32.predicted, HasSubstr("16773861/16777216"));
    EXPECT_EQ(question("fp64: how " + a_text).codes[1], 0x3feffe5c9c8dcf50U);
}

TEST(ExerciseCondition, FindsTheBordersOfRegularStorage) {
    EXPECT_THAT(question("fp16: which of [[1, b]").predicted, HasSubstr("from kappa = 8191 on, b = 4095/4096"));
    EXPECT_EQ(question("fp16: which of [[1, b]").codes.size(), 8193U);
    EXPECT_THAT(question("bf16: which of [[1, b]").predicted, HasSubstr("from kappa = 1023 on, b = 511/512"));
    EXPECT_THAT(fact(question("fp16: which of [[a, b]"), "theorem"), HasSubstr("kappa_inf < 2049:"));
    EXPECT_THAT(question("fp16: which of [[a, b]").claim, HasSubstr("none with kappa <= 2050, "));
    const Rational least = Rational{2050 * 4096} / 4095;  // a = 1 + 3 * 2^-11 - 2^-23, b = 1 + 2^-11 + 2^-23
    EXPECT_THAT(question("fp16: which of [[a, b]").predicted, HasSubstr(least.str()));
    EXPECT_EQ(question("fp16: which of [[a, b]").codes.size(), 4 * 1024U);
    EXPECT_EQ(safe_kappa(bfloat16), 257);
    const Question& all_ones = question("fp16: how [[2049/2048, 4095/4096], [4095/4096, 2049/2048]]");
    EXPECT_EQ(all_ones.codes, (Codes{0x3c00, 0x3c00, 0x3c00, 0x3c00}));
    EXPECT_EQ(fact(all_ones, "kappa"), "kappa_2 = kappa_inf = 2731");
    const Question& closer = question("fp16: how [[2053/2048, 2051/2048]");
    EXPECT_EQ(closer.codes, (Codes{0x3c02, 0x3c02, 0x3c02, 0x3c02}));
    EXPECT_EQ(fact(closer, "kappa"), "kappa_2 = kappa_inf = 2052");
}

/// Keeps the codes that it is asked to convert.
struct Listener : Observer {
    mutable Codes asked;
    std::string name() const override { return "listener"; }
    std::string cannot() const override { return "it listens"; }
    Answer convert(const Format&, const Format&, std::span<const std::uint64_t> codes) const override {
        asked.assign(codes.begin(), codes.end());
        return {asked, {}};
    }
};

// The predictions of these two questions compare codes; here the definition itself rounds what is asked.
TEST(ExerciseCondition, BordersAreThoseOfTheDefinition) {
    for (const auto* text : {"fp16: which of [[1, b]", "fp16: which of [[a, b]"}) {
        const Codes& predicted = question(text).codes;
        const Listener listener;
        question(text).observe(listener);
        ASSERT_EQ(listener.asked.size(), predicted.size());
        const auto expect_defined = [&](std::size_t i) {
            const Rational x = truth::value(binary32, listener.asked[i]).value();
            ASSERT_EQ(truth::round(binary16, x).code, predicted[i]) << text << ' ' << i;
        };
        for (std::size_t i = 0; i < predicted.size(); i += 13) expect_defined(i);
        const std::size_t middle = predicted.size() / 2;
        for (std::size_t i = middle - 8; i < middle + 8; ++i) expect_defined(i);
    }
}

TEST(ExerciseCondition, ExhibitsNeighboursOfTheExactMatrix) {
    const Codes exact = {0x5240, 0x5260, 0x5260, 0x5280};
    const Question& stored = question("fp16: how " + b_text);
    EXPECT_EQ(stored.codes, exact);
    EXPECT_EQ(stored.predicted, b_text + ", det -1");
    EXPECT_EQ(fact(stored, "kappa"), "kappa_inf = 10609; kappa_2 + 1 / kappa_2 = ||A||_F^2 / |det| = 10406");
    const Question& singular = question("fp16: how [[10201/204, 10403/204], [10403/204, 10609/204]]");
    EXPECT_EQ(singular.codes, exact);
    EXPECT_EQ(Rational{10201} * 10609, Rational{10403} * 10403);
    EXPECT_EQ(fact(singular, "kappa"), "none: singular");
    EXPECT_THAT(singular.claim, HasSubstr("differ by 1/204 (about 0.004901961), less than half a unit, 1/64"));
    const Question& reversed = question("fp16: how [[5101/102, 5201/102], [5201/102, 5305/102]]");
    EXPECT_EQ(reversed.codes, exact);
    EXPECT_EQ(fact(reversed, "det"), "1, stored -1");
    EXPECT_THAT(fact(reversed, "solution"), HasSubstr("(-52/51, 50/51) for the right side (-1, -1)"));
    EXPECT_EQ(Rational{-52 * 5101 + 50 * 5201}, -51 * 102);
    EXPECT_EQ(Rational{-52 * 5201 + 50 * 5305}, -51 * 102);
}

/// a11 a12 a21 a22 c1 c2 | m t u22 s y2 x2 v w x1
const std::vector<std::pair<std::string, Codes>> runs = {
    {"fp64: " + a_text,
     {0x3ff0000000000000, 0x3feffe5c9c8dcf50, 0x3feffe5c9c8dcf50, 0x3ff0000000000000, 0x3f2a3637230afb37,
      0xbf2a3637230afb37, 0x3feffe5c9c8dcf50, 0x3feffcb94e941413, 0x3f3a358b5f5f6800, 0x3f2a34df9bb3c4c5,
      0xbf3a358b5f5f5ffe, 0xbfeffffffffff639, 0xbfeffe5c9c8dc58a, 0x3feffffffffff63a, 0x3feffffffffff63a}},
    {"fp32: " + a_text,
     {0x3f800000, 0x3f7ff2e5, 0x3f7ff2e5, 0x3f800000, 0x3951b1b9, 0xb951b1b9, 0x3f7ff2e5, 0x3f7fe5cb, 0x39d1a800,
      0x3951a6fd, 0xb9d1ac5b, 0xbf8002a9, 0xbf7ff837, 0x3f8002a9, 0x3f8002a9}},
    {"bf16: " + a_text,
     {0x3f80, 0x3f80, 0x3f80, 0x3f80, 0x3952, 0xb952, 0x3f80, 0x3f80, 0x0, 0x3952, 0xb9d2, 0xff80, 0xff80, 0x7f80,
      0x7f80}},
    {"fp16: " + a_text,
     {0x3c00, 0x3c00, 0x3c00, 0x3c00, 0xa8e, 0x8a8e, 0x3c00, 0x3c00, 0x0, 0xa8e, 0x8e8e, 0xfc00, 0xfc00, 0x7c00,
      0x7c00}},
    {"fp16 storage, fp32 arithmetic: " + a_text,
     {0x3f800000, 0x3f800000, 0x3f800000, 0x3f800000, 0x3951c000, 0xb951c000, 0x3f800000, 0x3f800000, 0x0, 0x3951c000,
      0xb9d1c000, 0xff800000, 0xff800000, 0x7f800000, 0x7f800000}},
    {"fp64: " + b_text,
     {0x4049000000000000, 0x4049800000000000, 0x4049800000000000, 0x404a000000000000, 0xbff0000000000000,
      0xbff0000000000000, 0x3ff051eb851eb852, 0x404a028f5c28f5c3, 0xbf947ae147ae1800, 0xbff051eb851eb852,
      0x3f947ae147ae1480, 0xbfeffffffffffa88, 0xc0497ffffffffba4, 0x4048fffffffffba4, 0x3feffffffffffa6c}},
    {"fp32: " + b_text,
     {0x42480000, 0x424c0000, 0x424c0000, 0x42500000, 0xbf800000, 0xbf800000, 0x3f828f5c, 0x4250147b, 0xbca3d800,
      0xbf828f5c, 0x3ca3d700, 0xbf7ffe70, 0xc24bfec1, 0x4247fec1, 0x3f7ffe68}},
    {"bf16: " + b_text,
     {0x4248, 0x424c, 0x424c, 0x4250, 0xbf80, 0xbf80, 0x3f83, 0x4251, 0xbe80, 0xbf83, 0x3cc0, 0xbdc0, 0xc099, 0x4072,
      0x3d9b}},
    {"fp16: " + b_text,
     {0x5240, 0x5260, 0x5260, 0x5280, 0xbc00, 0xbc00, 0x3c14, 0x5280, 0x0, 0xbc14, 0x2500, 0x7c00, 0x7c00, 0xfc00,
      0xfc00}},
    {"fp16 storage, fp32 arithmetic: " + b_text,
     {0x42480000, 0x424c0000, 0x424c0000, 0x42500000, 0xbf800000, 0xbf800000, 0x3f828f5c, 0x4250147b, 0xbca3d800,
      0xbf828f5c, 0x3ca3d700, 0xbf7ffe70, 0xc24bfec1, 0x4247fec1, 0x3f7ffe68}},
    {"bf16: [[1, 0], [0, 1/10000]]",
     {0x3f80, 0x0, 0x0, 0x38d2, 0x3f80, 0xb8d2, 0x0, 0x0, 0x38d2, 0x0, 0xb8d2, 0xbf80, 0x8000, 0x3f80, 0x3f80}},
    {"fp16: [[1, 0], [0, 1/10000]]",
     {0x3c00, 0x0, 0x0, 0x68e, 0x3c00, 0x868e, 0x0, 0x0, 0x68e, 0x0, 0x868e, 0xbc00, 0x8000, 0x3c00, 0x3c00}},
};

TEST(ExerciseCondition, PredictsEveryResultOfElimination) {
    for (const auto& [text, codes] : runs) EXPECT_EQ(question(text).codes, codes) << text;
    const auto solves = std::count_if(the_exercise().questions.begin(), the_exercise().questions.end(),
                                      [](auto& q) { return q.text.find("by elimination") != std::string::npos; });
    EXPECT_EQ(static_cast<std::size_t>(solves), runs.size());
}

TEST(ExerciseCondition, StatesExactErrors) {
    const Question& fp32 = question("fp32: " + a_text);
    EXPECT_EQ(computed_error(family(10000), {binary32, binary32}), (Rational{681, 8388608}));
    EXPECT_EQ(fact(fp32, "error"), "681/8388608 (about 8.118153e-05), 4.1 digits");
    EXPECT_EQ(fact(fp32, "backward").find("normwise 681/83901278608 (about 8.116682e-09), componentwise 681/839"), 0U);
    EXPECT_THAT(fact(fp32, "bound"), HasSubstr("= 1250/1047951 (about 0.001192804) from rounding the data"));
    EXPECT_THAT(fact(fp32, "bound"), HasSubstr("kappa_inf * u = 625/1048576 (about 0.0005960464) < 1"));
    // (2/10001 in fp32) / (3355 * 2^-24) - 1, the code being 13742521 * 2^-36
    EXPECT_EQ(Rational(13742521, 3355) / 4096 - 1, Rational(441, 13742080));
    EXPECT_THAT(fact(fp32, "data error"), HasSubstr("441/13742080 (about 3.209121e-05)"));
    const Question& bf16 = question("bf16: " + b_text);
    EXPECT_EQ(fact(bf16, "error"), "1893/2048 (about 0.9243164), 0.0 digits");
    EXPECT_THAT(fact(bf16, "vs fp32"), HasSubstr("646127/699034 "));
    EXPECT_THAT(fact(bf16, "backward"), HasSubstr("normwise 1/704 (about 0.001420455), componentwise 31/19937 "));
    EXPECT_EQ(fact(question("fp16 storage, fp32 arithmetic: " + b_text), "vs fp32"), "0");
    EXPECT_EQ(computed_error(family(10000), {binary64, binary64}), Rational{2503} * pow2(-53));
    EXPECT_EQ(computed_error(stored_exactly(), {binary64, binary64}), Rational{357} * pow2(-51));
    EXPECT_EQ(computed_error(stored_exactly(), {binary32, binary32}), (Rational{51, 2097152}));
    EXPECT_EQ(computed_error(stored_exactly(), {binary16, binary32}), (Rational{51, 2097152}));
    EXPECT_EQ(computed_error(stored_exactly(), {bfloat16, bfloat16}), (Rational{1893, 2048}));
    EXPECT_EQ(computed_error(stored_exactly(), {binary16, binary16}), std::nullopt);
    EXPECT_EQ(computed_error(family(10000), {binary16, binary32}), std::nullopt);
    EXPECT_EQ(computed_error(badly_scaled(), {binary16, binary16}), Rational{0});
}

TEST(ExerciseCondition, BoundIsVoidWhereItsHypothesisFails) {
    for (const auto& [text, product] : {std::pair<std::string, std::string>{"fp16: " + a_text, "625/128 (4.8828125)"},
                                        {"bf16: " + a_text, "625/16 (39.0625)"},
                                        {"fp16 storage, fp32 arithmetic: " + a_text, "625/128 (4.8828125)"},
                                        {"fp16: " + b_text, "10609/2048 (about 5.180176)"}}) {
        EXPECT_EQ(fact(question(text), "bound"), "void: kappa_inf * u = " + product + " >= 1") << text;
    }
    for (const Question& q : the_exercise().questions)
        for (const Fact& f : q.facts) EXPECT_EQ(f.text.find('%'), std::string::npos) << f.text;
    EXPECT_EQ(fact(question("fp16: " + a_text), "errors"), "none: the computed solution is not finite");
    EXPECT_THAT(question("fp16: " + a_text).claim, HasSubstr("the pivot u22 = a22 - t is 0"));
    EXPECT_THAT(question("fp16: " + b_text).predicted, HasSubstr("x1 = -infinity (fp16 fc00), x2 = infinity"));
}

TEST(ExerciseCondition, ConcludesFromTheNumbers) {
    const std::string& text = the_exercise().conclusion;
    for (const auto* part : {"fp32 storage: kappa u = 625/1048576 (about 0.0005960464) < 1, viable.",
                             "to 2.9 digits at least (3.2 by the rule", "leaves 4.1 digits for A, 4.6 digits for B",
                             "bf16 storage: kappa u = 625/16 (39.0625) >= 1, not viable.",
                             "bf16 arithmetic leaves nothing finite for A, 0.0 digits for B",
                             "fp16 storage: kappa u = 625/128 (4.8828125) >= 1, not viable.",
                             "fp16 arithmetic leaves nothing finite for A, nothing finite for B",
                             "fp32 arithmetic leaves nothing finite for A, 4.6 digits for B"})
        EXPECT_THAT(text, HasSubstr(part));
    for (const auto* part :
         {"16.0 in fp64, 7.2 in fp32, 2.4 in bf16, 3.3 in fp16", "from kappa = 8191 on", "kappa_inf < 2049",
          "of kappa 2052 becomes", "one of kappa 1679360/819 (about 2050.501)", "(-52/51, 50/51) instead of (1, -1)",
          "1/704", "by 16384 gives kappa_inf = 1024/625", "in fp16 kappa < 2048"})
        EXPECT_THAT(the_exercise().explanation, HasSubstr(part));
    EXPECT_THAT(the_exercise().explanation,
                HasSubstr("m = a21 / a11, t = m * a12, u22 = a22 - t, s = m * c1, y2 = c2 - s, x2 = y2 / u22, "
                          "v = a12 * x2, w = c1 - v, x1 = w / a11"));
    EXPECT_EQ(step_text(Number::U22), "u22 = a22 - t");
    EXPECT_THROW(step_text(Number::C2), std::logic_error);
}

// 2049/2048 is a tie of fp16, which goes to 1. A number beyond it by less than fp32 can tell goes to 1 + 2^-10.
TEST(ExerciseCondition, RefusesNumbersThatAreRoundedTwice) {
    const Rational tie(2049, 2048), beyond(2049 * 4096 - 1, 2048 * 4096 - 1);
    ASSERT_TRUE(beyond > tie && beyond - tie < pow2(-33));
    ASSERT_EQ(truth::round(binary16, beyond).code, 0x3c01U);
    EXPECT_EQ(stored_codes(binary16, std::span(&tie, 1)), Codes{0x3c00});
    try {
        stored_codes(binary16, std::span(&beyond, 1));
        ADD_FAILURE() << "not refused";
    } catch (const std::logic_error& error) {
        EXPECT_STREQ(error.what(), "a number of a prediction is rounded twice on its way to fp16");
    }
}

/// The emulator, but for what a test replaces.
struct Mistaken : Observer {
    Rounding of_conversions = Rounding::NearestEven;
    Env of_arithmetic = {};
    Operation mistaken = Operation::Add;  ///< the one that of_arithmetic is for
    bool divides_by_reciprocals = false;

    std::string name() const override { return "mistaken"; }
    std::string cannot() const override { return "it is a test double"; }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        Answer answer;
        for (const auto code : codes)
            answer.codes.push_back(halfulp::convert(to, from, code, {.rounding = of_conversions}).code);
        return answer;
    }
    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        const Env env = operation == mistaken ? of_arithmetic : Env{};
        Answer answer;
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (operation == Operation::Div && divides_by_reciprocals) {
                const auto one = from_integer(f, 1).code;
                const auto reciprocal = round_pack(f, result_of(Operation::Div, f, {one, b[i], 0})).code;
                answer.codes.push_back(round_pack(f, result_of(Operation::Mul, f, {a[i], reciprocal, 0})).code);
            } else {
                answer.codes.push_back(round_pack(f, result_of(operation, f, {a[i], b[i], 0}), env).code);
            }
        }
        return answer;
    }
};

std::string mismatch(const std::string& text, const Mistaken& changes) {
    const Observation seen = ask(question(text), std::make_unique<Mistaken>(changes));
    EXPECT_EQ(seen.verdict, Verdict::Mismatch) << text << ": " << seen.text;
    return seen.text;
}

TEST(ExerciseCondition, CatchesAnotherRoundingOfStorage) {
    Mistaken truncates, away;
    truncates.of_conversions = Rounding::TowardZero;
    away.of_conversions = Rounding::NearestAway;
    EXPECT_EQ(
        mismatch("fp16: how " + a_text, truncates),
        "[[1, 2047/2048], [2047/2048, 1]], det 4095/4194304 (about 0.0009763241), result 2 of 4 is 3bff, predicted "
        "3c00");
    EXPECT_THAT(mismatch("fp16: how [[10201/204", truncates), HasSubstr("result 2 of 4 is 525f, predicted 5260"));
    EXPECT_EQ(mismatch("fp16: which of [[1, b]", truncates),
              "no matrix of the family is stored singular, result 4097 of 8193 is 3bff, predicted 3c00");
    EXPECT_THAT(mismatch("fp16: which of [[a, b]", away), HasSubstr("result 3 of 4096 is 3c01, predicted 3c00"));
    EXPECT_THAT(mismatch("fp16: how [[2049/2048", away), HasSubstr("result 1 of 4 is 3c01, predicted 3c00"));
}

TEST(ExerciseCondition, CatchesOneWrongOperation) {
    Mistaken division, subtraction, product, reciprocal, saturating;
    division.mistaken = saturating.mistaken = Operation::Div;
    subtraction.mistaken = Operation::Sub;
    product.mistaken = Operation::Mul;
    for (Mistaken* m : {&division, &subtraction, &product}) m->of_arithmetic.rounding = Rounding::TowardZero;
    saturating.of_arithmetic.overflow = Overflow::Saturate;
    reciprocal.divides_by_reciprocals = true;
    EXPECT_THAT(mismatch("fp32: how " + a_text, division), HasSubstr("result 2 of 4 is 3f7ff2e4, predicted 3f7ff2e5"));
    EXPECT_THAT(mismatch("bf16: " + b_text, division), HasSubstr("result 7 of 15 is 3f82, predicted 3f83"));
    EXPECT_THAT(mismatch("fp32: " + b_text, product), HasSubstr("result 8 of 15 is 4250147a, predicted 4250147b"));
    EXPECT_THAT(mismatch("fp64: " + a_text, subtraction), HasSubstr("result 14 of 15 is "));
    EXPECT_THAT(mismatch("fp64: " + a_text, reciprocal), HasSubstr("of 15 is "));
    EXPECT_THAT(mismatch("fp16: " + a_text, saturating), HasSubstr("result 12 of 15 is fbff, predicted fc00"));
}

}  // namespace
}  // namespace halfulp
