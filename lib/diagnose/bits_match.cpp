#include <halfulp/lib/diagnose/bits_match.hpp>

#include <utility>

namespace halfulp {

BitsMatch::BitsMatch(std::string_view unit, Gemm gemm, const GemmPlan& plan, NanBits nans)
    : wanted_(asked_alone(unit, gemm, plan)), gemm_(std::move(gemm)), nans_(nans) {}

bool BitsMatch::MatchAndExplain(const Matrix& d, std::ostream* listener) const {
    Hypothesis wanted = wanted_;
    if (!wanted.plan.output) wanted.plan.output = d.element;
    if (d.rows != gemm_.a.rows || d.columns != gemm_.b.columns || d.element != *wanted.plan.output) {
        if (listener != nullptr) *listener << "which has another shape or element type";
        return false;
    }
    const Candidate held = held_against(wanted, gemm_, d, nans_);
    if (held.matches == d.codes.size() && held.nans == 0) return true;
    const ExplainOptions asked{.asked = {wanted}, .alpha = wanted.plan.alpha, .beta = wanted.plan.beta, .nans = nans_};
    if (listener != nullptr) *listener << '\n' << explanation_text(explain(gemm_, d, asked));
    return false;
}

}  // namespace halfulp
