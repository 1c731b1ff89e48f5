#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include <halfulp/lib/plan/calibration.hpp>

namespace halfulp::plan {
namespace {

std::string flags_text(const Calibrated& c) {
    std::string text;
    for (const Flag flag : c.flags) text.append(text.empty() ? "" : ", ").append(row_of(flag).name);
    return text;
}

std::string workload_name(const Calibrated& c) {
    return std::string(workload::workloads[static_cast<std::size_t>(c.cell.kind)].name);
}

std::string size_text(const Calibrated& c) {
    return c.cell.rows == 0 ? std::to_string(c.cell.size) : fmt::format("{0} x {1} x {0}", c.cell.rows, c.cell.size);
}

std::string data_text(const Calibrated& c) {
    return c.cell.kappa == 0 ? std::string(c.cell.data) : fmt::format("{} {:.0e}", c.cell.data, c.cell.kappa);
}

/// Pairs: predicted and counted, and all that there are.
std::string saturated_text(const Calibrated& c) {
    return c.cell.policy.saturates ? fmt::format("{}, {} of {}", c.saturated, c.counted, c.everywhere) : "";
}

/// Of one workload and policy.
std::vector<std::string> summary_row(std::span<const Calibrated> cells) {
    std::vector<double> ratios;
    double of_bound = 0;
    for (const Calibrated& c : cells) {
        if (!c.is_flagged()) ratios.push_back(c.ratio());
        of_bound = std::max(of_bound, c.of_bound);
    }
    std::sort(ratios.begin(), ratios.end());
    const auto ratio = [&](std::size_t i) { return ratios.empty() ? "-" : fmt::format("{:.2f}", ratios[i]); };
    const std::size_t last = ratios.empty() ? 0 : ratios.size() - 1;
    return {workload_name(cells[0]),
            cells[0].cell.policy.name,
            std::to_string(cells.size()),
            std::to_string(cells.size() - ratios.size()),
            ratio(0),
            ratio(last / 2),
            ratio(last),
            fmt::format("{:.2g}", of_bound)};
}

nlohmann::json number(double x) { return std::isfinite(x) ? nlohmann::json(x) : nlohmann::json(); }

}  // namespace

Table to_table(const std::vector<Calibrated>& cells) {
    Table table = {{"workload", "policy", "order", "size", "data", "kappa", "independent", "predicted", "measured",
                    "ratio", "bound", "of bound", "saturate", "flags"}};
    for (const Calibrated& c : cells)
        table.push_back({workload_name(c), c.cell.policy.name, order_text(c.cell.kind, c.cell.policy), size_text(c),
                         data_text(c), fmt::format("{:.1e}", c.kappa), fmt::format("{:.2e}", c.rms),
                         fmt::format("{:.2e}", c.expected), fmt::format("{:.2e}", c.measured),
                         fmt::format("{:.2f}", c.ratio()), fmt::format("{:.1e}", c.bound),
                         fmt::format("{:.2g}", c.of_bound), saturated_text(c), flags_text(c)});
    return table;
}

Table to_summary(const std::vector<Calibrated>& cells) {
    Table table = {{"workload", "policy", "cells", "flagged", "least ratio", "median", "largest", "nearest to bound"}};
    for (std::size_t start = 0, end = 0; start < cells.size(); start = end) {
        const auto is_alike = [&](const Calibrated& c) {
            return c.cell.kind == cells[start].cell.kind && c.cell.policy.name == cells[start].cell.policy.name;
        };
        while (end < cells.size() && is_alike(cells[end])) ++end;
        table.push_back(summary_row(std::span(cells).subspan(start, end - start)));
    }
    return table;
}

Table to_table(const std::vector<Criterion>& criteria) {
    Table table = {{"criterion", "holds", "wanted", ""}};
    for (const Criterion& c : criteria)
        table.push_back({c.claim, fmt::format("{} of {} cells", c.holds, c.of),
                         c.wanted > 0 ? fmt::format("{:.0f} %", 100 * c.wanted) : "-",
                         c.wanted == 0 ? "only counted"
                         : c.is_met()  ? "met"
                                       : "NOT MET"});
    return table;
}

std::string to_json(const std::vector<Calibrated>& cells) {
    nlohmann::json json = {{"cells", nlohmann::json::array()}, {"criteria", nlohmann::json::array()}};
    for (const Calibrated& c : cells)
        json["cells"].push_back(
            {{"workload", workload_name(c)},
             {"policy", c.cell.policy.name},
             {"order", order_text(c.cell.kind, c.cell.policy)},
             {"size", size_text(c)},
             {"data", data_text(c)},
             {"kappa", number(c.kappa)},
             {"rms", number(c.rms)},
             {"expected", number(c.expected)},
             {"bound", number(c.bound)},
             {"probable", number(c.probable)},
             {"measured", number(c.measured)},
             {"of_bound", number(c.of_bound)},
             {"saturated_pairs", {{"predicted", c.saturated}, {"counted", c.counted}, {"everywhere", c.everywhere}}},
             {"flags", flags_text(c)}});
    for (const Criterion& c : criteria(cells))
        json["criteria"].push_back(
            {{"claim", c.claim}, {"holds", c.holds}, {"of", c.of}, {"wanted", c.wanted}, {"met", c.is_met()}});
    return json.dump(2) + "\n";
}

Plot to_plot(const std::vector<Calibrated>& cells) {
    Series clean{"unflagged", Colour::Blue, Mark::Circle, Stroke::None, {}},
        flagged{"flagged", Colour::Vermilion, Mark::Triangle, Stroke::None, {}},
        equal{"as predicted", Colour::Black, Mark::None, Stroke::Solid, {}},
        three{"3 times, a third", Colour::Grey, Mark::None, Stroke::Dashed, {}},
        third{"", Colour::Grey, Mark::None, Stroke::Dashed, {}};
    std::vector<double> x, y;
    for (const Calibrated& c : cells) {
        if (!std::isfinite(c.measured) || c.measured == 0 || c.rms == 0) continue;
        (c.is_flagged() ? flagged : clean).points.push_back({c.rms, c.measured, ""});
        x.push_back(c.rms);
        y.push_back(c.measured);
    }
    Plot plot{"Relative error, measured against what independent errors would come to",
              axis_over("independent errors", x),
              axis_over("measured", y),
              {},
              ""};
    for (const double at : {plot.x.low, plot.x.high}) {
        equal.points.push_back({at, at, ""});
        three.points.push_back({at, 3 * at, ""});
        third.points.push_back({at, at / 3, ""});
    }
    plot.series = {clean, flagged, equal, three, third};
    return plot;
}

}  // namespace halfulp::plan
