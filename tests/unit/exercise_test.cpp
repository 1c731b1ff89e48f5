// Claim: the exercises' predictions are the published numbers, every observer matches them, and an observer that
// computes anything else is caught.
// Oracle: numbers of the literature as literals (Higham 2002; IEEE 754-2019), and observers made wrong on purpose.
// Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include <halfulp/lib/exercise/report.hpp>
#include <halfulp/lib/exercise/why.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/exercises.hpp"

namespace halfulp {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(Exercises, PredictThePublishedNumbers) {
    const Exercise& range = exercise(1);
    const std::vector<std::pair<std::string_view, Codes>> expected = {
        {"fp16: the largest finite", {0x477fe000}},      // 65504
        {"fp16: the smallest normal", {0x38800000}},     // 2^-14
        {"fp16: the smallest subnormal", {0x33800000}},  // 2^-24
        {"fp16: epsilon", {0x3a800000}},                 // 2^-10
        {"fp16: the distance from 1 to the number below", {0x3a000000}},
        {"fp16: the distance between numbers at the top", {0x42000000}},  // 32
        {"fp16: the largest number that rounds to 1", {0x3f801000}},      // 1 + 2^-11
        {"fp16: the first real number that overflows", {0x477ff000}},     // 65520
        {"fp16: the largest number that rounds to 0", {0x33000000}},      // 2^-25
        {"fp16: how many of the finite binary32 codes overflow", {1879056384}},
        {"fp16: how many of the finite binary32 codes that are not 0", {1711276032}},
        {"fp16: the finite codes", {63488, 63487}},
        {"fp16: the largest relative error", {1, 2049, 30}},
        {"fp16: the decimals of 3 digits", {8145, 2049}},
        {"bf16: the largest finite", {0x7f7f0000}},
        {"bf16: the smallest normal", {0x00800000}},
        {"bf16: the smallest subnormal", {0x00010000}},
        {"bf16: epsilon", {0x3c000000}},
        {"bf16: the distance from 1 to the number below", {0x3b800000}},
        {"bf16: the distance between numbers at the top", {0x7b800000}},
        {"bf16: the largest number that rounds to 1", {0x3f808000}},
        {"bf16: the first real number that overflows", {0x7f7f8000}},
        {"bf16: the largest number that rounds to 0", {0x00008000}},
        {"bf16: how many of the finite binary32 codes overflow", {65536}},
        {"bf16: how many of the finite binary32 codes that are not 0", {65536}},
        {"bf16: the finite codes", {65280, 65279}},
        {"bf16: the largest relative error", {1, 257, 254}},
        {"bf16: the decimals of 2 digits", {6862, 257}},
    };
    EXPECT_EQ(range.questions.size(), expected.size());
    for (const auto& [text, codes] : expected) EXPECT_EQ(question(range, text).codes, codes) << text;
    EXPECT_THAT(question(range, "fp16: how many").predicted, HasSubstr("43.92"));
    EXPECT_THAT(question(range, "bf16: how many").predicted, HasSubstr("0.00153 %"));
    EXPECT_THAT(question(range, "bf16: the largest finite").predicted,
                HasSubstr("338953138925153547590470800371487866880"));

