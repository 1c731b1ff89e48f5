#include <halfulp/lib/workload/baseline.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace halfulp::workload {

using Checks = std::vector<Check>;

std::string_view name_of(Finding finding) {
    switch (finding) {
        case Finding::Confirmed: return "confirmed";
        case Finding::Refuted: return "refuted";
        case Finding::NotMeasured: return "not measured";
    }
    __builtin_unreachable();
}

Finding finding_of(const std::vector<Checks>& checks) {
    const auto fails = [](const Checks& part) {
        return std::any_of(part.begin(), part.end(), [](const Check& c) { return !c.holds; });
    };
    if (std::any_of(checks.begin(), checks.end(), fails)) return Finding::Refuted;
    const bool lacks = std::any_of(checks.begin(), checks.end(), [](const Checks& part) { return part.empty(); });
    return lacks ? Finding::NotMeasured : Finding::Confirmed;
}

std::vector<Judged> judged(const Bench& bench) {
    std::vector<Judged> all;
    for (const Baseline& baseline : baselines()) {
        std::vector<Checks> checks;
        for (const ClaimPart& part : baseline.parts) checks.push_back(part.judge(bench));
        all.push_back({&baseline, checks, finding_of(checks)});
    }
    return all;
}

Table check_table(const Checks& checks) {
    Table table{{"holds", "measured"}};
    if (checks.empty()) table.push_back({"-", "not measured"});
    for (const Check& check : checks) table.push_back({check.holds ? "yes" : "no", check.text});
    return table;
}

std::string baseline_text(const std::vector<Judged>& judged) {
    std::string text;
    for (const Judged& j : judged) {
        text += fmt::format("{}: {}\n", name_of(j.finding), j.baseline->claim);
        for (std::size_t i = 0; i < j.checks.size(); ++i)
            text += fmt::format("\n{}\n{}", j.baseline->parts[i].rule, to_columns(check_table(j.checks[i])));
        text += "\n\n";
    }
    return text;
}

bool any_result_refuted(const std::vector<Judged>& judged) {
    for (const Judged& j : judged)
        for (std::size_t i = 0; i < j.checks.size(); ++i)
            if (!j.baseline->parts[i].of_time && finding_of({j.checks[i]}) == Finding::Refuted) return true;
    return false;
}

}  // namespace halfulp::workload
