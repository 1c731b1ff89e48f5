#include <halfulp/lib/plan/calibration.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <halfulp/lib/condition/problems/cancelling.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/plan/prediction.hpp>
#include <halfulp/lib/plan/run.hpp>
#include <halfulp/lib/workload/truth.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::plan {
namespace {

using workload::Kind;
using workload::Problem;

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Row {
    std::string_view policy, order;
};

constexpr std::array vector_rows = {
    Row{"fp32", "sequential"},  Row{"fp32", "lanes"}, Row{"fp32", "pairwise"},       Row{"fp32", "exact"},
    Row{"fp32", "FABsum"},      Row{"fp32", "Kahan"}, Row{"fp16-fp32", "lanes"},     Row{"bf16-fp32", "lanes"},
    Row{"fp16", "sequential"},  Row{"fp16", "lanes"}, Row{"fp16-fused", "pairwise"}, Row{"fp16-fused", "FABsum"},
    Row{"fp16-fused", "Kahan"}, Row{"bf16", "lanes"}, Row{"int8", "exact"},
};

struct UnitRow {
    std::string_view processor, instruction;
    Element input, accumulator;
};

constexpr std::array unit_rows = {
    UnitRow{"V100", "mma.sync", binary16, binary32}, UnitRow{"A100", "mma.sync", binary16, binary32},
    UnitRow{"A100", "mma.sync", binary16, binary16}, UnitRow{"A100", "mma.sync", bfloat16, binary32},
    UnitRow{"A100", "mma.sync", tf32, binary32},     UnitRow{"A100", "mma.sync", s8, s32},
    UnitRow{"H100", "wgmma", binary16, binary32},    UnitRow{"H100", "wgmma", e4m3fn, binary32},
};

struct Group {
    Kind kind;
    std::array<std::size_t, 2> sizes;
};

constexpr std::array groups = {Group{Kind::Sum, {256, 16384}}, Group{Kind::Dot, {256, 4096}},
                               Group{Kind::Gemv, {64, 512}}, Group{Kind::Gemm, {48, 256}},
                               Group{Kind::Layer, {48, 128}}};

std::vector<Policy> policies_of(Kind kind) {
    std::vector<Policy> policies;
    if (kind == Kind::Sum || kind == Kind::Dot) {
        for (const Row& row : vector_rows) policies.push_back(cpu_policy(row.policy, row.order));
        return policies;
    }
    policies = cpu_policies(kind);
    if (kind == Kind::Gemv) return policies;
    for (const UnitRow& row : unit_rows)
        policies.push_back(
            unit_policy(*find_mma(row.processor, row.instruction, row.input, row.accumulator), row.processor));
    return policies;
}

Problem problem_of(const Cell& cell, std::uint64_t seed) {
    const workload::Workload& w = workload::workloads[static_cast<std::size_t>(cell.kind)];
    if (cell.rows > 0) {
        const auto& dot = workload::workloads[static_cast<std::size_t>(Kind::Dot)];
        const auto data = find_by_name(workload::data_rows, cell.data)->data;
        const Problem numbers = make_problem(dot, cell.rows * cell.size, data, 16 * seed);
        return {w, cell.rows, cell.rows, cell.size, numbers.a, numbers.b, {}};
    }
    if (cell.kappa == 0)
        return make_problem(w, cell.size, find_by_name(workload::data_rows, cell.data)->data, 16 * seed);
    const auto dot = conditioning::gen_dot(cell.size, cell.kappa, seed, binary32);
    return {w, 1, 1, cell.size, {dot.x.begin(), dot.x.end()}, {dot.y.begin(), dot.y.end()}, {}};
}

/// Squares, over places and seeds.
struct Squares {
    double norm = 0, rms = 0, expected = 0, bound = 0, probable = 0, magnitude = 0, measured = 0;

