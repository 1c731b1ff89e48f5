// Claim: exercise 5's predictions are the published numbers, its windows and counts follow from rounding every gradient by
// the definition, and an observer that rounds, flushes or scales otherwise is caught by every kind of question.
// Oracle: numbers of the literature as literals (Micikevicius et al. 2017; Higham 2002), truth::round on single codes, and
// observers made wrong on purpose.
// Shared: the counts' oracle shares truth::round with the exercise's round trips, which observers confirm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>

#include <halfulp/lib/exercise/loss_scaling/digits.h>
#include <halfulp/lib/exercise/loss_scaling/digits_gradients.h>
#include <halfulp/lib/exercise/loss_scaling/vector_error.h>
#include <halfulp/lib/exercise/loss_scaling/window_question.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/exercise/report.hpp>
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

const Exercise& exercise() { return halfulp::exercise(5); }
const Question& question(std::string_view text) { return halfulp::question(exercise(), text); }

TEST(LossScaling, PredictsThePublishedNumbers) {
    const std::vector<std::pair<std::string_view, Codes>> expected = {
        {"fp16: the gradient 2^-25,", {0x0000, 0x0000, 0x0001, 0x8000}},
        {"fp16: the gradient 2047 * 2^-25,", {0x03ff, 0x0400, 0x0400, 0x8400}},
        {"fp16: the gradient 65520,", {0x7bff, 0x7c00, 0x7c00, 0xfc00}},
        {"bf16: the gradient 2^-134,", {0x0000, 0x0000, 0x0001, 0x8000}},
        {"bf16: the gradient 255 * 2^-134,", {0x007f, 0x0080, 0x0080, 0x8080}},
        {"bf16: the gradient 511 * 2^119,", {0x7f7f, 0x7f80, 0x7f80, 0xff80}},
        {"fp16: 2^-27 times 1,", {0x0000, 0x00000000}},
        {"fp16: 2^-27 times 1024,", {0x0080, 0x32000000}},
        {"fp16: 1.0009765625 times 1024,", {0x6401, 0x3f802000}},
        {"fp16: 1.0009765625 times 1000,", {0x63d2, 0x3f8020c5}},  // 1001, not 1000.9765625
        {"fp16: 2^-27, stored times 2^10", {0x0080, 0x0000}},
        {"fp16: 1025 * 2^-30, stored times 2^10", {0x1401, 0x0010}},
    };
    for (const auto& [text, codes] : expected) EXPECT_EQ(question(text).codes, codes) << text;
    EXPECT_THAT(fact(question("fp16: 1.0009765625 times 1000,"), "exact"),
                HasSubstr("the product is 1000.9765625, stored is 1001"));
    EXPECT_EQ(fact(question("fp16: 2^e"), "error"),
              "relative to the gradient: 1/2049, 1/1025, 1/513, 1/257, 1/129, 1/65, 1/33, 1/17, 1/9, 1/5, 1/3");
    EXPECT_EQ(fact(question("bf16: 2^e"), "error"),
              "relative to the gradient: 1/257, 1/129, 1/65, 1/33, 1/17, 1/9, 1/5, 1/3");
}

TEST(LossScaling, NamesNegativeInfinityAndZero) {
    EXPECT_EQ(question("fp16: the gradient 2^-25,").predicted,
              "0 (fp16 0000), 0 (fp16 0000), 2^-24 (fp16 0001), -0 (fp16 8000)");
    EXPECT_EQ(question("fp16: the gradient 65520,").predicted,
              "65504 (fp16 7bff), infinity (fp16 7c00), infinity (fp16 7c00), -infinity (fp16 fc00)");
    EXPECT_THAT(question("bf16: the gradient 511 * 2^119,").predicted, HasSubstr(", -infinity (bf16 ff80)"));
}

TEST(LossScaling, ExplainsByThePublishedNumbers) {
    for (const auto* number : {"2^-25", "2^-24", "2^-134", "65504", "65520", "1073217536", "2^-28", "2^-39", "2^125",
                               "k = 14 - floor(log2 largest)", "1/2049", "log2(N)", "19.1 %"})
        EXPECT_THAT(exercise().explanation, HasSubstr(number));
    EXPECT_THAT(exercise().conclusion, HasSubstr("the factor is 2^17: 2^16 to 2^18 keep all"));
    // As a program in another language finds them in the table.
    EXPECT_THAT(exercise().conclusion, HasSubstr("err by 0.0001614 with the factor and by 0.0001596 without"));
    EXPECT_THAT(exercise().conclusion, HasSubstr("0.0001612 is, in both,"));
    EXPECT_THAT(exercise().conclusion, HasSubstr("6.1e-07 with it and 2.7e-06 without"));
}

