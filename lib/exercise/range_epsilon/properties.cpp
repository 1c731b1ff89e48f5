#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/exercise/range_epsilon/parts.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

/// A property of a format: what it is by definition, and how it is read off the format's numbers from 0 to infinity as
/// an observer widens them to binary32.
struct Property {
    std::string_view text;
    std::string (*claim)(const Format&);
    Rational (*predicted)(const Format&);
    Rational (*read_off)(const Format&, const Codes& widened);
    std::vector<Fact> (*facts)(const Format&) = [](const Format&) { return std::vector<Fact>{}; };
};

/// Distance from the number at the position to the next one.
Rational gap(const Codes& widened, std::size_t i) { return observed_fp32(widened[i + 1]) - observed_fp32(widened[i]); }

std::size_t position(const Codes& widened, std::uint64_t code) {
    const auto found = std::find(widened.begin(), widened.end() - 2, code);
    return static_cast<std::size_t>(found - widened.begin());
}

std::size_t position_of_largest(const Codes& widened) {
    const auto infinite =
        std::find_if(widened.begin() + 2, widened.end(), [](auto code) { return code > largest_fp32; });
    return static_cast<std::size_t>(infinite - widened.begin()) - 1;
}

/// (2 - 2^(1 - precision)) * 2^bias.
Rational largest(const Format& f) { return (2 - pow2(1 - f.precision)) * pow2(f.bias); }

/// How far it is from a number to the largest.
std::vector<Fact> range_above(const Format& f, const Rational& number) {
    const Rational ratio = largest(f) / number;
    return {{"range", fmt::format("the largest number is {} times as large: {:.2f} decades", truth::to_text(ratio),
                                  std::log10(static_cast<double>(ratio)))}};
}

/// The first number from which on neighbours are no more than epsilon times the number apart.
Rational first_normal(const Format& f, const Codes& widened) {
    std::size_t i = 1;
    while (i + 2 < widened.size() && gap(widened, i) > observed_fp32(widened[i]) * pow2(1 - f.precision)) ++i;
    return observed_fp32(widened[i]);
}

const std::array properties = {
    Property{"the largest finite number",
             [](const Format& f) {
                 return fmt::format("(2 - 2^{}) * 2^{}: all significand bits set, in the top binade", 1 - f.precision,
                                    f.bias);
             },
             largest,
             [](const Format&, const Codes& widened) { return observed_fp32(widened[position_of_largest(widened)]); }},
    Property{"the smallest normal number",
             [](const Format& f) {
                 return fmt::format("2^{}: from here on the significand has {} bits", 1 - f.bias, f.precision);
             },
             [](const Format& f) { return pow2(1 - f.bias); }, first_normal,
             [](const Format& f) { return range_above(f, pow2(1 - f.bias)); }},
    Property{"the smallest subnormal number",
             [](const Format& f) {
                 return fmt::format("2^{}: the last bit of the smallest normal number; not the \"smallest normal\"",
                                    2 - f.bias - f.precision);
             },
             [](const Format& f) { return pow2(2 - f.bias - f.precision); },
             [](const Format&, const Codes& widened) { return observed_fp32(widened[1]); },
             [](const Format& f) { return range_above(f, pow2(2 - f.bias - f.precision)); }},
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
            .show = show_last(binary32),
            .facts = property.facts(f)};
}

}  // namespace

std::vector<Question> property_questions(const Format& f) {
    std::vector<Question> questions;
    questions.reserve(properties.size());
    for (const Property& property : properties) questions.push_back(property_question(f, property));
    return questions;
}

}  // namespace halfulp
