// Claim: exercise 2 predicts what every order of summation returns for its hard sum, what a number absorbs, what a
// subtraction keeps and what stochastic rounding averages; an observer that adds in another order, with another rounding
// or accumulator, or in the blocks of another GPU is caught, and told what was expected.
// Oracle: sums computed by a program of its own with Python's fractions, and averages by hand, as literals; observers
// made wrong on purpose. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <halfulp/lib/exercise/absorption/parts.h>
#include <halfulp/lib/accumulate/sum.hpp>
#include <halfulp/lib/exercise/report.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/exercises.hpp"

namespace halfulp {
namespace {

using testing::HasSubstr;

constexpr int absorption_number = 2;

const Question& asked(std::string_view text) { return question(exercise(absorption_number), text); }

struct PeakSums {
    std::string_view order;
    std::vector<std::uint64_t> codes;  ///< fp16, bf16, fp32; of a matrix unit fp16, fp32
};

const std::vector<PeakSums> peak_sums = {
    {"sequential", {0x0000, 0x0000, 0x44800000}},          // 0, 0, 1024
    {"blocks of 32", {0x63c0, 0x0000, 0x44801f08}},        // 992, 0, 1024.9697265625
    {"8 lanes", {0x6302, 0x4460, 0x44801c00}},             // 897, 896, 1024.875
    {"pairwise", {0x6400, 0x4450, 0x44801ff0}},            // 1024, 832, 1024.998046875
    {"Kahan", {0x6400, 0x4480, 0x44802000}},               // 1024, 1024, 1025
    {"two-sum", {0x6401, 0x4380, 0x44802000}},             // 1025, 256, 1025
    {"tensor core, V100", {0x3c00, 0x44800000}},           // 1, 1024
    {"tensor core, T4, A100, Ada", {0x67f1, 0x44801ff8}},  // 2033, 1024.9990234375
    {"tensor core, H100, B200", {0x6401, 0x44801ff8}},     // 1025, 1024.9990234375
};

TEST(PeakSum, IsPredictedInEveryOrderAndAccumulator) {
    std::size_t questions = 0;
    for (const PeakSums& row : peak_sums) {
        const bool unit = row.codes.size() == 2;
        const std::vector<std::string> accumulators =
            unit ? std::vector<std::string>{"fp16", "fp32"} : std::vector<std::string>{"fp16", "bf16", "fp32"};
        for (std::size_t i = 0; i < row.codes.size(); ++i, ++questions) {
            const std::string text = "the peak sum in " + accumulators[i] + ": " + std::string(row.order);
            EXPECT_EQ(asked(text).codes, Codes{row.codes[i]}) << text;
        }
    }
    const auto& all = exercise(absorption_number).questions;
    EXPECT_EQ(std::count_if(all.begin(), all.end(), [](auto& q) { return q.text.find("the peak sum") == 0; }),
              static_cast<std::ptrdiff_t>(questions));
}

TEST(PeakSum, SaysHowFarFromTheTruthAndFromFp32) {
    const auto fact = [](std::string_view text) { return asked(text).facts.at(0).text; };
    EXPECT_EQ(fact("the peak sum in fp16: 8 lanes"),
              "-128 against the truth 1025 (-12.5 %), -127 against the fp32 result 1024 (-12.4 %)");
    EXPECT_EQ(fact("the peak sum in fp32: Kahan"),
              "none against the truth 1025, 1 against the fp32 result 1024 (0.0977 %)");
    EXPECT_EQ(fact("fp32: 16777216 + 1"),
              "-1 against the truth 16777217 (-5.96e-06 %), none against the fp32 result 16777216");
    for (const Question& q : exercise(absorption_number).questions) {
        const bool is_sum = q.text.find("sum") != std::string::npos && q.text.find("the error") == std::string::npos;
        if (!is_sum) continue;
        ASSERT_FALSE(q.facts.empty()) << q.text;
        EXPECT_EQ(q.facts[0].label, "error") << q.text;
    }
}

TEST(PeakSum, IsTabledInTheConclusion) {
    const std::string& conclusion = exercise(absorption_number).conclusion;
    EXPECT_THAT(conclusion, HasSubstr("The peak sum: 16384, 1024 times 1.0009765625, -16384; the truth is 1025."));
    EXPECT_THAT(conclusion,
                HasSubstr("\nblocks of 32                992 (-3.22 %)     0 (-100 %)        1024.9697265625"));
    EXPECT_THAT(conclusion,
                HasSubstr("\ntensor core, V100           1 (-99.9 %)       -                 1024 (-0.0976"));
}

TEST(Additions, AbsorbInWindowsThatDependOnParity) {
    EXPECT_EQ(asked("fp16: 2048 + 1").codes, Codes{0x6800});
    EXPECT_EQ(asked("fp16: 2050 + 1").codes, Codes{0x6802});  // 2052
    EXPECT_EQ(asked("fp32: 16777216 + 1").codes, Codes{0x4b800000});
    EXPECT_EQ(asked("fp16: 2048 + 1").facts.at(1).text, "1/2049 of the sum, u / (1 + u), is attained");
    EXPECT_EQ(asked("fp16: 2050 + 1").facts.at(1).text, "1/2049 of the sum, u / (1 + u), is not attained");
    // -1/2 to 1, and the numbers next to -1 and 1: so many codes up to 1/2, below 1, up to 1, and the two zeros.
    EXPECT_EQ(asked("fp16: the numbers y with 2048 + y").codes, (Codes{0xb800, 0x3c00, 0x3800 + 0x3c00 + 2}));
    EXPECT_EQ(asked("fp16: the numbers y with 2050 + y").codes, (Codes{0xbbff, 0x3bff, 2 * 0x3bff + 2}));
    EXPECT_THAT(asked("fp16: the numbers y with 2048 + y").claim, HasSubstr("-0.5 <= y <= 1"));
    EXPECT_THAT(asked("fp16: the numbers y with 2050 + y").claim, HasSubstr("-1 < y < 1"));
    const Codes& differences = asked("fp16: a - 2050").codes;
    EXPECT_EQ(differences.size(), 0x6c01U - 0x6401 + 1);  // 1025 to 4100
    EXPECT_EQ(differences.front(), 0xe401U);
    EXPECT_EQ(differences.back(), 0x6801U);
}

// From 2048 on fp16's numbers are 2 apart: a half has one bit, three eighths three. With fewer random bits the odds are
// those of the bits there are.
TEST(Stochastic, AveragesAreRightOnceTheRandomBitsCoverTheTail) {
    using truth::Rational;
    const Rational half = 2049, tail = Rational{2048} + Rational{3} / 4;
    EXPECT_EQ(stochastic_average(binary16, half, 1), half);
    EXPECT_EQ(stochastic_average(binary16, half, 2), half);
    EXPECT_EQ(stochastic_average(binary16, tail, 1), Rational{2048});
    EXPECT_EQ(stochastic_average(binary16, tail, 2), Rational{4097} / 2);
    EXPECT_EQ(stochastic_average(binary16, tail, 3), tail);
    EXPECT_EQ(stochastic_average(binary16, -tail, 2), Rational{-4097} / 2);  // too small in magnitude
    EXPECT_EQ(asked("fp16: 2048 + 1").facts.at(2).text,
              "the average over all draws is 2049 with 1 random bit: the truth, as the tail has 1 bit");
    const std::string& explained = exercise(absorption_number).explanation;
    EXPECT_THAT(explained, HasSubstr("2048 + 0.75 in fp16, 3/8 of a unit above 2048, averages 2048 with 1 random bit, "
                                     "2048.5 with 2, 2048.75 with 3: the tail has 3 bits."));
    EXPECT_THAT(explained, HasSubstr("24 - 11 = 13 random bits"));
}

// The last bit of an fp32 number whose result is normal, and of the largest number below all of these.
TEST(Stochastic, Fp32NeedsThirteenBitsForNormalFp16AndMoreForSubnormal) {
    for (const auto& [x, bits] : {std::pair{1 + truth::pow2(-23), 13}, {truth::pow2(-14) - truth::pow2(-38), 14}}) {
        EXPECT_EQ(stochastic_average(binary16, x, bits), x);
        EXPECT_LT(stochastic_average(binary16, x, bits - 1), x);
    }
}

/// Adds as a test tells it, and does nothing else.
class Adds : public Observer {
  public:
    using Sum = std::function<Codes(const Order&, const Format&, const Codes&)>;  ///< terms of the accumulator's format
    explicit Adds(Sum sum, std::string_view gpu = {}) : sum_(std::move(sum)), gpu_(gpu) {}
    std::string name() const override { return "adds"; }
    std::string_view gpu() const override { return gpu_; }
    Answer sum(const Order& order, const Format& term, const Format& accumulator,
               std::span<const std::uint64_t> terms) const override {
        Codes converted;
        for (const std::uint64_t code : terms) converted.push_back(convert_code(accumulator, term, code));
        return {sum_(order, accumulator, converted), {}};
    }

