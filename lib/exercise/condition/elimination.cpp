#include <halfulp/lib/exercise/condition/elimination.hpp>

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include <halfulp/lib/exercise/definition_observer.hpp>
#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

/// A number of a run from two earlier ones.
struct Step {
    std::string_view text;
    Operation operation;
    Number left, right;
};

using enum Number;
using enum Operation;

/// In the order of the numbers that they compute.
constexpr std::array elimination = {
    Step{"m = a21 / a11", Div, A21, A11}, Step{"t = m * a12", Mul, M, A12}, Step{"u22 = a22 - t", Sub, A22, T},
    Step{"s = m * c1", Mul, M, C1},       Step{"y2 = c2 - s", Sub, C2, S},  Step{"x2 = y2 / u22", Div, Y2, U22},
    Step{"v = a12 * x2", Mul, A12, X2},   Step{"w = c1 - v", Sub, C1, V},   Step{"x1 = w / a11", Div, W, A11},
};

}  // namespace

std::string name_of(const Precision& precision) {
    const auto [storage, arithmetic] = precision;
    if (storage == arithmetic) return std::string(short_name(storage));
    return fmt::format("{} storage, {} arithmetic", short_name(storage), short_name(arithmetic));
}

std::string steps_text() {
    std::string text;
    for (const Step& step : elimination) text += fmt::format("{}{}", text.empty() ? "" : ", ", step.text);
    return text;
}

Answer store(const Observer& observer, const Format& f, std::span<const truth::Rational> numbers) {
    const Format wide = f == binary64 ? binary64 : binary32;
    Codes numerators, denominators;
    for (const truth::Rational& x : numbers) {
        numerators.push_back(code_of(wide, numerator(x)));
        denominators.push_back(code_of(wide, denominator(x)));
    }
    const Answer quotients = observer.arithmetic(Div, wide, numerators, denominators);
    if (f == wide || !quotients.unavailable.empty()) return quotients;
    return observer.convert(wide, f, quotients.codes);
}

Codes stored_codes(const Format& f, std::span<const truth::Rational> numbers) {
    Codes codes;
    for (const truth::Rational& x : numbers) codes.push_back(truth::round(f, x).code);
    if (store(*make_definition_observer(), f, numbers).codes != codes)
        throw std::logic_error(
            fmt::format("a number of a prediction is rounded twice on its way to {}", short_name(f)));
    return codes;
}

Answer eliminate(const Observer& observer, const Precision& precision, std::span<const truth::Rational> system) {
    const auto [storage, arithmetic] = precision;
    Answer run = store(observer, storage, system);
    if (run.unavailable.empty() && storage != arithmetic) run = observer.convert(storage, arithmetic, run.codes);
    for (const Step& step : elimination) {
        if (!run.unavailable.empty()) break;
        const std::uint64_t left = code_of(run.codes, step.left), right = code_of(run.codes, step.right);
        const Answer next = observer.arithmetic(step.operation, arithmetic, std::span(&left, 1), std::span(&right, 1));
        if (!next.unavailable.empty()) return next;
        run.codes.push_back(next.codes.at(0));
    }
    return run;
}

}  // namespace halfulp
