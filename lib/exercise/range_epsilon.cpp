#include <halfulp/lib/exercise/range_epsilon.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

// Everything is observed by conversions from and to binary32, which has every fp16 and bf16 number, and whose positive
// codes count upwards through its numbers.

constexpr std::uint64_t one_fp32 = 0x3F800000;
constexpr std::uint64_t largest_fp32 = 0x7F7FFFFF;
constexpr std::uint64_t finite_fp32_codes = 2 * (largest_fp32 + 1);

/// A property of a format: what it is by definition, and how it is read off the format's numbers from 0 to infinity as
/// an observer widens them to binary32.
struct Property {
    std::string_view text;
    std::string (*claim)(const Format&);
    Rational (*predicted)(const Format&);
    Rational (*read_off)(const Format&, const Codes& widened);
};

/// The value of an observed code. An observer may return anything: what is no finite number counts as 0.
Rational fp32(std::uint64_t code) { return truth::value(binary32, code).value_or(Rational{0}); }

/// Distance from the number at the position to the next one.
Rational gap(const Codes& widened, std::size_t i) { return fp32(widened[i + 1]) - fp32(widened[i]); }

std::size_t position(const Codes& widened, std::uint64_t code) {
    const auto found = std::find(widened.begin(), widened.end() - 2, code);
    return static_cast<std::size_t>(found - widened.begin());
}

std::size_t position_of_largest(const Codes& widened) {
    const auto infinite =
        std::find_if(widened.begin() + 2, widened.end(), [](auto code) { return code > largest_fp32; });
    return static_cast<std::size_t>(infinite - widened.begin()) - 1;
}

/// The first number from which on neighbours are no more than epsilon times the number apart.
Rational first_normal(const Format& f, const Codes& widened) {
    std::size_t i = 1;
    while (i + 2 < widened.size() && gap(widened, i) > fp32(widened[i]) * pow2(1 - f.precision)) ++i;
    return fp32(widened[i]);
}

const std::array properties = {
    Property{"the largest finite number",
             [](const Format& f) {
                 return fmt::format("(2 - 2^{}) * 2^{}: all significand bits set, in the top binade", 1 - f.precision,
                                    f.bias);
             },
             [](const Format& f) { return Rational{(2 - pow2(1 - f.precision)) * pow2(f.bias)}; },
             [](const Format&, const Codes& widened) { return fp32(widened[position_of_largest(widened)]); }},
    Property{"the smallest normal number",
             [](const Format& f) {
                 return fmt::format("2^{}: from here on the significand has {} bits", 1 - f.bias, f.precision);
             },
             [](const Format& f) { return pow2(1 - f.bias); }, first_normal},
    Property{"the smallest subnormal number",
             [](const Format& f) {
                 return fmt::format("2^{}: the last bit of the smallest normal number; not the \"smallest normal\"",
                                    2 - f.bias - f.precision);
             },
             [](const Format& f) { return pow2(2 - f.bias - f.precision); },
             [](const Format&, const Codes& widened) { return fp32(widened[1]); }},
    Property{"epsilon, the distance from 1 to the next number",
             [](const Format& f) {
                 return fmt::format("2^{}: the last of {} significand bits", 1 - f.precision, f.precision);
             },
             [](const Format& f) { return pow2(1 - f.precision); },
             [](const Format&, const Codes& widened) { return gap(widened, position(widened, one_fp32)); }},
    Property{
        "the distance from 1 to the number below it",
        [](const Format& f) { return fmt::format("2^{}: half of epsilon, as a smaller binade begins", -f.precision); },
        [](const Format& f) { return pow2(-f.precision); },
        [](const Format&, const Codes& widened) { return gap(widened, position(widened, one_fp32) - 1); }},
    Property{"the distance between numbers at the top",
             [](const Format& f) { return fmt::format("2^{0}: epsilon * 2^{1}", f.bias + 1 - f.precision, f.bias); },
             [](const Format& f) { return pow2(f.bias + 1 - f.precision); },
             [](const Format&, const Codes& widened) { return gap(widened, position_of_largest(widened) - 1); }},
};

Question property_question(const Format& f, const Property& property) {
    const Rational exact = property.predicted(f);
    return {.text = fmt::format("{}: {}", short_name(f), property.text),
            .claim = property.claim(f),
            .predicted = describe(binary32, code_of(binary32, exact)),
            .codes = {code_of(binary32, exact)},
            .observe =
                [f, property](const Observer& observer) {
                    Codes magnitudes(f.inf_code() + 1);
                    for (std::size_t i = 0; i < magnitudes.size(); ++i) magnitudes[i] = i;
                    Answer widened = observer.convert(f, binary32, magnitudes);
                    if (!widened.unavailable.empty()) return widened;
                    return Answer{{truth::round(binary32, property.read_off(f, widened.codes)).code}, {}};
                },
            .show = show_last(binary32)};
}

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
    return {
        .text = fmt::format("{}: the first real number that overflows", short_name(f)),
        .claim = fmt::format("2^{} - 2^{}: half a unit beyond the largest number; below it everything rounds down to "
                             "the largest number, and the tie goes to infinity, whose code is even",
                             f.bias + 1, f.bias - f.precision),
        .predicted = describe(binary32, code),
        .codes = {code},
        .observe = [f](const Observer& observer) { return first_overflow(observer, f); },
        .show = show_last(binary32)};
}

