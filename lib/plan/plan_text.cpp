#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include <halfulp/lib/plan/plan.hpp>
#include <halfulp/lib/plan/scaling.hpp>

namespace halfulp::plan {
namespace {

std::string size_text(const workload::Problem& p) {
    return p.workload.is_vector ? std::to_string(p.k) : fmt::format("{} x {} x {}", p.m, p.k, p.n);
}

std::string seconds_text(double seconds) {
    if (!std::isfinite(seconds)) return "-";
    return seconds >= 1e-3 ? fmt::format("{:.3g} ms", seconds * 1e3) : fmt::format("{:.3g} us", seconds * 1e6);
}

std::string bytes_text(std::size_t bytes) {
    const auto x = static_cast<double>(bytes);
    return bytes >= 1000000 ? fmt::format("{:.3g} MB", x / 1e6) : fmt::format("{:.3g} kB", x / 1e3);
}

std::string digits_text(double x) {
    return fmt::format("{:.1f}", std::isfinite(x) ? std::round(10 * x) / 10 + 0.0 : x);
}

std::string error_text(double x) { return fmt::format("{:.1e}", x); }

/// Why it is not taken, and what else is to be known.
std::string remarks(const Ranked& r) {
    std::string text = r.verdict == Verdict::Impossible ? r.cost.limit : "";
    for (const Raised& raised : r.prediction.flags)
        text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", row_of(raised.flag).name, raised.why);
    return text;
}

std::string attainable(const Plan& plan) {
    if (std::isfinite(plan.attainable())) return fmt::format("{:.2g} is attainable", plan.attainable());
    return plan.policies.front().prediction.norm == 0 ? "the results are 0, and no error is small beside them"
                                                      : "none can be run";
}

double relative(const Prediction& p, double error) { return error == 0 ? 0 : error / p.norm; }

/// Whole below a million, where digits no longer say anything.
std::string kappa_text(double kappa) {
    return kappa < 1e6 ? fmt::format("{:.3g}", kappa) : fmt::format("{:.1e}", kappa);
}

nlohmann::json number_or_null(double x) { return std::isfinite(x) ? nlohmann::json(x) : nlohmann::json(); }

nlohmann::json json_of(const workload::Problem& problem, const Ranked& r) {
    const Prediction& p = r.prediction;
    nlohmann::json flags = nlohmann::json::array();
    for (const Raised& raised : p.flags) flags.push_back({{"flag", row_of(raised.flag).name}, {"why", raised.why}});
    return {{"policy", r.policy.name},
            {"storage", name_of(r.policy.by.storage)},
            {"accumulate", name_of(r.policy.by.accumulate)},
            {"order", order_text(problem.workload.kind, r.policy)},
            {"scaled_by_2_to", {exponents_of(problem, r.policy).a, exponents_of(problem, r.policy).b}},
            {"least_seconds", number_or_null(r.cost.seconds)},
            {"limit", r.cost.limit},
            {"bytes", r.cost.bytes},
            {"predicted", number_or_null(p.error())},
            {"digits", number_or_null(p.digits())},
            {"independent", number_or_null(relative(p, p.rms))},
            {"bound", number_or_null(relative(p, p.bound))},
            {"probable", number_or_null(relative(p, p.probable))},
            {"flags", flags},
            {"verdict", name_of(r.verdict)}};
}

}  // namespace

std::string plan_text(const Plan& plan) {
    const Question& q = plan.question;
    const workload::Problem& p = q.problem;
    const Prediction& first = plan.policies.front().prediction;
    std::string text = fmt::format("{} {}, tolerance {:g}, {}\n", p.workload.name, size_text(p), q.tolerance,
                                   q.processor ? fmt::format("{} ({})", q.processor->name, q.processor->source)
                                               : "one core of this CPU, by its measured ceilings");
    text +=
        fmt::format("{} of {} results looked at; kappa {}: {:.1f} digits are lost to cancellation\n\n",
                    first.places.size(), p.m * p.n, kappa_text(first.kappa), std::max(0.0, std::log10(first.kappa)));
    Table table = {{"policy", "order", "takes at least", "for", "bytes", "predicted", "digits", "probable", "bound",
                    "verdict", "because"}};
    for (const Ranked& r : plan.policies) {
        const Prediction& x = r.prediction;
        table.push_back({r.policy.name, order_text(p.workload.kind, r.policy), seconds_text(r.cost.seconds),
                         r.cost.limit, bytes_text(r.cost.bytes), error_text(x.error()), digits_text(x.digits()),
                         error_text(relative(x, x.probable)), error_text(relative(x, x.bound)),
                         std::string(name_of(r.verdict)), remarks(r)});
    }
    text += to_columns(table);
    if (plan.chosen() == nullptr) text += fmt::format("\nno policy attains {:g}: {}\n", q.tolerance, attainable(plan));
    return text;
}

std::string certificate_text(const Plan& plan, const Certificate& c) {
    const Ranked& r = *plan.chosen();
    const Question& q = plan.question;
    std::string text = fmt::format("\ncertificate of {}\n", r.policy.name);
    for (const Input& input : q.inputs)
        text +=
            fmt::format("  input      {}, {}, hash {:016x}\n", input.name, fmt::join(input.shape, " x "), input.hash);
    text += fmt::format("  predicted  {:.2e}\n  measured   {:.2e}, on {} of {} results, against exact sums\n",
                        r.prediction.error(), c.measured, r.prediction.places.size(), q.problem.m * q.problem.n);
    text += fmt::format("  bound      {:.2e}, {} in every place: the largest error is {:.2g} of its own\n",
                        relative(r.prediction, r.prediction.bound), c.keeps_bound ? "kept" : "NOT KEPT", c.of_bound);
    text += fmt::format("  result     hash {:016x}\n", c.hash);
    text += fmt::format("  verdict    {}\n", !c.keeps_bound || !c.as_predicted
                                                 ? "contradicted: the measurement is not what was predicted"
                                             : !c.meets_tolerance ? "missed: the tolerance is exceeded"
                                                                  : "holds: as predicted, within the tolerance");
    return text;
}

std::string to_json(const Plan& plan, const std::optional<Certificate>& certificate) {
    const Question& q = plan.question;
    const workload::Problem& p = q.problem;
    nlohmann::json json = {{"workload", p.workload.name},
                           {"m", p.m},
                           {"n", p.n},
                           {"k", p.k},
                           {"tolerance", q.tolerance},
                           {"kappa", number_or_null(plan.policies.front().prediction.kappa)},
                           {"attainable", number_or_null(plan.attainable())}};
    json["processor"] = q.processor ? nlohmann::json({{"name", q.processor->name}, {"source", q.processor->source}})
                                    : nlohmann::json("one core of this CPU");
    for (const Input& input : q.inputs)
        json["inputs"].push_back(
            {{"name", input.name}, {"shape", input.shape}, {"hash", fmt::format("{:016x}", input.hash)}});
    for (const Ranked& r : plan.policies) json["policies"].push_back(json_of(p, r));
    if (certificate && certificate->seconds)
        json["time"] = {{"seconds", *certificate->seconds}, {"seconds_of_cheapest", *certificate->seconds_of_cheapest}};
    if (certificate)
        json["certificate"] = {
            {"policy", plan.chosen()->policy.name},
            {"predicted", number_or_null(plan.chosen()->prediction.error())},
            {"bound", number_or_null(relative(plan.chosen()->prediction, plan.chosen()->prediction.bound))},
            {"measured", number_or_null(certificate->measured)},
            {"results", {{"checked", plan.chosen()->prediction.places.size()}, {"of", p.m * p.n}}},
            {"of_bound", number_or_null(certificate->of_bound)},
            {"hash", fmt::format("{:016x}", certificate->hash)},
            {"keeps_bound", certificate->keeps_bound},
            {"as_predicted", certificate->as_predicted},
            {"meets_tolerance", certificate->meets_tolerance},
            {"verdict", certificate->holds() ? "holds" : "does not hold"}};
    return json.dump(2) + "\n";
}

}  // namespace halfulp::plan
