#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include <halfulp/lib/exercise/absorption/parts.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::Rational;

constexpr std::size_t longest_sum = 65536;

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

/// Of the longest sum. One after another in fp32 it is exact, as all integers to 2^24 are numbers of fp32.
Fact error_of_longest(const Format& accumulator, std::uint64_t code) {
    return error_fact(value_of(accumulator, code), longest_sum, rounded(binary32, longest_sum));
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
            .show = show_last(f),
            .facts = {error_of_longest(f, code_of(f, limit))}};
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

/// In an fp32 accumulator every sum is n itself.
Question wide_accumulator_question(std::string_view how, std::string claim,
                                   Answer (*ask)(const Observer&, const Format&, const Format&)) {
    return {.text = fmt::format("fp16 ones in an fp32 accumulator: the sum of n ones, {}, {}", how, for_every_n()),
            .claim = std::move(claim),
            .predicted = describe(binary32, code_of(binary32, longest_sum)),
            .codes = sums_up_to(binary32, longest_sum),
            .observe = [ask](const Observer& observer) { return ask(observer, binary16, binary32); },
            .show = show_last(binary32),
            .facts = {error_of_longest(binary32, code_of(binary32, longest_sum))}};
}

Question wide_loop_question() {
    return wide_accumulator_question(
        "one after another", fmt::format("n itself: fp32 has every integer to 2^{}", binary32.precision), sums_of_ones);
}

Question wide_blocks_question() {
    const auto fewer_bits = [](const UnitFacts& a, const UnitFacts& b) { return a.fraction_bits < b.fraction_bits; };
    const int kept = std::min_element(unit_facts.begin(), unit_facts.end(), fewer_bits)->fraction_bits;
    return wide_accumulator_question(
        "in blocks",
        fmt::format("n itself: each unit keeps at least {} bits below the largest term, and beside {} a one lies {} "
                    "bits below",
                    kept, longest_sum, truth::floor_log2(longest_sum)),
        blocked_sums_of_ones);
}

/// The codes of 0, 1, 2, ... in fp16, rounded: as far as the longest block's sum gets.
Codes rounded_integers() {
    Codes codes;
    for (std::size_t n = 0; n <= (unit_facts.back().block << binary16.precision) + unit_facts.back().block; ++n)
        codes.push_back(truth::round(binary16, Rational{n}).code);
    return codes;
}

/// A sum of ones in fp16 that takes `block` terms at a time: each block exact, then rounded.
Codes blocked_sums(std::size_t block, const Codes& integers) {
    Codes sums;
    std::size_t before = 0;  // the sum of all blocks before this one
    for (std::size_t n = 1; n <= longest_sum; ++n) {
        const std::size_t within = (n - 1) % block + 1;
        sums.push_back(integers.at(before + within));
        if (within == block) before = static_cast<std::size_t>(truth::floor(value_of(binary16, sums.back())));
    }
    return sums;
}

Question blocked_question(const UnitFacts& unit, const Codes& integers) {
    const std::size_t limit = unit.block << binary16.precision;
    Codes codes = blocked_sums(unit.block, integers);
    const std::uint64_t last = codes.back();
    return {.text = fmt::format("fp16 accumulator of {}: the sum of n ones, {}", names_of(unit), for_every_n()),
            .claim = fmt::format(
                "sticks at {0} * 2^{1} = {2}, not at 2^{1}: blocks of {0} ones are summed exactly, and one of "
                "them is half a unit there",
                unit.block, binary16.precision, limit),
            .predicted = describe(binary16, last),
            .codes = std::move(codes),
            .observe = [](const Observer& observer) { return blocked_sums_of_ones(observer, binary16, binary16); },
            .show = show_last(binary16),
            .facts = {error_of_longest(binary16, last)},
            .gpus = unit.gpus};
}

}  // namespace

std::vector<Question> ones_questions() {
    std::vector<Question> questions;
    for (const Format& f : {binary16, bfloat16}) {
        questions.push_back(sticking_question(f));
        questions.push_back(error_question(f));
    }
    questions.push_back(wide_loop_question());
    questions.push_back(wide_blocks_question());
    const Codes integers = rounded_integers();
    for (const UnitFacts& unit : unit_facts) questions.push_back(blocked_question(unit, integers));
    return questions;
}

}  // namespace halfulp