Question unit_roundoff_question(const Format& f) {
    const std::uint64_t code = code_of(binary32, 1 + pow2(-f.precision));
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
            .show = show_last(binary32)};
}

Question flush_question(const Format& f) {
    const int exponent = 1 - f.bias - f.precision;
    const std::uint64_t code = code_of(binary32, pow2(exponent));
    return {.text = fmt::format("{}: the largest number that rounds to 0", short_name(f)),
            .claim = fmt::format("2^{}: half of the smallest subnormal number, a tie that goes to 0", exponent),
            .predicted = describe(binary32, code),
            .codes = {code},
            .observe =
                [f](const Observer& observer) {
                    Answer answer = first_code(observer, f, 0, largest_fp32 + 1, [](auto c) { return c != 0; });
                    if (answer.unavailable.empty()) --answer.codes[0];
                    return answer;
                },
            .show = show_last(binary32)};
}

std::string share(std::uint64_t count) {
    return fmt::format("{} of {} = {:.5f} %", count, finite_fp32_codes,
                       100.0 * static_cast<double>(count) / static_cast<double>(finite_fp32_codes));
}

/// Codes count numbers, and conversion is monotone: whatever lies beyond the first number that overflows does so too.
/// proofs/overflow_share.cpp counts all codes one by one.
std::uint64_t codes_from(std::uint64_t first_fp32) { return 2 * (largest_fp32 + 1 - first_fp32); }

Question share_question(const Format& f) {
    const std::uint64_t count = codes_from(code_of(binary32, overflow_threshold(f)));
    return {.text = fmt::format("{}: how many of the finite binary32 codes overflow", short_name(f)),
            .claim = "all from the first that overflows to the largest, of both signs",
            .predicted = share(count),
            .codes = {count},
            .observe =
                [f](const Observer& observer) {
                    Answer answer = first_overflow(observer, f);
                    if (answer.unavailable.empty()) answer.codes[0] = codes_from(answer.codes[0]);
                    return answer;
                },
            .show = [](const Codes& codes) { return share(codes[0]); }};
}

std::string explanation() {
    const Format h = binary16, b = bfloat16;
    // bf16 numbers from 2^e on are 2^(e + 1 - precision) apart, and fp16's subnormal ones as far as their smallest is.
    const int as_far_apart = (2 - h.bias - h.precision) + b.precision - 1;
    return fmt::format(
        "Sixteen bits are spent in two ways. fp16 has {} exponent and {} fraction bits, bf16 {} and {}. The "
        "exponent bits set the range: bf16 has as many as fp32, and therefore its range. The fraction bits set "
        "the distance between neighbours: bf16's is {} times that of fp16 wherever fp16 is normal. So bf16 rarely "
        "overflows where fp32 does not, and is coarser; only below 2^{}, where fp16's subnormal numbers stay as "
        "far apart as they are, it is the finer one.\n\n"
        "Epsilon and the unit roundoff are two things. Epsilon is the distance from 1 to the next number. "
        "Rounding to nearest errs by at most half a distance, so the relative error is at most u = epsilon / 2, "
        "and, exactly, at most u / (1 + u): 1/{} for fp16, 1/{} for bf16, attained at 1 + u.\n\n"
        "\"Numbers above the largest finite one overflow\" is not so: to nearest, everything below the largest "
        "number plus half a unit rounds down to it, and rounding toward zero never overflows to infinity. Nor "
        "does bf16 never overflow: the largest fp32 number does.\n\n"
        "Below the smallest normal number the distance stays the same and the relative error grows; what is at "
        "most half of the smallest subnormal number is flushed to 0.",
        h.width - h.precision, h.precision - 1, b.width - b.precision, b.precision - 1,
        1 << (h.precision - b.precision), as_far_apart, (1 << h.precision) + 1, (1 << b.precision) + 1);
}

}  // namespace

Exercise range_epsilon() {
    Exercise exercise{
        .number = 1, .title = "Range and epsilon of fp16 and bf16", .explanation = explanation(), .questions = {}};
    for (const Format& f : {binary16, bfloat16}) {
        for (const Property& property : properties) exercise.questions.push_back(property_question(f, property));
        exercise.questions.push_back(unit_roundoff_question(f));
        exercise.questions.push_back(overflow_question(f));
        exercise.questions.push_back(flush_question(f));
        exercise.questions.push_back(share_question(f));
    }
    return exercise;
}

}  // namespace halfulp
