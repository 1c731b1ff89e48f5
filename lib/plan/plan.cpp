#include <halfulp/lib/plan/plan.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

#include <halfulp/lib/measure/timing.hpp>
#include <halfulp/lib/plan/run.hpp>
#include <halfulp/lib/plan/scaling.hpp>
#include <halfulp/lib/workload/measurement.hpp>
#include <halfulp/lib/workload/truth.hpp>

namespace halfulp::plan {
namespace {

constexpr std::size_t most_places = 256;

constexpr std::array<std::string_view, 6> verdict_names = {"chosen",  "enough",  "imprecise",
                                                           "ordered", "refused", "impossible"};

bool is_order_independent(const Question& q, const Policy& policy) {
    if (policy.saturates) return false;
    return policy.by.storage.integer || (policy.unit == nullptr && order_of(q.problem.workload.kind, policy).exact);
}

std::vector<Policy> policies_of(const Question& q) {
    return q.processor ? unit_policies(q.processor->rows_of, q.processor->name) : cpu_policies(q.problem.workload.kind);
}

Verdict verdict_of(const Question& q, const Ranked& r) {
    if (!std::isfinite(r.cost.seconds)) return Verdict::Impossible;
    if (r.prediction.is_forbidden()) return Verdict::Forbidden;
    if (q.order_independent && !is_order_independent(q, r.policy)) return Verdict::Ordered;
    const bool enough = r.prediction.error() * margin(r.prediction.places.size()) <= q.tolerance;
    return enough ? Verdict::Enough : Verdict::Imprecise;
}

/// By this CPU's kernel, once its operands are stored.
double seconds_of(const Question& q, const Policy& policy) {
    const auto computation = *prepared(scaled_problem(q.problem, exponents_of(q.problem, policy)), policy, q.threads);
    return measure::best_seconds({{"", computation.run}}, 9, 1, measure::wall_seconds).front();
}

/// Would other exponents help?
bool suffers_from_range(const Prediction& p) { return p.raised(Flag::Overflow) || p.raised(Flag::Underflow); }

}  // namespace

std::string_view name_of(Verdict verdict) { return verdict_names[static_cast<std::size_t>(verdict)]; }

const Ranked* Plan::chosen() const {
    const auto found =
        std::find_if(policies.begin(), policies.end(), [](const Ranked& r) { return r.verdict == Verdict::Cheapest; });
    return found == policies.end() ? nullptr : &*found;
}

const Ranked& Plan::cheapest() const {
    return *std::find_if(policies.begin(), policies.end(),
                         [](const Ranked& r) { return r.verdict < Verdict::Forbidden; });
}

double Plan::attainable() const {
    double least = std::numeric_limits<double>::infinity();
    for (const Ranked& r : policies)
        if (r.verdict <= Verdict::Imprecise)
            least = std::min(least, r.prediction.error() * margin(r.prediction.places.size()));
    return least;
}

double margin(std::size_t places) { return 1 + 1 / std::sqrt(static_cast<double>(places)); }

Plan planned(Question question, const std::vector<measure::Ceiling>& ceilings) {
    Plan plan{std::move(question), {}};
    const Question& q = plan.question;
    const std::vector<std::size_t> places = places_among(q.problem.m * q.problem.n, most_places);
    const auto add = [&](Policy policy) {
        const Cost cost =
            q.processor ? unit_cost(q.problem, policy, *q.processor) : cpu_cost(q.problem, policy, ceilings);
        Prediction prediction = predicted(q.problem, policy, places);
        plan.policies.push_back({std::move(policy), std::move(prediction), cost, {}});
        plan.policies.back().verdict = verdict_of(q, plan.policies.back());
        return suffers_from_range(plan.policies.back().prediction);
    };
    for (Policy& policy : policies_of(q)) {
        if (!add(policy) || policy.by.storage.integer) continue;
        policy.scaled = true;
        policy.name += " scaled";
        add(policy);
    }
    std::stable_sort(plan.policies.begin(), plan.policies.end(), [](const Ranked& x, const Ranked& y) {
        return std::tuple(x.cost.seconds, x.cost.bytes, x.policy.scaled) <
               std::tuple(y.cost.seconds, y.cost.bytes, y.policy.scaled);
    });
    const auto first = std::find_if(plan.policies.begin(), plan.policies.end(),
                                    [](const Ranked& r) { return r.verdict == Verdict::Enough; });
    if (first != plan.policies.end()) first->verdict = Verdict::Cheapest;
    return plan;
}

Certificate run(const Plan& plan) {
    const Question& q = plan.question;
    const Prediction& p = plan.chosen()->prediction;
    const std::vector<double> results = computed(q.problem, plan.chosen()->policy, q.threads);
    const workload::Truth truth = truth_at(q.problem, p.places);
    std::vector<double> there;
    for (const std::size_t place : p.places) there.push_back(results[place]);
    Certificate c{};
    c.measured = workload::error_of(there, truth.values, plan.chosen()->policy.by.result).relative_norm;
    c.keeps_bound = true;
    for (std::size_t i = 0; i < there.size(); ++i) {
        const double error = std::abs(there[i] - truth.values[i]);
        c.keeps_bound = c.keeps_bound && error <= p.bounds[i];
        if (error > 0) c.of_bound = std::max(c.of_bound, error / p.bounds[i]);
    }
    c.hash = workload::hash_of(results);
    c.as_predicted = c.measured <= 5 * p.error();
    c.meets_tolerance = c.measured <= q.tolerance;
    if (q.processor) return c;
    c.seconds = seconds_of(q, plan.chosen()->policy);
    c.seconds_of_cheapest = seconds_of(q, plan.cheapest().policy);
    return c;
}

}  // namespace halfulp::plan
