#include <halfulp/lib/exercise/condition.h>

#include <fmt/format.h>

#include <array>

#include <halfulp/lib/exercise/condition/solve.h>
#include <halfulp/lib/exercise/condition/storage.h>
#include <halfulp/lib/exercise/condition/systems.h>

namespace halfulp {
namespace {

using truth::Matrix2;
using truth::Rational;

constexpr std::array storages = {binary64, binary32, bfloat16, binary16};

Rational kappa_u(const Format& f) { return kappa_of_exercise() * unit_roundoff(f); }

/// "4.1 digits": what of the solution is right.
std::string left_by_elimination(const Matrix2& a, const Precision& precision) {
    const auto error = computed_error(a, precision);
    return error ? show_digits(*error) : "nothing finite";
}

// The explanation, a paragraph each.

std::string what_kappa_says() {
    std::string digits;
    for (const Format& f : storages)
        digits +=
            fmt::format("{}{} in {}", digits.empty() ? "" : ", ", show_log10(1 / unit_roundoff(f)), short_name(f));
    return fmt::format(
        "The condition number of A, kappa = ||A|| * ||inverse of A||, says how much larger than a relative change of A "
        "and c the relative change of the solution of A x = c can be: at worst, and measured in norms. kappa = {} can cost "
        "log10(kappa) = {} decimal digits. A format has -log10(u) of them: {}.",
        show(kappa_of_exercise()), show_log10(kappa_of_exercise()), digits);
}

std::string where_the_bound_holds() {
    return fmt::format(
        "Storing A and c, as normal numbers, moves each entry by at most u, relatively, hence the solution by at most 2 kappa u / (1 - kappa u) "
        "(Higham 2002, theorem 7.2): if kappa u < 1. In fp32 kappa u is {}. In fp16 it is {}, in bf16 {}: the bound is "
        "void there, and so is the first-order one, kappa u. They then say nothing, not that the error is large: a "
        "matrix that near may be singular.",
        show(kappa_u(binary32)), show(kappa_u(binary16)), show(kappa_u(bfloat16)));
}

std::string what_storing_destroys() {
    const Matrix2 a = family(kappa_of_exercise());
    const Rational u = unit_roundoff(binary16), border = truth::kappa_inf(symmetric_matrix(1, 1 - u / 2));
    const Matrix2 nearly = ties_to_one_code(binary16);
    return fmt::format(
        "{} is such a matrix. It is regular, with determinant {}; in fp16 and bf16 all its entries are 1. Of its family "
        "fp16 makes every matrix singular from kappa = {} on. The other way round, kappa_inf < {} keeps every fp16 matrix "
        "regular, as long as the entries are normal numbers. Not much more would do: {} of kappa {} becomes "
        "singular, and so does, of fp32's numbers, one of kappa {}.",
        show(a), show(truth::determinant(a)), show(border), show(safe_kappa(binary16)), show(nearly),
        show(truth::kappa_inf(nearly)), show(least_kappa_stored_singular(binary16)));
}

std::string what_exact_storing_hides() {
    const Matrix2 a = stored_exactly();
    const Rational t = shift_to_singular(a), half_unit = half_unit_of_stored_exactly(binary16);
    const Matrix2 reversed = shifted(a, 2 * t);
    return fmt::format(
        "{} is stored exactly, and fp32 arithmetic then solves with {}. That is true of these very numbers. If they are "
        "data that were rounded to fp16, they stand for every matrix within half a unit of them, {}. One within {} is "
        "singular. One within {} has, with the same right side, the solution {} instead of {}. So fp16 data of such a "
        "matrix determine no digit, not even the signs, and no arithmetic brings back what storing lost.",
        show(a), left_by_elimination(a, {binary16, binary32}), show(half_unit), show(t), show(2 * t),
        show(truth::solution(reversed, system_of(a).c)), show(solution_of_systems()));
}

std::string what_elimination_adds() {
    const Matrix2 a = stored_exactly();
    const auto x = computed_solution(a, {bfloat16, bfloat16});
    return fmt::format(
        "Elimination rounds each of its results: {}. The backward error is the least change of the data that makes the "
        "computed solution exact: of A and c in norm (Rigal and Gaches), or of each entry (Oettli and Prager). Good "
        "arithmetic keeps it near u and can do no more. In bf16 {} is solved with a normwise backward error of {}, where "
        "u = {}, and with {} right: a small backward error times kappa is a large forward error. If the change that it "
        "takes turns the pivot into 0, as in fp16, there is no solution at all.",
        steps_text(), show(a), x ? show(truth::normwise_backward_error(system_of(a), *x)) : "infinity",
        show(unit_roundoff(bfloat16)), left_by_elimination(a, {bfloat16, bfloat16}));
}

std::string what_kappa_does_not_say() {
    Matrix2 scaled = badly_scaled();
    const Rational power = truth::pow2(-truth::floor_log2(scaled[3]));
    scaled[3] *= power;
    return fmt::format(
        "kappa is the worst case, not the case at hand. {} has kappa = {} too, and bf16 and fp16 solve it without any "
        "error, as its rows merely differ in size. Rows are scaled by powers of two first, which is exact: the second one "
        "by {} gives kappa_inf = {}. Nor are the digits that kappa can cost a prediction of those that it does: of {} digits "
        "in fp32 a loss of {} would leave {}; elimination left {} and {}.",
        show(badly_scaled()), show(truth::kappa_inf(badly_scaled())), show(power), show(truth::kappa_inf(scaled)),
        show_log10(1 / unit_roundoff(binary32)), show_log10(kappa_of_exercise()), show_log10(1 / kappa_u(binary32)),
        left_by_elimination(family(kappa_of_exercise()), {binary32, binary32}),
        left_by_elimination(stored_exactly(), {binary32, binary32}));
}

std::string what_fp16_is_good_for() {
    return fmt::format(
        "fp16 can still serve to factorise a copy of A, as a preconditioner, with A itself and the residuals in higher "
        "precision. With LU factors alone kappa = 10^4 is a rule of thumb: the theory needs kappa u < 1, in fp16 "
        "kappa < {}. With GMRES preconditioned by them it reaches 10^8 (Carson and Higham 2018). Either needs factors "
        "without a zero pivot, and the copy of {} has one.",
        show(1 / unit_roundoff(binary16)), show(family(kappa_of_exercise())));
}

std::string explanation() {
    return fmt::format("{}\n\n{}\n\n{}\n\n{}\n\n{}\n\n{}\n\n{}", what_kappa_says(), where_the_bound_holds(),
                       what_storing_destroys(), what_exact_storing_hides(), what_elimination_adds(),
                       what_kappa_does_not_say(), what_fp16_is_good_for());
}

// The conclusion, a paragraph for each format that data may be stored in.

std::string verdict_on(const Format& storage) {
    const auto bound = truth::perturbation_bound(kappa_of_exercise(), unit_roundoff(storage));
    std::string text = fmt::format("{} storage: kappa u = {}", short_name(storage), show(kappa_u(storage)));
    if (bound)
        text += fmt::format(
            " < 1, viable. The data determine the solution to {} at least ({} by the rule -log10(kappa u)).",
            show_digits(*bound), show_log10(1 / kappa_u(storage)));
    else
        text += " >= 1, not viable. The data need not determine any digit, nor that there is a solution.";
    for (const Precision& precision : precisions)
        if (precision.storage == storage)
            text += fmt::format(" Elimination in {} arithmetic leaves {} for A, {} for B.",
                                short_name(precision.arithmetic),
                                left_by_elimination(family(kappa_of_exercise()), precision),
                                left_by_elimination(stored_exactly(), precision));
    return text;
}

std::string conclusion() {
    std::string text = fmt::format(
        "A = {}, kappa = {}; B = {}, kappa_2 + 1 / kappa_2 = {}:", show(family(kappa_of_exercise())),
        show(kappa_of_exercise()), show(stored_exactly()), show(truth::kappa_2_plus_inverse(stored_exactly())));
    for (const Format& storage : storages) text += "\n" + verdict_on(storage);
    return text;
}

}  // namespace

Exercise condition() {
    Exercise exercise{.number = 3,
                      .title = "Condition number " + show(kappa_of_exercise()),
                      .explanation = explanation(),
                      .questions = storage_questions(),
                      .conclusion = conclusion()};
    for (Question& question : solve_questions()) exercise.questions.push_back(std::move(question));
    return exercise;
}

}  // namespace halfulp
