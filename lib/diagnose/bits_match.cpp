#include <halfulp/lib/diagnose/bits_match.hpp>

#include <utility>

#include <fmt/format.h>

#include <halfulp/lib/diagnose/explain.hpp>
#include <halfulp/lib/io/text_file.hpp>

namespace halfulp {

namespace {

Hypothesis the_one(std::string_view unit, const Gemm& gemm, const GemmPlan& plan) {
    const std::vector<Hypothesis> asked = asked_by_name(unit, question_of(gemm, gemm.a));
    if (asked.size() > 1)
        throw InputError(fmt::format("expected one unit that takes these formats, found {} by {}: {}; {}", asked.size(),
                                     shown(unit), asked[0].name, asked[1].name));
    check(asked.front().unit, plan, gemm);
    Hypothesis wanted = asked.front();
    wanted.plan = plan;
    return wanted;
}

}  // namespace

BitsMatch::BitsMatch(std::string_view unit, Gemm gemm, const GemmPlan& plan)
    : wanted_(the_one(unit, gemm, plan)), gemm_(std::move(gemm)) {}

bool BitsMatch::MatchAndExplain(const Matrix& d, std::ostream* listener) const {
    Hypothesis wanted = wanted_;
    if (!wanted.plan.output) wanted.plan.output = d.element;
    const Matrix expected = predict(wanted.unit, wanted.plan, gemm_);
    if (d == expected) return true;
    if (listener == nullptr) return false;
    if (d.rows != expected.rows || d.columns != expected.columns || d.element != expected.element)
        *listener << "which has another shape or another element type";
    else
        *listener << '\n'
                  << explanation_text(
                         explain(gemm_, d, {.asked = {wanted}, .alpha = wanted.plan.alpha, .beta = wanted.plan.beta}));
    return false;
}

}  // namespace halfulp
