#include <halfulp/lib/exercise/absorption.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

constexpr std::size_t longest_sum = 65536;

/// What is published of a generation's matrix unit (arXiv:2511.10909, table 4), and the GPUs that share it.
struct UnitFacts {
    std::size_t block;  ///< products that are summed exactly before they are rounded
    int fraction_bits;  ///< bits kept below the largest term of a block
    std::vector<std::string_view> gpus;
};

const std::array units = {UnitFacts{4, 23, {"V100"}}, UnitFacts{8, 24, {"T4", "A100", "Ada"}},
                          UnitFacts{16, 25, {"H100", "B200"}}};

std::string list(const std::vector<std::string_view>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

Question sum_question(const Format& f, int a, int b, std::string claim) {
    const std::uint64_t code = truth::round(f, Rational{a + b}).code;
    return {.text = fmt::format("{}: {} + {}", short_name(f), a, b),
            .claim = std::move(claim),
            .predicted = describe(f, code),
            .codes = {code},
            .observe =
                [=](const Observer& observer) {
                    const std::uint64_t x = code_of(f, a), y = code_of(f, b);
                    return observer.arithmetic(Operation::Add, f, std::span(&x, 1), std::span(&y, 1));
                },
            .show = show_last(f)};
}

/// The sum of n ones of format `term` in an accumulator, for every n to longest_sum.
Answer sums_of_ones(const Observer& observer, const Format& term, const Format& accumulator) {
    return observer.running_sum(term, accumulator, Codes(longest_sum, code_of(term, 1)));
}

/// The same by the matrix unit of an observer.
Answer blocked_sums_of_ones(const Observer& observer, const Format& term, const Format& accumulator) {
    return observer.blocked_sum(term, accumulator, Codes(longest_sum, code_of(term, 1)));
}

/// The codes of min(n, limit) for every n to longest_sum.
Codes sums_up_to(const Format& accumulator, std::uint64_t limit) {
    Codes codes;
    for (std::uint64_t n = 1; n <= longest_sum; ++n)
        codes.push_back(n <= limit ? code_of(accumulator, n) : codes.back());
    return codes;
}

std::string for_every_n() { return fmt::format("for every n to {}", longest_sum); }

Question sticking_question(const Format& f) {
    const int limit = 1 << f.precision;
    return {.text = fmt::format("{}: the sum of n ones, one after another, {}", short_name(f), for_every_n()),
            .claim = fmt::format(
                "min(n, {0}): from {0} = 2^{1} on, numbers are 2 apart, and {0} + 1 is a tie that goes back "
                "to {0}",
                limit, f.precision),
            .predicted = describe(f, code_of(f, limit)),
            .codes = sums_up_to(f, static_cast<std::uint64_t>(limit)),
            .observe = [f](const Observer& observer) { return sums_of_ones(observer, f, f); },
            .show = show_last(f)};
}

Question error_question(const Format& f) {
    const std::uint64_t lost = longest_sum - (std::uint64_t{1} << f.precision);
    const auto show = [](std::uint64_t n) {
        return fmt::format("{} of {} = {} %", n, longest_sum, 100.0 * static_cast<double>(n) / longest_sum);
    };
    return {.text = fmt::format("{}: the error of the sum of {} ones", short_name(f), longest_sum),
            .claim = fmt::format("exactly n - 2^{}: everything after the first 2^{} ones", f.precision, f.precision),
            .predicted = show(lost),
            .codes = {lost},
            .observe =
                [f](const Observer& observer) {
                    Answer answer = sums_of_ones(observer, f, f);
                    if (!answer.unavailable.empty()) return answer;
                    const auto sum = truth::value(f, answer.codes.back()).value_or(Rational{0});
                    const Rational error = Rational{longest_sum} - sum;
                    return Answer{{static_cast<std::uint64_t>(truth::floor(abs(error)))}, {}};
                },
            .show = [show](const Codes& codes) { return show(codes[0]); }};
}

Question wide_accumulator_question() {
    return {.text = "fp16 ones in an fp32 accumulator: the sum of n ones, " + for_every_n(),
            .claim = fmt::format("n itself: fp32 has every integer to 2^{}, and so has each unit's alignment",
                                 binary32.precision),
            .predicted = describe(binary32, code_of(binary32, longest_sum)),
            .codes = sums_up_to(binary32, longest_sum),
            .observe =
                [](const Observer& observer) {
                    const bool blocks = !observer.gpu().empty();
                    return (blocks ? blocked_sums_of_ones : sums_of_ones)(observer, binary16, binary32);
                },
            .show = show_last(binary32)};
}

/// The codes of 0, 1, 2, ... in fp16, rounded: as far as the longest block's sum gets.
Codes rounded_integers() {
    Codes codes;
    for (std::size_t n = 0; n <= (units.back().block << binary16.precision) + units.back().block; ++n)
        codes.push_back(truth::round(binary16, Rational{n}).code);
    return codes;
}

/// A sum of ones in fp16 that takes `block` terms at a time: each block exact, then rounded.
Codes blocked_sums(std::size_t block, const Codes& rounded) {
    Codes sums;
    std::size_t before = 0;  // the sum of all blocks before this one
    for (std::size_t n = 1; n <= longest_sum; ++n) {
        const std::size_t within = (n - 1) % block + 1;
        sums.push_back(rounded.at(before + within));
        if (within == block) before = static_cast<std::size_t>(truth::floor(value_of(binary16, sums.back())));
    }
    return sums;
}

Question blocked_question(const UnitFacts& unit, const Codes& rounded) {
    const std::size_t limit = unit.block << binary16.precision;
    Codes codes = blocked_sums(unit.block, rounded);
    return {.text = fmt::format("fp16 accumulator of {}: the sum of n ones, {}", list(unit.gpus), for_every_n()),
            .claim = fmt::format(
                "sticks at {0} * 2^{1} = {2}, not at 2^{1}: blocks of {0} ones are summed exactly, and one of "
                "them is half a unit there",
                unit.block, binary16.precision, limit),
            .predicted = describe(binary16, codes.back()),
            .codes = std::move(codes),
            .observe = [](const Observer& observer) { return blocked_sums_of_ones(observer, binary16, binary16); },
            .show = show_last(binary16),
            .gpus = unit.gpus};
}

// 1 - 1 + 2^-j in one block: the terms are aligned to 1, and what lies below the kept bits is cut off before 1 and -1
// cancel. 2^-j is the product of 2^-14, the smallest normal number, and 2^(14 - j).
constexpr int first_j = 20, last_j = 28;

Answer ask_alignment(const Observer& observer) {
    Answer all;
    for (int j = first_j; j <= last_j; ++j) {
        const Codes a = {code_of(binary16, 1), code_of(binary16, pow2(-14))};
        const Codes b = {code_of(binary16, 1), code_of(binary16, pow2(14 - j))};
        const Answer one = observer.dot(binary16, binary32, a, b, code_of(binary32, -1));
        if (!one.unavailable.empty()) return one;
        all.codes.push_back(one.codes[0]);
    }
    return all;
}

/// How many of the terms, from the largest on, came through.
std::string show_kept(const Codes& codes) {
    const auto kept = std::find(codes.begin(), codes.end(), 0) - codes.begin();
    return kept == 0 ? "nothing kept" : fmt::format("kept to 2^{}", -(first_j + static_cast<int>(kept) - 1));
}

Question alignment_question(const UnitFacts& unit) {
    Codes codes;
    for (int j = first_j; j <= last_j; ++j) {
        const Rational kept = Rational{truth::floor(pow2(unit.fraction_bits - j))} * pow2(-unit.fraction_bits);
        codes.push_back(code_of(binary32, kept));
    }
    return {.text = fmt::format("{}: 1 - 1 + 2^-j in one block with fp32 result, for j = {} to {}", list(unit.gpus),
                                first_j, last_j),
            .claim = fmt::format("2^-j to j = {0}, then 0: terms are cut off {0} bits below the largest one, before it "
                                 "cancels",
                                 unit.fraction_bits),
            .predicted = show_kept(codes),
            .codes = std::move(codes),
            .observe = ask_alignment,
            .show = show_kept,
            .gpus = unit.gpus};
}

std::string explanation() {
    const int fp16 = 1 << binary16.precision, bf16 = 1 << bfloat16.precision;
    return fmt::format(
        "A sum is rounded to the numbers that there are. From 2^p on, with p bits of significand, they are 2 "
        "apart: in fp16 from {0}, in bf16 from {1}. There a one is half the distance, a tie, and goes to the even "
        "code. {0} + 1 is {0} again, {2} + 1 is {3}: what is absorbed depends on parity too. The loop that adds "
        "ones never leaves {0}, however long it runs, and its error is exactly what came later. Adding in fp32 "
        "keeps every integer to 2^{4}, although the terms are fp16: what matters is where one accumulates.\n\n"
        "A matrix unit adds whole blocks. It aligns all terms of a block to the largest one, cuts off what lies "
        "below its last bit, adds the rest exactly and rounds once. So an fp16 accumulator sticks later, by the "
        "length of the block; an fp32 accumulator keeps the ones, which lie far above the cut; and a small term "
        "is lost beside a large one even where the large ones cancel, earlier on a V100 than on an A100 or an "
        "H100, which align with one and two bits more.",
        fp16, bf16, fp16 + 2, fp16 + 4, binary32.precision);
}

}  // namespace

Exercise absorption() {
    Exercise exercise{.number = 2, .title = "Absorption", .explanation = explanation(), .questions = {}};
    auto& questions = exercise.questions;
    questions.push_back(
        sum_question(binary16, 2048, 1, "a tie between 2048 and 2050, which goes to the even code: the one is lost"));
    questions.push_back(
        sum_question(binary16, 2050, 1, "a tie between 2050 and 2052, which goes to the even code: upwards"));
    questions.push_back(sum_question(binary32, 2048, 1, "exact"));
    for (const Format& f : {binary16, bfloat16}) {
        questions.push_back(sticking_question(f));
        questions.push_back(error_question(f));
    }
    questions.push_back(wide_accumulator_question());
    const Codes rounded = rounded_integers();
    for (const UnitFacts& unit : units) questions.push_back(blocked_question(unit, rounded));
    for (const UnitFacts& unit : units) questions.push_back(alignment_question(unit));
    return exercise;
}

}  // namespace halfulp