    const Exercise& absorption = exercise(2);
    const Codes& fp16 = question(absorption, "fp16: the sum of n ones").codes;
    ASSERT_EQ(fp16.size(), 65536U);
    EXPECT_EQ(fp16[0], 0x3c00U);
    EXPECT_EQ(fp16[2046], 0x67ffU);  // 2047
    EXPECT_EQ(fp16[2047], 0x6800U);  // 2048
    EXPECT_EQ(fp16.back(), 0x6800U);
    EXPECT_EQ(question(absorption, "bf16: the sum of n ones").codes.back(), 0x4380U);  // 256
    EXPECT_EQ(question(absorption, "fp16: the error").codes, Codes{63488});
    EXPECT_EQ(question(absorption, "bf16: the error").codes, Codes{65280});
    for (const auto* how : {"one after another", "in blocks"}) {
        const std::string text = "fp16 ones in an fp32 accumulator: the sum of n ones, " + std::string(how);
        EXPECT_EQ(question(absorption, text).codes.back(), 0x47800000U);  // 65536
    }
    EXPECT_EQ(question(absorption, "fp16 accumulator of V100").codes.back(), 0x7000U);  // 8192
}

TEST(Exercises, EveryObserverMatches) {
    const Observers observers = all_observers();
    for (const ExerciseEntry& entry : exercises()) {
        const ExerciseReport report = run(exercise(entry.number), observers);
        EXPECT_EQ(report.count(Verdict::Match), report.asked.size()) << to_text(report, false);
    }
}

// The two conversions share nothing. Lower halves: those that decide a rounding to 8 bits, with every upper half.
TEST(Exercises, CpuAndSoftConvertAlike) {
    Codes codes;
    for (std::uint64_t upper = 0; upper < 0x10000; ++upper)
        for (const std::uint64_t lower : {0x0000U, 0x0001U, 0x7fffU, 0x8000U, 0x8001U, 0xffffU})
            if ((upper & 0x7f80) != 0x7f80) codes.push_back(upper << 16 | lower);
    for (const Format& f : {bfloat16, binary16}) {
        const Answer cpu = make_cpu_observer()->convert(binary32, f, codes);
        if (!cpu.unavailable.empty()) GTEST_SKIP() << cpu.unavailable;
        EXPECT_EQ(cpu.codes, make_soft_observer()->convert(binary32, f, codes).codes) << short_name(f);
    }
}

/// What the emulator does, with one thing wrong.
class WrongObserver : public Observer {
  public:
    explicit WrongObserver(Rounding rounding) : env_{.rounding = rounding} {}
    std::string name() const override { return "wrong"; }
    std::string_view gpu() const override { return "V100"; }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        Answer answer;
        for (const auto code : codes) answer.codes.push_back(halfulp::convert(to, from, code, env_).code);
        return answer;
    }
    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        Answer answer;
        for (std::size_t i = 0; i < a.size(); ++i)
            answer.codes.push_back(compute(operation, f, {a[i], b[i], 0}, env_).code);
        return answer;
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }

  private:
    Env env_;
};

TEST(Exercises, CatchAnotherRounding) {
    const Exercise& range = exercise(1);
    for (const Rounding wrong : {Rounding::TowardZero, Rounding::Up, Rounding::ToOdd, Rounding::NearestAway}) {
        const auto& q = question(range, "fp16: the largest number that rounds to 1");
        const Observation seen = ask(q, std::make_unique<WrongObserver>(wrong));
        EXPECT_EQ(seen.verdict, Verdict::Mismatch) << name_of(wrong) << ": " << seen.text;
    }
    const auto& q = question(range, "fp16: the first real number that overflows");
    EXPECT_EQ(ask(q, std::make_unique<WrongObserver>(Rounding::Up)).verdict, Verdict::Mismatch);
    const Exercise& absorption = exercise(2);
    for (const auto text : {"fp16: 2048 + 1", "fp16: 2050 + 1"}) {
        const bool up = std::string_view(text) == "fp16: 2048 + 1";
        const Rounding wrong = up ? Rounding::Up : Rounding::TowardZero;
        EXPECT_EQ(ask(question(absorption, text), std::make_unique<WrongObserver>(wrong)).verdict, Verdict::Mismatch);
    }
}

// The fp32 result is the truth wherever an fp32 number is rounded; 2049 is one too.
TEST(Exercises, SayHowFarRangeAndEpsilonAreFromFp32) {
    const auto error = [](std::string_view text) {
        const Fact& fact = question(exercise(1), text).facts.at(0);
        EXPECT_EQ(fact.label, "error") << text;
        return fact.text;
    };
    EXPECT_EQ(error("fp16: the largest number that rounds to 1"),
              "-0.00048828125 against the truth 1.00048828125 (-0.0488 %), "
              "-0.00048828125 against the fp32 result 1.00048828125 (-0.0488 %)");
    EXPECT_EQ(error("bf16: the largest relative error"),
              "-0.00390625 against the truth 1.00390625 (-0.389 %), "
              "-0.00390625 against the fp32 result 1.00390625 (-0.389 %)");
    EXPECT_EQ(error("fp16: the first real number that overflows"),
              "infinite against the truth 65520, and against the fp32 result 65520");
    EXPECT_THAT(error("fp16: the largest number that rounds to 0"),
                HasSubstr("against the fp32 result 2^-25 (-100 %)"));
    EXPECT_EQ(error("fp16: the decimals of 3 digits"),
              "-1 against the truth 2049 (-0.0488 %), -1 against the fp32 result 2049 (-0.0488 %)");
}

