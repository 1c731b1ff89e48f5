// Claim: exercise 4 predicts the published numbers; every observer's codes are the definition's; a quantiser that does
// anything else is caught.
// Oracle: numbers of the literature as literals, codes by hand, truth::round by its search among codes, and observers
// made wrong on purpose. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/exercise/report.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/exercises.hpp"
#include "support/operands.hpp"

namespace halfulp {
namespace {

using test::SplitMix;
using testing::AllOf;
using testing::HasSubstr;
using truth::pow2;
using truth::Rational;

const Exercise& the_exercise() { return exercise(4); }

const Question& question(std::string_view text) { return question(the_exercise(), text); }

std::uint64_t bits(std::int64_t code) { return static_cast<std::uint64_t>(code); }

TEST(Quantisation, PredictsThePublishedNumbers) {
    EXPECT_THAT(fact(question("symmetric, 8 bits: the integers from -1905"), "model"), HasSubstr("64516 = 48.0967 dB"));
    EXPECT_THAT(fact(question("symmetric, 8 bits: the integers from -1905"), "exact"), HasSubstr("224/225 * s^2/12"));
    EXPECT_THAT(fact(question("symmetric, 8 bits: the integers from -2032"), "exact"), HasSubstr("129/128 * s^2/12"));
    EXPECT_THAT(fact(question("symmetric, 8 bits: the integers from -2032"), "bias"),
                HasSubstr("mean error 0 s; 1/32 s for floor"));
    EXPECT_THAT(fact(question("symmetric, 8 bits: the integers from -1905"), "variance"),
                HasSubstr(": 224/225 * s^2/12; 224/225 * s^2/12 with"));
    EXPECT_THAT(fact(question("symmetric, 8 bits: the integers from -2032"), "variance"),
                HasSubstr(": 129/128 * s^2/12; 255/256 * s^2/12 with"));
    EXPECT_THAT(fact(question("mid-rise, 2 to 16 bits"), "model"),
                AllOf(HasSubstr("6.0206 b + 1.7609"), HasSubstr("49.9257 dB at 8 bits")));
    const Question& amplitudes = question("symmetric, 8 bits: sines of amplitude 127 s");
    EXPECT_THAT(fact(amplitudes, "127 s"), AllOf(HasSubstr("model 49.8576"), HasSubstr("exact 49.9500 dB")));
    EXPECT_THAT(fact(amplitudes, "127.5 s"), HasSubstr("ever more points 49.7528"));
    const Question& small = question("symmetric, 8 bits: sines of amplitude 16 s");
    EXPECT_THAT(fact(small, "0.25 s"), AllOf(HasSubstr("model -4.2597"), HasSubstr("exact 0.0000 dB")));
    EXPECT_THAT(question("symmetric, 8 bits: the signal k s").predicted, HasSubstr("infinite"));
    EXPECT_THAT(fact(question("symmetric, 8 bits: the three"), "error"), HasSubstr("(1/2 + 191 * 2^-24) s"));
    EXPECT_THAT(fact(question("symmetric, 8 bits: the three"), "real"), HasSubstr("; 0 if s were 2^-7"));
    EXPECT_THAT(fact(question("mid-rise, 8 bits"), "error"), HasSubstr("from -128 s to 128 s"));
    EXPECT_THAT(fact(question("two's complement, 8 bits"), "error"), HasSubstr("from -128.5 s to 127.5 s"));
    EXPECT_THAT(fact(question("symmetric, 8 bits: the codes"), "error"), HasSubstr("from -127.5 s to 127.5 s"));
    EXPECT_THAT(the_exercise().explanation, AllOf(HasSubstr("255^2 = 65025, 48.1308 dB"), HasSubstr("3.92 standard"),
                                                  HasSubstr("from 0.50 s on it is within 1 %"),
                                                  HasSubstr("49.92 dB at 8 bits"), HasSubstr("40.54 dB")));
    EXPECT_THAT(the_exercise().conclusion, HasSubstr("\n8     49.926  "));
}

// Codes that follow from the definition by hand.
TEST(Quantisation, PredictsTheCodes) {
    const auto expect_steps = [](std::string_view text, int first, int last) {
        const Codes& codes = question(text).codes;
        EXPECT_EQ(codes.size(), 1041U) << text;
        EXPECT_EQ(codes.front(), bits(first)) << text;
        EXPECT_EQ(codes.back(), bits(last)) << text;
        const auto zero = codes.begin() + static_cast<std::ptrdiff_t>(codes.size() / 2);
        return Codes(zero, zero + 11);  // from 0 to 2.5 s
    };
    EXPECT_EQ(expect_steps("mid-rise, 8 bits", -128, 127), (Codes{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2}));
    EXPECT_EQ(expect_steps("two's complement, 8 bits", -128, 127), (Codes{0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2}));
    EXPECT_EQ(expect_steps("symmetric, 8 bits", -127, 127), (Codes{0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2}));
}

TEST(Quantisation, EveryQuestionNamesItsTruth) {
    for (const Question& q : the_exercise().questions) {
        const bool sine = q.text.find("sine") != std::string::npos;
        EXPECT_THAT(fact(q, "truth"), HasSubstr(sine ? "against the sine itself" : "the fp32 numbers are")) << q.text;
    }
}

TEST(Quantisation, EveryObserverMatches) {
    Observers observers;
    observers.push_back(make_soft_observer());
    observers.push_back(make_cpu_observer());
    const ExerciseReport report = run(the_exercise(), observers);
    EXPECT_EQ(report.count(Verdict::Match), report.asked.size()) << to_text(report, false);
}

/// Codes of numbers that lie on, next to and far from thresholds, and scales of both kinds.
Codes numbers(const Format& f, std::uint64_t scale, SplitMix& random) {
    Codes codes;
    for (int i = 0; i < 300; ++i) {
        const Rational near = Rational{static_cast<std::int64_t>(random() % 600)} / 2 * value_of(f, scale);
        const std::uint64_t code = truth::round(f, near).code + random() % 3;
        codes.push_back((random() % 4 == 0 ? random() % f.inf_code() : std::min(code, f.max_code())) |
                        (random() % 2 == 0 ? 0 : f.sign_bit()));
    }
    return codes;
}

/// The definition in Observer, with the search of truth::round.
std::uint64_t defined(const Quantiser& q, const Format& f, std::uint64_t scale, std::uint64_t code) {
    const std::uint64_t quotient = truth::round(f, value_of(f, code) / value_of(f, scale)).code;
    const bool negative = (quotient & f.sign_bit()) != 0;
    if ((quotient & f.magnitude_mask()) == f.inf_code()) return bits(negative ? q.least() : q.greatest());
    const truth::Integer integer = truth::round_to_integer(value_of(f, quotient), q.rounding);
    return bits(integer < q.least()      ? q.least()
                : integer > q.greatest() ? q.greatest()
                                         : static_cast<std::int64_t>(integer));
}

TEST(Quantisation, SoftAndCpuAnswerTheDefinition) {
    const auto soft = make_soft_observer(), cpu = make_cpu_observer();
    SplitMix random{44};
    for (const Format& f : {binary32, binary16, bfloat16}) {
        for (const Quantiser& quantiser : quantisers) {
            const Quantiser q = quantiser.with_bits(static_cast<int>(2 + random() % 15));
            const std::uint64_t power = code_of(f, pow2(static_cast<int>(random() % 20) - 10));
            for (const std::uint64_t scale : {power, power + random() % 60}) {
                const Codes codes = numbers(f, scale, random);
                Codes expected;
                for (const std::uint64_t code : codes) expected.push_back(defined(q, f, scale, code));
                EXPECT_EQ(soft->quantise(q, f, scale, codes).codes, expected) << short_name(f) << ' ' << q.name;
                const Answer answer = cpu->quantise(q, f, scale, codes);
                EXPECT_TRUE(!answer.unavailable.empty() || answer.codes == expected) << short_name(f) << ' ' << q.name;
            }
        }
    }
}

TEST(Quantisation, SaysWhatCannotBeAsked) {
    const std::uint64_t one = code_of(binary32, 1);
    EXPECT_THAT(make_unit_observer("A100")->quantise(symmetric, binary32, one, {}).unavailable,
                HasSubstr("a matrix unit neither converts"));
    EXPECT_THAT(make_cpu_observer()->quantise(symmetric, e5m2, 0x3c, {}).unavailable, HasSubstr("this CPU"));
    Quantiser away = symmetric;
    away.rounding = Rounding::NearestAway;
    EXPECT_THAT(make_cpu_observer()->quantise(away, binary32, one, {}).unavailable, HasSubstr("this CPU"));
}

/// The emulator's quantiser, with one thing wrong.
struct Fault {
    std::string name;
    Env division = {};
    bool reciprocal = false;    ///< x * (1 / s)
    bool one_rounding = false;  ///< of the real quotient, straight to an integer
    Rounding nearest = Rounding::NearestEven;
    Rounding down = Rounding::Down;
    bool always_lowest_code = false;
    bool clamps = true;
};

class WrongQuantiser : public Observer {
  public:
    explicit WrongQuantiser(Fault fault) : fault_(std::move(fault)) {}
    std::string name() const override { return fault_.name; }