  protected:
    std::string cannot() const override { return "it only adds"; }

  private:
    static std::uint64_t convert_code(const Format& to, const Format& from, std::uint64_t code) {
        return halfulp::convert(to, from, code).code;
    }
    Sum sum_;
    std::string_view gpu_;
};

Observation seen(std::string_view text, const Adds::Sum& sum, std::string_view gpu = {}) {
    return ask(asked(text), std::make_unique<Adds>(sum, gpu));
}

TEST(WrongSums, InAnotherOrderAreCaught) {
    for (const Order& order : orders) {
        if (order.grouping == Grouping::MatrixUnit) continue;
        const auto in_this_order = [&](const Order&, const Format& f, const Codes& terms) {
            return Codes{sum(order, SoftAdder{f}, terms)};
        };
        for (const Order& other : orders) {
            if (other.grouping == Grouping::MatrixUnit) continue;
            // In fp32 all orders differ but Kahan and two-sum; in bf16 those two do.
            const bool both_exact =
                order.accumulation != Accumulation::Plain && other.accumulation != Accumulation::Plain;
            const std::string format = both_exact ? "bf16" : "fp32";
            const Observation o = seen("the peak sum in " + format + ": " + std::string(other.name), in_this_order);
            const bool same = order.name == other.name;
            EXPECT_EQ(o.verdict, same ? Verdict::Match : Verdict::Mismatch) << order.name << " for " << other.name;
        }
    }
}

/// Rounds all additions toward zero.
struct TruncatingAdder {
    Format format;
    std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return cut_off(Operation::Add, a, b); }
    std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return cut_off(Operation::Sub, a, b); }

