#include <halfulp/lib/workload/bench_text.hpp>

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace halfulp::workload {
namespace {

using Json = nlohmann::ordered_json;

std::string_view unit_of(measure::Kind kind) {
    switch (kind) {
        case measure::Kind::Arithmetic: return "Gop/s";
        case measure::Kind::Conversion: return "G/s";
        case measure::Kind::Reading: return "GB/s";
    }
    __builtin_unreachable();
}

/// Seconds in the unit that suits them.
std::string time_text(double seconds) {
    for (const auto& [unit, name] : {std::pair{1.0, "s"}, std::pair{1e-3, "ms"}, std::pair{1e-6, "us"}})
        if (seconds >= unit) return fmt::format("{:.3g} {}", seconds / unit, name);
    return fmt::format("{:.3g} ns", seconds / 1e-9);
}

std::string bytes_text(std::size_t bytes) {
    for (const auto& [shift, name] : {std::pair{30U, "GiB"}, std::pair{20U, "MiB"}, std::pair{10U, "KiB"}})
        if (bytes >> shift > 0)
            return fmt::format("{:.3g} {}", static_cast<double>(bytes) / static_cast<double>(1U << shift), name);
    return fmt::format("{} B", bytes);
}

/// JSON has no infinity: null.
Json number(double x) { return std::isfinite(x) ? Json(x) : Json(); }

Json error_json(const Error& e) {
    return {{"largest", number(e.largest)},   {"largest_relative", number(e.largest_relative)},
            {"ulps", number(e.largest_ulps)}, {"relative_norm", number(e.relative_norm)},
            {"sqnr_db", number(e.sqnr())},    {"digits", number(e.digits())},
            {"not_finite", e.not_finite}};
}

Json measurement_json(const Measurement& m) {
    return {{"by", m.computed_by},
            {"peer", m.is_peer},
            {"policy", m.policy},
            {"seconds", m.seconds},
            {"operations", m.operations},
            {"bytes", m.bytes},
            {"roof", {{"name", m.roof.name}, {"seconds", m.roof.seconds}}},
            {"against_fp32", error_json(m.against_fp32)},
            {"against_truth", error_json(m.against_truth)},
            {"checked", m.checked},
            {"wrong", m.wrong},
            {"hash", fmt::format("{:016x}", m.hash)}};
}

Json machine_json(const measure::Machine& machine) {
    Json levels = Json::array();
    for (const measure::Level& level : machine.levels) levels.push_back({{"name", level.name}, {"bytes", level.bytes}});
    return {{"processor", machine.processor}, {"threads", machine.threads}, {"memory", machine.memory},
            {"clock_mhz", machine.clock_mhz}, {"levels", levels},           {"compiler", machine.compiler},
            {"target", machine.target},       {"load", machine.load}};
}

}  // namespace

Table ceiling_table(const Bench& bench) {
    Table table{{"ceiling of one core", "rate", "array"}};
    for (const measure::Ceiling& c : bench.ceilings)
        table.push_back({(c.kind == measure::Kind::Reading ? "read " : "") + c.name,
                         fmt::format("{:.1f} {}", c.per_second * 1e-9, unit_of(c.kind)),
                         c.bytes > 0 ? bytes_text(c.bytes) : ""});
    return table;
}

Table measurement_table(const Benched& problem) {
    Table table{{"by", "time", "Gop/s", "GB/s", "bytes", "of its roof", "error to fp32", "error to truth", "ulps",
                 "SQNR dB", "digits", "wrong", "hash"}};
    for (const Measurement& m : problem.measurements)
        table.push_back(
            {m.computed_by, time_text(m.seconds), fmt::format("{:.1f}", m.operations / m.seconds * 1e-9),
             fmt::format("{:.1f}", static_cast<double>(m.bytes) / m.seconds * 1e-9), bytes_text(m.bytes),
             m.roof.name.empty() ? "-" : fmt::format("{:.0f} % ({})", 100 * m.roof.seconds / m.seconds, m.roof.name),
             fmt::format("{:.2e}", m.against_fp32.relative_norm), fmt::format("{:.2e}", m.against_truth.relative_norm),
             fmt::format("{:.3g}", m.against_truth.largest_ulps), fmt::format("{:.1f}", m.against_truth.sqnr()),
             fmt::format("{:.1f}", m.against_truth.digits()),
             m.checked == 0 ? "-" : fmt::format("{} of {}", m.wrong, m.checked), fmt::format("{:016x}", m.hash)});
    return table;
}

std::string to_json(const Bench& bench) {
    Json ceilings = Json::array(), problems = Json::array();
    for (const measure::Ceiling& c : bench.ceilings)
        ceilings.push_back(
            {{"name", c.name}, {"unit", unit_of(c.kind)}, {"per_second", c.per_second}, {"bytes", c.bytes}});
    for (const Benched& p : bench.problems) {
        Json measurements = Json::array();
        for (const Measurement& m : p.measurements) measurements.push_back(measurement_json(m));
        problems.push_back({{"workload", p.workload},
                            {"data", p.data},
                            {"seed", p.seed},
                            {"m", p.m},
                            {"n", p.n},
                            {"k", p.k},
                            {"measurements", measurements}});
    }
    return Json{{"machine", machine_json(bench.machine)},
                {"threads", bench.threads},
                {"ceilings", ceilings},
                {"problems", problems},
                {"absent", bench.absent}}
               .dump(1) +
           "\n";
}

}  // namespace halfulp::workload