TEST(Exercises, SayWhyNobodyCouldBeAsked) {
    Observers observers;
    observers.push_back(make_unit_observer("A100"));
    const ExerciseReport report = run(exercise(1), observers);
    EXPECT_EQ(report.count(Verdict::NotAvailable), report.asked.size());
    EXPECT_THAT(to_text(report, false), HasSubstr("\nn/a in 28 of the 28 questions: unit:A100: a matrix unit neither"));
}

TEST(Exercises, SayWhatRestsOnNoClaim) {
    Exercise made = exercise(1);
    made.questions[0].text = "a question of one's own";
    const Exercise explained = with_reasons(made);
    EXPECT_EQ(explained.questions[0].facts.back().text, "no claim: computed by exact rationals");
    EXPECT_EQ(explained.questions[1].facts.back().text, "least-normal");
}

/// How often a text has another in it.
std::size_t occurrences(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

TEST(Exercises, SayOnceWhyMostQuestionsCouldNotBeAsked) {
    const ExerciseReport report = run(exercise(2), all_observers());
    const auto asked_of = [&](std::string_view reason) {
        return std::count_if(report.asked.begin(), report.asked.end(), [&](auto& asked) {
            return std::any_of(asked.observations.begin(), asked.observations.end(),
                               [&](auto& o) { return o.text.find(reason) == 0; });
        });
    };
    const std::string text = to_text(report, false);
    EXPECT_EQ(occurrences(text, "B200: a matrix unit"), 1U);
    EXPECT_THAT(text, HasSubstr("\nn/a in " + std::to_string(asked_of("a matrix unit")) + " of the "));
    EXPECT_EQ(occurrences(text, "the question is for V100\n"),
              static_cast<std::size_t>(asked_of("the question is for V100")));
    const std::string json = to_json({report});  // keeps everything
    EXPECT_EQ(occurrences(json, "a matrix unit neither converts"),
              gpus.size() * static_cast<std::size_t>(asked_of("a matrix unit")));
}

TEST(Exercises, PrintLinesOfATerminalsWidth) {
    for (const ExerciseEntry& entry : exercises()) {
        std::istringstream text(to_text(run(exercise(entry.number), all_observers()), true));
        for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 110U) << line;
    }
    const std::string text = to_text(run(exercise(1), all_observers()), false);
    EXPECT_THAT(text, HasSubstr("everything rounds down to the\n                  largest number, and the tie"));
}

// Whoever can do both is asked both, as the GPU above.
TEST(Exercises, AskForOnesInALoopAndInBlocks) {
    const std::string text = "fp16 ones in an fp32 accumulator: the sum of n ones, ";
    const auto of = [&](const std::string& how, std::unique_ptr<Observer> observer) {
        return ask(question(exercise(2), text + how), std::move(observer)).verdict;
    };
    EXPECT_EQ(of("one after another", make_soft_observer()), Verdict::Match);
    EXPECT_EQ(of("one after another", make_unit_observer("A100")), Verdict::NotAvailable);
    EXPECT_EQ(of("in blocks", make_soft_observer()), Verdict::NotAvailable);
    EXPECT_EQ(of("in blocks", make_unit_observer("A100")), Verdict::Match);
}

TEST(Exercises, AskUnitsOfTheirOwnGenerationOnly) {
    const Exercise& absorption = exercise(2);
    const auto observations = observe(question(absorption, "fp16 accumulator of V100"), all_observers());
    for (const Observation& o : observations) {
        const bool asked = o.observer == "unit:V100";
        EXPECT_EQ(o.verdict, asked ? Verdict::Match : Verdict::NotAvailable) << o.observer;
        EXPECT_EQ(o.text == "the question is for V100", !asked) << o.observer;
    }
}

TEST(Exercises, WriteJson) {
    Observers observers;
    observers.push_back(make_soft_observer());
    const auto json = nlohmann::json::parse(to_json({run(exercise(2), observers)}));
    ASSERT_EQ(json.size(), 1U);
    EXPECT_EQ(json[0]["exercise"], 2);
    const auto& first = json[0]["questions"][0];
    EXPECT_EQ(first["question"], "fp16: 2048 + 1");
    EXPECT_EQ(first["predicted"]["codes"]["last"], "6800");
    EXPECT_EQ(first["observed"][0]["backend"], "soft");
    EXPECT_EQ(first["observed"][0]["verdict"], "match");
    EXPECT_EQ(first["verdict"], "match");
}

}  // namespace
}  // namespace halfulp