TEST(LossScaling, SoftMatchesEveryQuestion) {
    Observers observers;
    observers.push_back(make_soft_observer());
    const ExerciseReport report = run(exercise(), observers);
    EXPECT_EQ(report.count(Verdict::Match), report.asked.size()) << to_text(report, false);
}

/// What becomes of one gradient, by rounding it.
Fates fate(const Format& f, const Rational& scaled) {
    const std::uint64_t code = truth::round(f, scaled).code;
    const auto number = truth::value(f, code);
    if (!number) return {.overflowed = 1};
    if (*number == 0) return {.flushed = 1};
    return {.subnormal = *number < pow2(1 - f.bias) ? 1U : 0U};
}

/// Magnitudes of fp32 whose exponents lie so that fp16's borders are met with factors of 2^0 to 2^40, many on and beside
/// those borders.
Rational arbitrary_magnitude() {
    const Borders b = borders(binary16);
    const auto significand = *rc::gen::inRange(0, 1 << 23);
    const auto exponent = *rc::gen::inRange(-70, 17);
    const auto border = *rc::gen::inRange(0, 6);
    if (border == 0) return b.flush * pow2(-*rc::gen::inRange(0, 41));
    if (border == 1) return b.normal * pow2(-*rc::gen::inRange(0, 41));
    if (border == 2) return b.overflow * pow2(-*rc::gen::inRange(0, 41));
    return (1 + significand * pow2(-23)) * pow2(exponent);
}

RC_GTEST_PROP(LossScalingWindow, IsWhatRoundingSays, ()) {
    const Rational a = arbitrary_magnitude(), b = arbitrary_magnitude();
    const Rational smallest = std::min(a, b), largest = std::max(a, b);
    const auto flushed = [&](int k) { return fate(binary16, smallest * pow2(k)).flushed > 0; };
    const auto normal = [&](int k) { return !flushed(k) && fate(binary16, smallest * pow2(k)).subnormal == 0; };
    const auto overflowed = [&](int k) { return fate(binary16, largest * pow2(k)).overflowed > 0; };
    const Window all = keeping_all(binary16, smallest, largest);
    RC_ASSERT(flushed(all.first - 1) && !flushed(all.first));
    RC_ASSERT(!overflowed(all.last) && overflowed(all.last + 1));
    const Window all_normal = keeping_all_normal(binary16, smallest, largest);
    RC_ASSERT(!normal(all_normal.first - 1) && normal(all_normal.first));
    RC_ASSERT(all_normal.last == all.last);
}

RC_GTEST_PROP(LossScalingFates, AreWhatRoundingSays, ()) {
    std::vector<Rational> ascending(8);
    for (Rational& x : ascending) x = arbitrary_magnitude();
    std::sort(ascending.begin(), ascending.end());
    const Rational factor = pow2(*rc::gen::inRange(0, 41));
    Fates expected;
    for (const Rational& x : ascending) {
        const Fates one = fate(binary16, x * factor);
        expected.flushed += one.flushed;
        expected.subnormal += one.subnormal;
        expected.overflowed += one.overflowed;
    }
    const Fates predicted = predict_fates(binary16, ascending, factor);
    RC_ASSERT(predicted.flushed == expected.flushed);
    RC_ASSERT(predicted.subnormal == expected.subnormal);
    RC_ASSERT(predicted.overflowed == expected.overflowed);
}

RC_GTEST_PROP(LossScalingFactor, PutsTheLargestBelowTheTop, ()) {
    const Rational largest = arbitrary_magnitude();
    const Rational scaled = largest * pow2(factor_exponent(binary16, largest));
    RC_ASSERT(scaled >= 16384 && scaled < 32768);
}

// Unscaling multiplies by a factor's inverse as fp32 has it: the CPU's products are the oracle.
TEST(LossScalingRoundTrip, UnscalesByTheRoundedInverse) {
    Codes gradients;
    for (std::uint64_t i = 0; i < 256; ++i) gradients.push_back(0x3f800000 + (i << 15));
    const RoundTrip trip = predict_round_trip(binary16, gradients, 1000);
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        const auto stored = static_cast<float>(truth::value(binary16, trip.stored[i]).value());
        EXPECT_EQ(trip.back[i], std::bit_cast<std::uint32_t>(stored * (1.0F / 1000.0F))) << i;
    }
}

TEST(LossScalingRoundTrip, KeepsTheSignOfZeroAndInfinity) {
    const Codes gradients = {0xb2000000, 0x80000000, 0x47800000, 0xc7800000};  // -2^-27, -0, 65536, -65536
    const Codes expected = {0x8000, 0x8000, 0x7c00, 0xfc00, 0x80000000, 0x80000000, 0x7f800000, 0xff800000};
    EXPECT_EQ(joined(predict_round_trip(binary16, gradients, 1)), expected);
    EXPECT_EQ(observe_round_trip(*make_soft_observer(), binary16, gradients, 1).codes, expected);
}

