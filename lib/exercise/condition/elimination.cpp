#include <halfulp/lib/exercise/condition/elimination.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include <halfulp/lib/exercise/definition_observer.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using enum Number;
using enum Operation;

/// In the order of Number.
constexpr std::array<std::string_view, 15> names = {"a11", "a12", "a21", "a22", "c1", "c2", "m", "t",
                                                    "u22", "s",   "y2",  "x2",  "v",  "w",  "x1"};

/// A number of a run from two earlier ones.
struct Step {
    Number result, left;
    Operation operation;
    Number right;
};

/// In the order of the numbers that they compute.
constexpr std::array elimination = {
    Step{M, A21, Div, A11}, Step{T, M, Mul, A12},  Step{U22, A22, Sub, T}, Step{S, M, Mul, C1},   Step{Y2, C2, Sub, S},
    Step{X2, Y2, Div, U22}, Step{V, A12, Mul, X2}, Step{W, C1, Sub, V},    Step{X1, W, Div, A11},
};

static_assert([] {
    auto next = static_cast<std::size_t>(M);
    return std::all_of(elimination.begin(), elimination.end(),
                       [&](const Step& s) { return static_cast<std::size_t>(s.result) == next++; }) &&
           next == names.size();
}());

std::string_view name_of(Number number) { return names.at(static_cast<std::size_t>(number)); }

char symbol(Operation operation) { return operation == Div ? '/' : operation == Mul ? '*' : '-'; }

std::string text_of(const Step& step) {
    return fmt::format("{} = {} {} {}", name_of(step.result), name_of(step.left), symbol(step.operation),
                       name_of(step.right));
}

}  // namespace

std::string name_of(const Precision& precision) {
    const auto [storage, arithmetic] = precision;
    if (storage == arithmetic) return std::string(short_name(storage));
    return fmt::format("{} storage, {} arithmetic", short_name(storage), short_name(arithmetic));
}

std::string steps_text() {
    std::string text;
    for (const Step& step : elimination) text += (text.empty() ? "" : ", ") + text_of(step);
    return text;
}

std::string step_text(Number result) {
    const auto* const step =
        std::find_if(elimination.begin(), elimination.end(), [&](auto& s) { return s.result == result; });
    if (step == elimination.end()) throw std::logic_error(fmt::format("{} is given", name_of(result)));
    return text_of(*step);
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