  private:
    std::uint64_t cut_off(Operation operation, std::uint64_t a, std::uint64_t b) const {
        return round_pack(format, result_of(operation, format, {a, b, 0}), {.rounding = Rounding::TowardZero}).code;
    }
};

TEST(WrongSums, WithAnotherRoundingAreCaught) {
    const auto truncated = [](const Order& order, const Format& f, const Codes& terms) {
        return Codes{sum(order, TruncatingAdder{f}, terms)};
    };
    const Observation o = seen("the peak sum in fp16: pairwise", truncated);
    EXPECT_EQ(o.verdict, Verdict::Mismatch);
    EXPECT_EQ(o.text, "1072 (fp16 6430)");
}

TEST(WrongSums, InAWiderAccumulatorAreCaught) {
    const auto in_fp32 = [](const Order& order, const Format& f, const Codes& terms) {
        Codes wide;
        for (const std::uint64_t code : terms) wide.push_back(convert(binary32, f, code).code);
        return Codes{convert(f, binary32, sum(order, SoftAdder{binary32}, wide)).code};
    };
    const Observation o = seen("the peak sum in fp16: sequential", in_fp32);
    EXPECT_EQ(o.verdict, Verdict::Mismatch);
    EXPECT_EQ(o.text, "1024 (fp16 6400)");
}

TEST(WrongSums, OfAnotherGpuAreCaught) {
    const std::vector<std::string_view> generations = {"V100", "A100", "H100"};
    for (const auto& model : generations)
        for (const auto& claimed : generations) {
            const auto model_sum = [&](const Order& order, const Format& f, const Codes& terms) {
                return make_unit_observer(model)->sum(order, f, f, terms).codes;
            };
            const std::string text =
                "the peak sum in fp16: tensor core, " + std::string(claimed == "A100" ? "T4, A100, Ada" : claimed);
            EXPECT_EQ(seen(text, model_sum, claimed).verdict, model == claimed ? Verdict::Match : Verdict::Mismatch)
                << model << " as " << claimed;
        }
}

TEST(WrongSums, ThatAreNoneAreCaught) {
    const auto nothing = [](const Order&, const Format&, const Codes&) { return Codes{}; };
    EXPECT_EQ(seen("the peak sum in fp16: Kahan", nothing).text, "an answer of the wrong length: expected 1, found 0");
    EXPECT_EQ(seen("the peak sum in fp16: Kahan", nothing).verdict, Verdict::Mismatch);
}

/// Subtracts with one bit less than needed, or absorbs one number more.
class WrongArithmetic : public Observer {
  public:
    std::string name() const override { return "wrong arithmetic"; }
    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        Answer answer = make_soft_observer()->arithmetic(operation, f, a, b);
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (operation == Operation::Sub) answer.codes[i] &= ~std::uint64_t{1};
            if (operation == Operation::Add && b[i] == 0x3c01) answer.codes[i] = a[i];  // the fp16 number after 1
        }
        return answer;
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }
};

TEST(WrongAdditions, AreCaught) {
    const Observation window = ask(asked("fp16: the numbers y with 2048 + y"), std::make_unique<WrongArithmetic>());
    EXPECT_EQ(window.verdict, Verdict::Mismatch);
    EXPECT_EQ(window.text,
              "-0.5 (fp16 b800) to 1.0009765625 (fp16 3c01), 29699 codes, result 2 of 3 is 3c01, "
              "predicted 3c00");
    const Observation difference = ask(asked("fp16: a - 2050"), std::make_unique<WrongArithmetic>());
    EXPECT_EQ(difference.verdict, Verdict::Mismatch);
    EXPECT_THAT(difference.text, HasSubstr(", result 1 of 2049 is e400, predicted e401"));
}

}  // namespace
}  // namespace halfulp
