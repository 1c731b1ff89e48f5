#include <fmt/format.h>

#include <functional>
#include <utility>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/exercise/range_epsilon/parts.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

/// The first binary32 code in [first, end) whose conversion to f satisfies a condition that holds from some code on; end
/// if none does.
Answer first_code(const Observer& observer, const Format& f, std::uint64_t first, std::uint64_t end,
                  const std::function<bool(std::uint64_t)>& condition) {
    while (first < end) {
        const std::uint64_t middle = first + (end - first) / 2;
        const Answer converted = observer.convert(binary32, f, std::span(&middle, 1));
        if (!converted.unavailable.empty()) return converted;
        if (condition(converted.codes[0]))
            end = middle;
        else
            first = middle + 1;
    }
    return {{first}, {}};
}

Answer first_overflow(const Observer& observer, const Format& f) {
    return first_code(observer, f, one_fp32, largest_fp32 + 1, [f](auto code) { return code == f.inf_code(); });
}

/// The tie between the largest number and the next power of two, which goes to the even code: infinity.
Rational overflow_threshold(const Format& f) { return (2 - pow2(-f.precision)) * pow2(f.bias); }

Question overflow_question(const Format& f) {
    const std::uint64_t code = code_of(binary32, overflow_threshold(f));
    const std::uint64_t toward_zero =
        truth::round(f, value_of(binary32, largest_fp32), {.rounding = Rounding::TowardZero}).code;
    return {
        .text = fmt::format("{}: the first real number that overflows", short_name(f)),
        .claim = fmt::format("2^{} - 2^{}: half a unit beyond the largest number; below it everything rounds down to "
                             "the largest number, and the tie goes to infinity, whose code is even",
                             f.bias + 1, f.bias - f.precision),
        .predicted = describe(binary32, code),
        .codes = {code},
        .observe = [f](const Observer& observer) { return first_overflow(observer, f); },
        .show = show_last(binary32),
        .facts = {{"error", fmt::format("infinite against the truth {0}, and against the fp32 result {0}",
                                        truth::to_text(overflow_threshold(f)))},
                  {"toward 0", fmt::format("nothing overflows to infinity: fp32's largest number becomes {}",
                                           describe(f, toward_zero))}}};
}

Question unit_roundoff_question(const Format& f) {
    const Rational largest = 1 + pow2(-f.precision);
    const std::uint64_t code = code_of(binary32, largest);
    return {.text = fmt::format("{}: the largest number that rounds to 1; its distance from 1 is the unit roundoff u",
                                short_name(f)),
            .claim = fmt::format("1 + u with u = 2^{}, half of epsilon: an error bound, where epsilon is a distance",
                                 -f.precision),
            .predicted = describe(binary32, code),
            .codes = {code},
            .observe =
                [f](const Observer& observer) {
                    const std::uint64_t one = static_cast<std::uint64_t>(f.bias) << f.fraction_bits();
                    Answer answer =
                        first_code(observer, f, one_fp32, largest_fp32 + 1, [=](auto c) { return c > one; });
                    if (answer.unavailable.empty()) --answer.codes[0];
                    return answer;
                },
            .show = show_last(binary32),
            .facts = {error_fact(rounded(f, largest), largest, largest)}};
}

/// Half of the smallest subnormal number: a tie.
Rational flush_threshold(const Format& f) { return pow2(1 - f.bias - f.precision); }

Answer last_flushed(const Observer& observer, const Format& f) {
    Answer answer = first_code(observer, f, 0, largest_fp32 + 1, [](auto c) { return c != 0; });
    if (answer.unavailable.empty()) --answer.codes[0];
    return answer;
}

Question flush_question(const Format& f) {
    const int exponent = 1 - f.bias - f.precision;
    const Rational largest = flush_threshold(f);
    const std::uint64_t code = code_of(binary32, largest);
    return {
        .text = fmt::format("{}: the largest number that rounds to 0", short_name(f)),
        .claim = fmt::format("2^{}: half of the smallest subnormal number, a tie that goes to 0", exponent),
        .predicted = describe(binary32, code),
        .codes = {code},
        .observe = [f](const Observer& observer) { return last_flushed(observer, f); },
        .show = show_last(binary32),
        .facts = {error_fact(rounded(f, largest), largest, largest),
                  {"bound", fmt::format("below the smallest normal number, 2^{}, it is absolute, 2^{}, and no relative "
                                        "one holds",
                                        1 - f.bias, exponent)}}};
}

constexpr std::uint64_t finite_fp32_codes = 2 * (largest_fp32 + 1);

std::string share(std::uint64_t count) {
    return fmt::format("{} of {} = {:.5f} %", count, finite_fp32_codes,
                       100.0 * static_cast<double>(count) / static_cast<double>(finite_fp32_codes));
}

/// Codes count numbers, and conversion is monotone: whatever lies beyond the first number that overflows does so too, and
/// what lies below the largest that rounds to 0. Of both signs. proofs/conversions.cpp shows it for every code, and
/// counts those that overflow one by one.
std::uint64_t codes_from(std::uint64_t first_fp32) { return 2 * (largest_fp32 + 1 - first_fp32); }
std::uint64_t nonzero_codes_to(std::uint64_t last_fp32) { return 2 * last_fp32; }

/// How many codes lie beyond an observed threshold.
Question share_question(std::string text, std::string claim, std::uint64_t threshold,
                        std::uint64_t (*count)(std::uint64_t), std::function<Answer(const Observer&)> find) {
    return {.text = std::move(text),
            .claim = std::move(claim),
            .predicted = share(count(threshold)),
            .codes = {count(threshold)},
            .observe =
                [count, find = std::move(find)](const Observer& observer) {
                    Answer answer = find(observer);
                    if (answer.unavailable.empty()) answer.codes[0] = count(answer.codes[0]);
                    return answer;
                },
            .show = [](const Codes& codes) { return share(codes[0]); }};
}

Question overflow_share_question(const Format& f) {
    return share_question(fmt::format("{}: how many of the finite binary32 codes overflow", short_name(f)),
                          "all from the first that overflows to the largest, of both signs",
                          code_of(binary32, overflow_threshold(f)), codes_from,
                          [f](const Observer& observer) { return first_overflow(observer, f); });
}

Question flush_share_question(const Format& f) {
    return share_question(
        fmt::format("{}: how many of the finite binary32 codes that are not 0 are flushed to 0", short_name(f)),
        "all from the smallest number to the largest that rounds to 0, of both signs",
        code_of(binary32, flush_threshold(f)), nonzero_codes_to,
        [f](const Observer& observer) { return last_flushed(observer, f); });
}

}  // namespace

std::vector<Question> threshold_questions(const Format& f) {
    return {unit_roundoff_question(f), overflow_question(f), flush_question(f), overflow_share_question(f),
            flush_share_question(f)};
}

}  // namespace halfulp
