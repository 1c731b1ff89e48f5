#include "condition_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include <halfulp/lib/condition/matrix_condition.hpp>
#include <halfulp/lib/condition/norm.hpp>
#include <halfulp/lib/condition/problems/matrices.hpp>
#include <halfulp/lib/condition/problems/randsvd.hpp>
#include <halfulp/softfloat/formats.hpp>

using namespace halfulp;

namespace {

using Json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, "; ")); }

std::string verdict(const conditioning::StorageLoss& s, double kappa) {
    const std::vector<std::string> reasons = against(s, kappa), notes = warnings(s);
    if (!reasons.empty()) return "not viable: " + joined(reasons);
    return notes.empty() ? "viable" : "viable, but " + joined(notes);
}

std::string kappa_u(const conditioning::StorageLoss& s, double kappa) {
    return fmt::format("{:.2g}", kappa * s.unit_roundoff);
}

std::vector<std::string> storage_row(const std::string& name, const conditioning::StorageLoss& s, double kappa) {
    return {name, fmt::format("2^-{}", s.format.precision), kappa_u(s, kappa), fmt::format("{:.1f}", s.digits(kappa)),
            verdict(s, kappa)};
}

constexpr const char* scaled_name = "fp16, scaled";

Table storage_table(const ConditionReport& report) {
    Table table = {{"stored in", "u", "kappa u", "digits", "verdict"}};
    for (const conditioning::StorageLoss& s : report.storages)
        table.push_back(storage_row(std::string(short_name(s.format)), s, report.kappa));
    if (report.scaled) table.push_back(storage_row(scaled_name, *report.scaled, report.kappa_scaled));
    return table;
}

/// JSON has no infinity: null.
Json number(double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); }

Json storage_json(const std::string& name, const conditioning::StorageLoss& s, double kappa) {
    return {{"stored in", name},
            {"unit roundoff", s.unit_roundoff},
            {"kappa u", number(kappa * s.unit_roundoff)},
            {"digits", s.digits(kappa)},
            {"beyond range", s.beyond},
            {"become 0", s.lost},
            {"subnormal", s.subnormal},
            {"viable", against(s, kappa).empty()},
            {"why not", against(s, kappa)}};
}

Json trial_json(const solve::Trial& t) {
    return {{"matrix", t.subject},
            {"kappa", number(t.kappa)},
            {"format", short_name(t.format)},
            {"method", solve::methods[static_cast<std::size_t>(t.method)].name},
            {"promised", t.promised},
            {"converged", t.converged()},
            {"why not", t.result.failure},
            {"corrections", t.result.corrections},
            {"products", t.result.products},
            {"normwise backward error", number(t.result.normwise)},
            {"componentwise backward error", number(t.result.componentwise)},
            {"HPL-MxP", number(t.result.hpl_mxp)}};
}

std::vector<std::string> problem_row(const std::string& name, const conditioning::Matrix& a, const std::string& known,
                                     const std::string& known_1) {
    const double by_inverse = kappa_1(a);
    const conditioning::Kappa1Estimate estimate = estimated_kappa_1(a);
    return {name,
            fmt::format("{}", a.rows),
            known,
            fmt::format("{:.4g}", kappa_2(a)),
            known_1,
            fmt::format("{:.4g}", by_inverse),
            fmt::format("{:.4g}", estimate.value),
            fmt::format("{:.2f}", estimate.value / by_inverse),
            fmt::format("{}", estimate.solves)};
}

}  // namespace

std::string condition_text(const ConditionReport& report) {
    Table table;
    for (const Kappa& k : report.kappas) table.push_back({k.name, fmt::format("{:.6g}", k.value), k.how});
    std::string text = report.what + "\n" + to_columns(table) + "\n" + to_columns(storage_table(report));
    if (!report.trials.empty()) text += "\n" + to_columns(refinement_table(report.trials));
    return text;
}

std::string condition_json(const ConditionReport& report) {
    Json json = {{"problem", report.what}, {"kappa", number(report.kappa)}};
    for (const Kappa& k : report.kappas)
        json["condition numbers"].push_back({{"name", k.name}, {"value", number(k.value)}, {"how", k.how}});
    for (const conditioning::StorageLoss& s : report.storages)
        json["storage"].push_back(storage_json(std::string(short_name(s.format)), s, report.kappa));
    if (report.scaled) json["storage"].push_back(storage_json(scaled_name, *report.scaled, report.kappa_scaled));
    for (const solve::Trial& t : report.trials) json["solve"].push_back(trial_json(t));
    return json.dump(2) + "\n";
}

Table refinement_table(std::span<const solve::Trial> trials) {
    Table table = {{"matrix", "kappa", "factors", "method", "predicted", "observed", "corrections", "products",
                    "backward error", "HPL-MxP"}};
    for (const solve::Trial& t : trials)
        table.push_back({t.subject, fmt::format("{:.2g}", t.kappa), std::string(short_name(t.format)),
                         std::string(solve::methods[static_cast<std::size_t>(t.method)].name), t.promised ? "yes" : "-",
                         t.converged() ? "yes" : std::string(t.result.failure), fmt::format("{}", t.result.corrections),
                         fmt::format("{}", t.result.products), fmt::format("{:.1e}", t.result.normwise),
                         fmt::format("{:.2g}", t.result.hpl_mxp)});
    return table;
}

Table problem_table() {
    Table table = {
        {"problem", "n", "kappa_2 known", "by SVD", "kappa_1 known", "by inverse", "estimated", "ratio", "solves"}};
    for (const conditioning::KnownMatrix& row : conditioning::known_matrices())
        for (const std::size_t n : {std::size_t{2}, std::size_t{5}, std::size_t{8}, std::size_t{12}}) {
            if (n < row.least || n > row.most) continue;
            const conditioning::Matrix a = row.make(n);
            table.push_back(problem_row(std::string(row.name), a,
                                        row.kappa_2 ? fmt::format("{:.4g}", row.kappa_2(n)) : "-",
                                        row.inverse ? fmt::format("{:.4g}", norm_1(a) * norm_1(row.inverse(n))) : "-"));
        }
    for (const conditioning::SpectrumRow& row : conditioning::spectra)
        for (const double kappa : {1e2, 1e6, 1e10, 1e14})
            table.push_back(problem_row(std::string(row.name), randsvd(50, kappa, row.value, 1),
                                        fmt::format("{:.4g}", kappa), "-"));
    return table;
}
