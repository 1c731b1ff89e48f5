#include <halfulp/lib/exercise/condition/solve.h>

#include <fmt/format.h>

#include <halfulp/lib/exercise/condition/storage.h>
#include <halfulp/lib/exercise/condition/systems.h>
#include <halfulp/lib/exercise/definition_observer.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>

namespace halfulp {
namespace {

using truth::Matrix2;
using truth::Rational;
using truth::System2;
using truth::Vector2;

std::vector<Rational> numbers(const System2& system) {
    std::vector<Rational> all(system.a.begin(), system.a.end());
    all.insert(all.end(), system.c.begin(), system.c.end());
    return all;
}

/// All numbers of a run, by definition.
Codes predicted_run(const System2& system, const Precision& precision) {
    const std::vector<Rational> all = numbers(system);
    stored_codes(precision.storage, all);  // throws if an observer's way of storing them rounds twice
    return eliminate(*make_definition_observer(), precision, all).codes;
}

std::optional<Vector2> solution_of(const Codes& run, const Format& f) {
    const auto x1 = truth::value(f, code_of(run, Number::X1)), x2 = truth::value(f, code_of(run, Number::X2));
    return x1 && x2 ? std::optional(Vector2{*x1, *x2}) : std::nullopt;
}

std::string show_run(const Codes& run, const Format& f) {
    return fmt::format("x1 = {}, x2 = {}", describe(f, code_of(run, Number::X1)),
                       describe(f, code_of(run, Number::X2)));
}

std::string solve_claim(const Codes& run, const Format& f) {
    const auto x = solution_of(run, f);
    if (code_of(run, Number::U22) == 0)
        return fmt::format("infinite: the pivot {} is 0, and y2 / 0 is infinity (IEEE 754-2019, 7.3)",
                           step_text(Number::U22));
    if (!x) return "not finite";
    const Rational error = truth::forward_error(*x, solution_of_systems());
    return error == 0 ? "exact" : fmt::format("finite, with {} right", show_digits(error));
}

// Facts. The bound is about the data alone; what the arithmetic adds shows in the errors beside it.

std::string bound_text(const Matrix2& a, const Format& storage) {
    const Rational kappa = truth::kappa_inf(a), u = unit_roundoff(storage);
    const auto bound = truth::perturbation_bound(kappa, u);
    if (!bound) return fmt::format("void: kappa_inf * u = {} >= 1", show(kappa * u));
    return fmt::format("2 kappa u / (1 - kappa u) = {} from rounding the data, as kappa_inf * u = {} < 1", show(*bound),
                       show(kappa * u));
}

/// What rounding the data alone does to the solution.
std::string data_error_text(const System2& system, const Format& storage) {
    const Matrix2 a = stored(storage, system.a);
    if (truth::determinant(a) == 0) return "the stored matrix is singular";
    Vector2 c;
    for (std::size_t row = 0; row < c.size(); ++row)
        c[row] = *truth::value(storage, truth::round(storage, system.c[row]).code);
    const Rational error = truth::forward_error(truth::solution(a, c), solution_of_systems());
    return fmt::format("{} for the exact solution of the stored system", show(error));
}

std::string error_text(const Vector2& x) {
    const Rational error = truth::forward_error(x, solution_of_systems());
    return fmt::format("{}, {}", show(error), show_digits(error));
}

std::vector<Fact> solve_facts(const System2& system, const Precision& precision, const Codes& run) {
    const Format& storage = precision.storage;
    std::vector<Fact> facts = {{"bound", bound_text(system.a, storage)},
                               {"data error", data_error_text(system, storage)}};
    const auto x = solution_of(run, precision.arithmetic);
    if (!x) {
        facts.push_back({"errors", "none: the computed solution is not finite"});
        return facts;
    }
    facts.push_back({"error", error_text(*x)});
    if (const auto fp32 = computed_solution(system.a, {binary32, binary32}))
        facts.push_back({"vs fp32", show(truth::forward_error(*x, *fp32))});
    facts.push_back({"backward", fmt::format("normwise {}, componentwise {}; u = {}",
                                             show(truth::normwise_backward_error(system, *x)),
                                             show(truth::componentwise_backward_error(system, *x)),
                                             show(unit_roundoff(precision.arithmetic)))});
    return facts;
}

Question solve_question(const Matrix2& a, const Precision& precision) {
    const System2 system = system_of(a);
    const Codes run = predicted_run(system, precision);
    const Format f = precision.arithmetic;
    return {.text = fmt::format("{}: {} x = {}, whose solution is {}, by elimination without pivoting",
                                name_of(precision), show(a), show(system.c), show(solution_of_systems())),
            .claim = solve_claim(run, f),
            .predicted = show_run(run, f),
            .codes = run,
            .observe = [precision, all = numbers(system)](
                           const Observer& observer) { return eliminate(observer, precision, all); },
            .show = [f](const Codes& observed) { return show_run(observed, f); },
            .facts = solve_facts(system, precision, run)};
}

}  // namespace

std::optional<Vector2> computed_solution(const Matrix2& a, const Precision& precision) {
    return solution_of(predicted_run(system_of(a), precision), precision.arithmetic);
}

std::optional<Rational> computed_error(const Matrix2& a, const Precision& precision) {
    const auto x = computed_solution(a, precision);
    return x ? std::optional(truth::forward_error(*x, solution_of_systems())) : std::nullopt;
}

std::vector<Question> solve_questions() {
    std::vector<Question> questions;
    for (const Matrix2& a : {family(kappa_of_exercise()), stored_exactly()})
        for (const Precision& precision : precisions) questions.push_back(solve_question(a, precision));
    for (const Format& f : {bfloat16, binary16}) questions.push_back(solve_question(badly_scaled(), {f, f}));
    return questions;
}

}  // namespace halfulp
