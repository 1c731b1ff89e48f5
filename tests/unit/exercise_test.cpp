// Claim: the exercises' predictions are the published numbers, every observer matches them, and an observer that
// computes anything else is caught.
// Oracle: numbers of the literature as literals (Higham 2002; IEEE 754-2019), and observers made wrong on purpose.
// Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include <halfulp/lib/exercise/report.hpp>
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
    EXPECT_EQ(question(absorption, "fp16 ones in an fp32").codes.back(), 0x47800000U);  // 65536
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

/// Answers whatever it is asked with the same codes.
class ConstantObserver : public Observer {
  public:
    explicit ConstantObserver(std::uint64_t code) : code_(code) {}
    std::string name() const override { return "constant"; }
    Answer convert(const Format&, const Format&, std::span<const std::uint64_t> codes) const override {
        return {Codes(codes.size(), code_), {}};
    }
    Answer arithmetic(Operation, const Format&, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t>) const override {
        return {Codes(a.size(), code_), {}};
    }
    Answer running_sum(const Format&, const Format&, std::span<const std::uint64_t> terms) const override {
        return {Codes(terms.size(), code_), {}};
    }
    Answer quantise(const Quantiser&, const Format&, std::uint64_t,
                    std::span<const std::uint64_t> codes) const override {
        return {Codes(codes.size(), code_), {}};
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }

  private:
    std::uint64_t code_;
};

TEST(Exercises, SurviveAnyAnswer) {
    for (const ExerciseEntry& entry : exercises()) {
        const Exercise made = exercise(entry.number);
        for (const std::uint64_t code : {0x00000000ULL, 0x3c00ULL, 0x7fffffffULL, 0xffffffffULL}) {
            Observers observers;
            observers.push_back(std::make_unique<ConstantObserver>(code));
            const ExerciseReport report = run(made, observers);
            EXPECT_GT(report.count(Verdict::Mismatch), 0U);
        }
    }
}

/// Right but for one partial sum.
class OneWrongSum : public Observer {
  public:
    std::string name() const override { return "one wrong sum"; }
    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        Answer answer = make_soft_observer()->running_sum(term, accumulator, terms);
        answer.codes[40000] ^= 1;
        return answer;
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }
};

TEST(Exercises, NameTheFirstWrongCode) {
    const Exercise& absorption = exercise(2);
    const Observation seen = ask(question(absorption, "fp16: the sum of n ones"), std::make_unique<OneWrongSum>());
    EXPECT_EQ(seen.verdict, Verdict::Mismatch);
    EXPECT_THAT(seen.text, HasSubstr(", result 40001 of 65536 is 6801, predicted 6800"));
}

/// A GPU as a later backend will be one: it answers whatever it is asked, here by the emulator and, for its matrix unit,
/// by the model of an A100. The wrong one loses the last bit of what is not 0.
class GpuDouble : public Observer {
  public:
    using Asked = std::map<std::string_view, int>;  ///< how often, by method
    explicit GpuDouble(Asked& asked, bool wrong = false) : asked_(asked), wrong_(wrong) {}
    std::string name() const override { return "gpu:test double"; }
    std::string_view gpu() const override { return "A100"; }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        return answer("convert", soft_->convert(from, to, codes));
    }
    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        return answer("arithmetic", soft_->arithmetic(operation, f, a, b));
    }
    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        return answer("running_sum", soft_->running_sum(term, accumulator, terms));
    }
    Answer blocked_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        return answer("blocked_sum", unit_->blocked_sum(term, accumulator, terms));
    }
    Answer sum(const Order& order, const Format& term, const Format& accumulator,
               std::span<const std::uint64_t> terms) const override {
        const Observer& adds = order.grouping == Grouping::MatrixUnit ? *unit_ : *soft_;
        return answer("sum", adds.sum(order, term, accumulator, terms));
    }
    Answer dot(const Format& input, const Format& accumulator, std::span<const std::uint64_t> a,
               std::span<const std::uint64_t> b, std::uint64_t c) const override {
        return answer("dot", unit_->dot(input, accumulator, a, b, c));
    }
    Answer quantise(const Quantiser& quantiser, const Format& f, std::uint64_t scale,
                    std::span<const std::uint64_t> codes) const override {
        return answer("quantise", soft_->quantise(quantiser, f, scale, codes));
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }

  private:
    Answer answer(std::string_view method, Answer right) const {
        ++asked_[method];
        for (std::uint64_t& code : right.codes) code -= wrong_ && code != 0 ? 1 : 0;
        return right;
    }

    std::unique_ptr<Observer> soft_ = make_soft_observer(), unit_ = make_unit_observer("A100");
    Asked& asked_;
    bool wrong_;
};

TEST(Exercises, TakeALaterBackendWithoutAChange) {
    GpuDouble::Asked asked;
    Observers right, wrong;
    right.push_back(std::make_unique<GpuDouble>(asked));
    wrong.push_back(std::make_unique<GpuDouble>(asked, true));
    for (const ExerciseEntry& entry : exercises()) {
        for (const Question& q : exercise(entry.number).questions) {
            const bool meant = q.gpus.empty() || std::find(q.gpus.begin(), q.gpus.end(), "A100") != q.gpus.end();
            const Observation seen = observe(q, right).at(0);
            EXPECT_EQ(seen.verdict, meant ? Verdict::Match : Verdict::NotAvailable) << q.text << ": " << seen.text;
        }
        const ExerciseReport report = run(exercise(entry.number), wrong);
        EXPECT_GT(report.count(Verdict::Mismatch), 0U);
        EXPECT_THAT(to_text(report, false), HasSubstr("  MISMATCH  by gpu:test double\n"));
    }
    for (const auto method : {"convert", "arithmetic", "running_sum", "blocked_sum", "sum", "dot", "quantise"})
        EXPECT_GT(asked[method], 0) << method;
}

TEST(Exercises, SayWhyNobodyCouldBeAsked) {
    Observers observers;
    observers.push_back(make_unit_observer("A100"));
    const ExerciseReport report = run(exercise(1), observers);
    EXPECT_EQ(report.count(Verdict::NotAvailable), report.asked.size());
    EXPECT_THAT(to_text(report, false), HasSubstr("n/a        unit:A100: a matrix unit neither converts nor adds"));
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