// Observers made wrong on purpose.

enum class Wrong { Truncates, RoundsAway, RoundsTiesAway, FlushesSubnormals, Saturates, ScalesTwice, LosesATerm };

/// What the emulator does, with one thing wrong.
class WrongObserver : public Observer {
  public:
    explicit WrongObserver(Wrong wrong) : wrong_(wrong) {
        if (wrong == Wrong::Truncates) env_.rounding = Rounding::TowardZero;
        if (wrong == Wrong::RoundsAway) env_.rounding = Rounding::AwayFromZero;
        if (wrong == Wrong::RoundsTiesAway) env_.rounding = Rounding::NearestAway;
        if (wrong == Wrong::Saturates) env_.overflow = Overflow::Saturate;
    }
    std::string name() const override { return "wrong"; }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        Answer answer;
        for (const auto code : codes) answer.codes.push_back(flushed(to, halfulp::convert(to, from, code, env_).code));
        return answer;
    }
    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        Answer answer;
        for (std::size_t i = 0; i < a.size(); ++i) {
            const Sticky exact = result_of(operation, f, {a[i], b[i], 0});
            answer.codes.push_back(flushed(f, round_pack(f, exact, env_).code));
        }
        if (wrong_ == Wrong::ScalesTwice)
            for (auto& code : answer.codes)
                if ((code & f.magnitude_mask()) != 0) code += std::uint64_t{1} << f.fraction_bits();
        return answer;
    }
    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        Answer answer;
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < terms.size(); ++i) {
            const Sticky exact = add(decode(accumulator, sum), decode(term, terms[i]));
            const bool lost = wrong_ == Wrong::LosesATerm && i + 1 == terms.size();
            if (!lost) sum = flushed(accumulator, round_pack(accumulator, exact, env_).code);
            answer.codes.push_back(sum);
        }
        return answer;
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }

  private:
    std::uint64_t flushed(const Format& f, std::uint64_t code) const {
        const bool subnormal = (code & f.inf_code()) == 0;
        return wrong_ == Wrong::FlushesSubnormals && f != binary32 && subnormal ? code & f.sign_bit() : code;
    }

    Wrong wrong_;
    Env env_ = {};
};

struct Caught {
    std::string_view question;
    Wrong wrong;
    std::string_view message;
};

