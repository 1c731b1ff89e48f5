#include <halfulp/lib/workload/study.hpp>

#include <algorithm>
#include <cmath>

namespace halfulp::workload {
namespace {

template <class Row, class Has>
std::vector<Row> rows_with(const auto& table, Has has) {
    std::vector<Row> rows;
    std::copy_if(table.begin(), table.end(), std::back_inserter(rows), has);
    return rows;
}

std::vector<Workload> workloads_of(std::vector<Kind> kinds) {
    return rows_with<Workload>(
        workloads, [&](const Workload& w) { return std::find(kinds.begin(), kinds.end(), w.kind) != kinds.end(); });
}

std::vector<Policy> policies_of(std::vector<std::string_view> names) {
    return rows_with<Policy>(
        policies, [&](const Policy& p) { return std::find(names.begin(), names.end(), p.name) != names.end(); });
}

/// The four whose sums are the same.
std::vector<Policy> storages() { return policies_of({"fp32", "fp16-fp32", "bf16-fp32", "int8"}); }

BenchOptions options_of(std::vector<Workload> w, std::vector<std::size_t> sizes, std::vector<Policy> p, Data data,
                        Extent extent) {
    BenchOptions options{};
    options.workloads = std::move(w);
    options.sizes = std::move(sizes);
    options.policies = std::move(p);
    options.data = data;
    options.seconds = extent == Extent::Small ? 0.005 : 0.2;
    if (extent == Extent::Small) options.most_terms = std::size_t{1} << 17;
    return options;
}

/// No problem takes more in fp32.
constexpr std::size_t most_bytes = std::size_t{1} << 30;

/// Bytes: half of each cache, and twice the last; small: of the first two.
std::vector<std::size_t> footprints(const measure::Machine& machine, Extent extent) {
    std::vector<std::size_t> bytes;
    for (std::size_t i = 0; i < machine.levels.size(); ++i) {
        if (extent == Extent::Small && i == 2) break;
        const std::size_t held = machine.levels[i].bytes;
        bytes.push_back(held > 0 ? held / 2 : i > 0 ? 2 * machine.levels[i - 1].bytes : most_bytes);
    }
    std::erase_if(bytes, [](std::size_t b) { return b > most_bytes; });
    return bytes;
}

/// A multiple of 64, the largest whose numbers take at most so many bytes, or 64.
std::size_t at_most(double size) { return std::max<std::size_t>(1, static_cast<std::size_t>(size) / 64) * 64; }

std::vector<std::size_t> sizes_of(const Workload& w, const std::vector<std::size_t>& footprints) {
    std::vector<std::size_t> sizes;
    for (const std::size_t bytes : footprints) {
        const double numbers = static_cast<double>(bytes) / sizeof(float);
        sizes.push_back(at_most(w.kind == Kind::Gemv ? std::sqrt(numbers) : w.has_b ? numbers / 2 : numbers));
    }
    return sizes;
}

/// Of a matrix whose numbers in bf16 do not fit into the last cache by a quarter; 0 where they are too many.
std::size_t size_beyond_caches(const measure::Machine& machine) {
    std::size_t last = 0;
    for (const measure::Level& level : machine.levels) last = std::max(last, level.bytes);
    const std::size_t size = at_most(std::sqrt(1.25 * static_cast<double>(last) / 2)) + 64;
    return size * size * sizeof(float) > most_bytes ? 0 : size;
}

}  // namespace

Plan ordinary_plan(Extent extent) {
    const std::vector<std::size_t> sizes =
        extent == Extent::Small ? std::vector<std::size_t>{256} : std::vector<std::size_t>{};
    return {options_of({workloads.begin(), workloads.end()}, sizes, {policies.begin(), policies.end()}, Data::Normal,
                       extent)};
}

Plan halving_plan(const measure::Machine& machine, Extent extent) {
    Plan plan;
    for (const Workload& w : workloads_of({Kind::Sum, Kind::Dot, Kind::Gemv})) {
        plan.push_back(options_of({w}, sizes_of(w, footprints(machine, extent)), storages(), Data::Uniform, extent));
        plan.back().peers = false;
    }
    return plan;
}

Plan baseline_plan(const measure::Machine& machine, Extent extent) {
    const bool small = extent == Extent::Small;
    const std::vector<std::size_t> vectors{std::size_t{1} << 20}, matrices{small ? std::size_t{256} : std::size_t{512}};
    const std::vector<Workload> of_vectors = workloads_of({Kind::Sum, Kind::Dot}),
                                of_matrices = workloads_of({Kind::Gemv, Kind::Gemm});
    std::vector<Policy> all = storages();
    all.push_back(policies_of({"fp16"})[0]);
    Plan plan;
    for (const Data data : {Data::Uniform, Data::Cancelling}) {
        plan.push_back(options_of(of_vectors, vectors, all, data, extent));
        plan.push_back(options_of(of_matrices, matrices, all, data, extent));
    }
    for (const Data data : {Data::Normal, Data::Gradients})
        plan.push_back(options_of(of_matrices, matrices, policies_of({"fp16-fp32"}), data, extent));
    if (const std::size_t size = small ? 0 : size_beyond_caches(machine); size > 0)
        plan.push_back(options_of(workloads_of({Kind::Gemv}), {size}, storages(), Data::Uniform, extent));
    return plan;
}

void add_problems(Bench& bench, const Plan& plan, const Stepped& stepped) {
    std::size_t wanted = 0, before = 0;
    for (const BenchOptions& options : plan) wanted += problems_of(options);
    for (const BenchOptions& options : plan) {
        add_problems(bench, options, [&](std::size_t done, std::size_t) { stepped(before + done, wanted); });
        before += problems_of(options);
    }
}

}  // namespace halfulp::workload
