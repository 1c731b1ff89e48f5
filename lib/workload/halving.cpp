#include <halfulp/lib/workload/halving.hpp>

#include <fmt/format.h>

namespace halfulp::workload {
namespace {

/// A product of matrices is not read once.
bool is_read_once(const Benched& problem) { return problem.n == 1; }

/// Within what two runs of the same differ by, neither.
std::string_view pays(double gain) { return gain > 1.05 ? "yes" : gain < 0.95 ? "no" : "as quick"; }

}  // namespace

std::string level_of(const measure::Machine& machine, std::size_t bytes) {
    for (const measure::Level& level : machine.levels)
        if (level.bytes == 0 || level.bytes >= bytes) return level.name;
    return "memory";
}

std::vector<Halved> halved(const Bench& bench) {
    std::vector<Halved> rows;
    for (const Benched& problem : bench.problems) {
        const Measurement* fp32 = own_measurement(problem, "fp32");
        if (fp32 == nullptr || !is_read_once(problem)) continue;
        for (const std::string_view policy : {"fp16-fp32", "bf16-fp32", "int8"}) {
            const Measurement* m = own_measurement(problem, policy);
            if (m == nullptr) continue;
            rows.push_back({problem.workload, problem.k, level_of(bench.machine, fp32->bytes), fp32->bytes, m->policy,
                            static_cast<double>(fp32->bytes) / static_cast<double>(m->bytes),
                            fp32->roof.seconds / m->roof.seconds, m->roof.name, fp32->seconds / m->seconds});
        }
    }
    return rows;
}

Table halving_table(const std::vector<Halved>& rows) {
    Table table{{"workload", "size", "fp32 lies in", "format", "by bytes", "predicted", "its roof", "measured",
                 "of predicted", "halving pays"}};
    for (const Halved& h : rows)
        table.push_back({std::string(h.workload), std::to_string(h.k), h.level, std::string(h.policy),
                         fmt::format("{:.2f}", h.by_bytes), fmt::format("{:.2f}", h.predicted), h.roof,
                         fmt::format("{:.2f}", h.measured), fmt::format("{:.2f}", h.measured / h.predicted),
                         std::string(pays(h.measured))});
    return table;
}

}  // namespace halfulp::workload