constexpr std::array caught = {
    Caught{"fp16: the gradient 2^-25,", Wrong::Truncates, "result 3 of 4 is 0, predicted 1"},
    Caught{"fp16: the gradient 2^-25,", Wrong::RoundsTiesAway, "result 2 of 4 is 1, predicted 0"},
    Caught{"fp16: the gradient 2^-25,", Wrong::FlushesSubnormals, "result 3 of 4 is 0, predicted 1"},
    Caught{"fp16: the gradient 2047 * 2^-25,", Wrong::Truncates, "result 2 of 4 is 3ff, predicted 400"},
    Caught{"fp16: the gradient 2047 * 2^-25,", Wrong::FlushesSubnormals, "result 1 of 4 is 0, predicted 3ff"},
    Caught{"fp16: the gradient 65520,", Wrong::Truncates, "result 2 of 4 is 7bff, predicted 7c00"},
    Caught{"fp16: the gradient 65520,", Wrong::Saturates, "result 2 of 4 is 7bff, predicted 7c00"},
    Caught{"bf16: the gradient 2^-134,", Wrong::RoundsTiesAway, "result 2 of 4 is 1, predicted 0"},
    Caught{"fp16: 2^e + 2^-25", Wrong::RoundsTiesAway, "result 1 of 11 is 401, predicted 400"},
    Caught{"fp16: 2^e + 2^-25", Wrong::FlushesSubnormals, "result 2 of 11 is 0, predicted 200"},
    Caught{"bf16: 2^e + 2^-134", Wrong::RoundsTiesAway, "result 1 of 8 is 81, predicted 80"},
    Caught{"fp16: 2^-27 times 1,", Wrong::RoundsAway, "2^-24 stored, 2^-24 back, result 1 of 2 is 1, predicted 0"},
    Caught{"fp16: 2^-27 times 1024", Wrong::FlushesSubnormals, "result 1 of 2 is 0, predicted 80"},
    Caught{"fp16: 2^-27 times 1024", Wrong::ScalesTwice, "result 1 of 2 is 100, predicted 80"},
    Caught{"fp16: 7 significands", Wrong::Truncates, "result 4 of 203 is 400, predicted 401"},
    Caught{"fp16: 7 significands", Wrong::RoundsTiesAway, "result 3 of 203 is 401, predicted 400"},
    Caught{"fp16: 1.0009765625 times 1024", Wrong::ScalesTwice, "result 1 of 2 is 6801, predicted 6401"},
    Caught{"fp16: 1.0009765625 times 1000", Wrong::Truncates, "result 1 of 2 is 63d1, predicted 63d2"},
    Caught{"fp16: 1025 * 2^-30, stored times 2^10", Wrong::FlushesSubnormals, "result 2 of 2 is 0, predicted 10"},
    Caught{"fp16: 2^-27, stored times 2^10", Wrong::RoundsAway, "result 2 of 2 is 1, predicted 0"},
    Caught{"two gradients that 2^20 puts inside", Wrong::Truncates, "result 61 of 123 is 1, predicted 0"},
    Caught{"two gradients that 2^20 puts on the borders", Wrong::RoundsTiesAway, "result 61 of 123 is 0, predicted 1"},
    Caught{"two gradients that 2^20 puts on the border of flush and on 2^15, times 2^0", Wrong::Saturates,
           "result 66 of 123 is 0, predicted 1"},
    Caught{"two gradients that 2^20 puts on the border of flush and on 2^15, times 3", Wrong::Truncates,
           "result 1 of 2 is 0, predicted 1"},
    Caught{"two gradients that 2^20 puts on the border of normal", Wrong::FlushesSubnormals,
           "result 31 of 123 is 1, predicted 0"},
    Caught{"two gradients that 2^20 puts below", Wrong::FlushesSubnormals, "result 31 of 123 is 1, predicted 0"},
    Caught{"fp16: the sum over a batch of 32 gradients 3 * 2^-8, each times 2^21", Wrong::Saturates,
           "result 3 of 32 is 7bff, predicted 7c00"},
    Caught{"fp16: the sum over a batch of 32 gradients 3 * 2^-8, each times 2^21", Wrong::Truncates,
           "result 3 of 32 is 7bff, predicted 7c00"},
    Caught{"fp16: the sum over a batch of 32 gradients 3 * 2^-8, each times 2^16", Wrong::LosesATerm,
           "result 32 of 32 is 75d0, predicted 7600"},
    Caught{"digits, logits, times", Wrong::Truncates, "result 1 of 123 is 47, predicted 3d"},
    Caught{"digits, parameters, times", Wrong::FlushesSubnormals, "result 1 of 123 is 17, predicted 0"},
    Caught{"digits, logits: stored as fp16,", Wrong::Truncates, "result 1 of 640 is 8266, predicted 8267"},
    Caught{"digits, logits: stored as fp16 times", Wrong::FlushesSubnormals, "result 2 of 640 is 0, predicted 2"},
    Caught{"digits, logits: stored as bf16", Wrong::Truncates, "result 1 of 640 is b819, predicted b81a"},
    Caught{"digits, biases: the logits'", Wrong::Truncates, "result 1 of 10 is 3ab135db, predicted 3ab135e0"},
    Caught{"digits, biases: the same sums of gradients stored as fp16", Wrong::Truncates,
           "result 1 of 10 is 3ab10e00, predicted 3ab13800"},
};

TEST(LossScaling, CatchesWrongObserversAndSaysWhere) {
    for (const Caught& row : caught) {
        Observers observers;
        observers.push_back(std::make_unique<WrongObserver>(row.wrong));
        const auto seen = observe(question(row.question), observers);
        EXPECT_EQ(seen.at(0).verdict, Verdict::Mismatch) << row.question;
        EXPECT_THAT(seen.at(0).text, HasSubstr(std::string(row.message))) << row.question;
    }
}

TEST(LossScaling, HasNoQuestionThatAllWrongObserversPass) {
    Observers observers;
    for (const Wrong wrong : {Wrong::Truncates, Wrong::RoundsAway, Wrong::RoundsTiesAway, Wrong::FlushesSubnormals,
                              Wrong::Saturates, Wrong::ScalesTwice, Wrong::LosesATerm})
        observers.push_back(std::make_unique<WrongObserver>(wrong));
    for (const AskedQuestion& asked : run(exercise(), observers).asked)
        EXPECT_EQ(verdict(asked.observations), Verdict::Mismatch) << asked.question.text;
}

TEST(LossScaling, ChecksItsClaims) {
    EXPECT_EQ(checked_claim(true, "so"), "so");
    EXPECT_THROW(checked_claim(false, "so"), std::logic_error);
}

TEST(LossScaling, NamesTheFirstWrongPrediction) {
    Question wrong = question("digits, logits and parameters, times");
    wrong.codes[48] += 1;  // three numbers for each of 2^0 to 2^15: one more flushed by 2^16
    Observers observers;
    observers.push_back(make_soft_observer());
    const auto seen = observe(wrong, observers);
    EXPECT_EQ(seen[0].verdict, Verdict::Mismatch);
    EXPECT_THAT(seen[0].text, HasSubstr(", result 49 of 123 is 0, predicted 1"));
}

}  // namespace
}  // namespace halfulp