    Answer quantise(const Quantiser& q, const Format& f, std::uint64_t scale,
                    std::span<const std::uint64_t> codes) const override {
        const Rounding rounding = q.rounding == Rounding::Down ? fault_.down : fault_.nearest;
        const std::int64_t least = fault_.always_lowest_code ? -q.greatest() - 1 : q.least();
        Answer answer;
        for (const std::uint64_t code : codes) {
            const std::int64_t k = to_integer<std::int64_t>(quotient(f, code, scale), {.rounding = rounding}).value;
            answer.codes.push_back(bits(fault_.clamps ? std::clamp(k, least, q.greatest()) : k));
        }
        return answer;
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }

  private:
    Sticky quotient(const Format& f, std::uint64_t code, std::uint64_t scale) const {
        const Exact x = decode(f, code), s = decode(f, scale);
        if (fault_.one_rounding) return div(x, s);
        if (!fault_.reciprocal) return decode(f, round_pack(f, div(x, s), fault_.division).code);
        const std::uint64_t inverse = round_pack(f, div(exact(1), s)).code;
        return decode(f, round_pack(f, mul(x, decode(f, inverse))).code);
    }

    Fault fault_;
};

TEST(Quantisation, CatchesWrongObservers) {
    struct Case {
        Fault fault;
        std::string_view question;
        std::string_view message;
    };
    const std::vector<Case> cases = {
        {{.name = "nothing wrong"}, "symmetric, 8 bits: the three", "all 762 results"},
        {{.name = "ties away", .nearest = Rounding::NearestAway},
         "two's complement, 8 bits",
         "result 15 of 1041 is ffffffffffffff81, predicted ffffffffffffff82"},
        // errors of 0 to 14/15 of a step: 10 log10((127^2/3 + 1/1350) / (14 * 15 * 29 / 6 / 15^3)) = 42.523
        {{.name = "truncation", .nearest = Rounding::TowardZero},
         "symmetric, 8 bits: the integers from -1905",
         "SQNR 42.5229 dB, result 2 of 3810 is ffffffffffffff82, predicted ffffffffffffff81"},
        {{.name = "mid-rise truncated", .down = Rounding::TowardZero}, "mid-rise, 8 bits", "predicted"},
        {{.name = "-128 too", .always_lowest_code = true},
         "symmetric, 8 bits: the codes",
         "codes -128 to 127, 256 different ones, result 1 of 1041 is ffffffffffffff80, predicted ffffffffffffff81"},
        {{.name = "unclamped", .clamps = false}, "two's complement, 8 bits", "codes -130 to 130"},
        {{.name = "times the reciprocal", .reciprocal = true}, "symmetric, 8 bits: the three", "predicted"},
        {{.name = "one rounding", .one_rounding = true}, "symmetric, 8 bits: the three", "predicted"},
        {{.name = "division truncated", .division = {.rounding = Rounding::TowardZero}},
         "symmetric, 8 bits: the three",
         "predicted"},
    };
    for (const Case& c : cases) {
        const Observation seen = ask(question(c.question), std::make_unique<WrongQuantiser>(c.fault));
        const bool right = c.fault.name == "nothing wrong";
        EXPECT_EQ(seen.verdict, right ? Verdict::Match : Verdict::Mismatch) << c.fault.name;
        EXPECT_THAT(seen.text, HasSubstr(std::string(c.message))) << c.fault.name;
    }
}

/// Answers with so many codes, all the same.
class ConstantQuantiser : public Observer {
  public:
    ConstantQuantiser(std::uint64_t code, std::size_t count) : code_(code), count_(count) {}
    std::string name() const override { return "constant"; }
    Answer quantise(const Quantiser&, const Format&, std::uint64_t, std::span<const std::uint64_t>) const override {
        return {Codes(count_, code_), {}};
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }

  private:
    std::uint64_t code_;
    std::size_t count_;
};

TEST(Quantisation, SurvivesAnyAnswer) {
    for (const std::uint64_t code : {std::uint64_t{0}, bits(-1), bits(INT64_MIN), bits(INT64_MAX)}) {
        for (const std::size_t count : {0U, 1U, 1021U, 30000U}) {
            Observers observers;
            observers.push_back(std::make_unique<ConstantQuantiser>(code, count));
            const ExerciseReport report = run(the_exercise(), observers);
            EXPECT_EQ(report.count(Verdict::Mismatch), report.asked.size());
        }
    }
}

}  // namespace
}  // namespace halfulp