    void add(const Prediction& p) {
        norm += p.norm * p.norm;
        rms += p.rms * p.rms;
        expected += p.expected * p.expected;
        bound += p.bound * p.bound;
        probable += p.probable * p.probable;
        magnitude += p.kappa * p.norm * p.kappa * p.norm;
    }
    double relative(double squares) const { return squares == 0 ? 0 : std::sqrt(squares / norm); }
};

bool is_close(double measured, double predicted) { return measured >= predicted / 3 && measured <= 3 * predicted; }

void add_pairs(Calibrated& c, const Prediction& p, const std::vector<std::size_t>& counts) {
    c.saturated += p.saturated;
    for (const std::size_t place : p.places) c.counted += counts[place];
    c.everywhere += std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

}  // namespace

double Calibrated::ratio() const { return measured == expected ? 1 : measured / expected; }

std::vector<Cell> calibration_cells() {
    std::vector<Cell> cells;
    for (const Group& group : groups)
        for (const Policy& policy : policies_of(group.kind)) {
            for (const std::size_t size : group.sizes)
                for (const workload::DataRow& data : workload::data_rows)
                    cells.push_back({group.kind, policy, size, data.name});
            if (group.kind == Kind::Dot)
                for (const std::size_t size : group.sizes)
                    for (const double kappa : {1e4, 1e8, 1e16})
                        cells.push_back({group.kind, policy, size, "gendot", kappa});
            if (group.kind == Kind::Gemm)
                for (const std::string_view data : {"normal", "uniform"})
                    cells.push_back({group.kind, policy, 8192, data, 0, 8});
        }
    return cells;
}

Calibrated calibrated(const Cell& cell) {
    const std::size_t seeds = cell.kind == Kind::Sum || cell.kind == Kind::Dot ? 8 : 2, most_places = 256;
    Squares all;
    Calibrated c{cell, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {}};
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const Problem problem = problem_of(cell, seed);
        const Prediction p = predicted(problem, cell.policy, places_among(problem.m * problem.n, most_places));
        all.add(p);
        for (const Raised& raised : p.flags)
            if (std::find(c.flags.begin(), c.flags.end(), raised.flag) == c.flags.end()) c.flags.push_back(raised.flag);
        if (cell.policy.saturates) add_pairs(c, p, saturated_pairs(problem));
        const std::vector<double> results = computed(problem, cell.policy, 1);
        const workload::Truth truth = truth_at(problem, p.places);
        for (std::size_t i = 0; i < p.places.size(); ++i) {
            const double difference = std::abs(results[p.places[i]] - truth.values[i]);
            const double error = std::isnan(difference) ? infinity : difference;
            all.measured += error * error;
            if (error > 0 && std::isfinite(p.bounds[i])) c.of_bound = std::max(c.of_bound, error / p.bounds[i]);
        }
    }
    c.kappa = all.relative(all.magnitude);
    c.rms = all.relative(all.rms);
    c.expected = all.relative(all.expected);
    c.bound = all.relative(all.bound);
    c.probable = all.relative(all.probable);
    c.measured = all.relative(all.measured);
    return c;
}

std::vector<Criterion> criteria(const std::vector<Calibrated>& cells) {
    Criterion bounds{"no error exceeds its bound", 0, 0, 1},
        close{"measured / predicted is in [1/3, 3], of unflagged cells", 0, 0, 0.95},
        foreseen{"what is more than 5 times the prediction, or independent errors, was flagged", 0, 0, 1},
        clean{"cells within 3 times independent errors have no flag", 0, 0, 0.95},
        likely{"unflagged cells are below what is exceeded once in 100 times", 0, 0, 0.99},
        independent{
            "measured / independent errors, which know nothing of what storing changes, is in [1/3, 3], of unflagged cells",
            0, 0, 0},
        saturation{"cells with pairs that saturate were flagged, and as many predicted as counted", 0, 0, 1};
    const auto count = [](Criterion& criterion, bool holds) {
        ++criterion.of;
        if (holds) ++criterion.holds;
    };
    for (const Calibrated& c : cells) {
        count(bounds, c.of_bound <= 1);
        if (!c.is_flagged()) count(close, is_close(c.measured, c.expected));
        if (!c.is_flagged()) count(independent, is_close(c.measured, c.rms));
        if (!c.is_flagged()) count(likely, c.measured <= c.probable);
        if (c.measured > 5 * std::min(c.expected, c.rms)) count(foreseen, c.is_flagged());
        if (c.measured <= 3 * c.rms) count(clean, !c.is_flagged());
        if (c.everywhere > 0) count(saturation, c.is_flagged() && c.saturated == c.counted);
    }
    return {bounds, close, foreseen, clean, likely, independent, saturation};
}

}  // namespace halfulp::plan
