#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/measure/machine.hpp>
#include <halfulp/lib/workload/baseline.hpp>
#include <halfulp/lib/workload/bench.hpp>
#include <halfulp/lib/workload/bench_text.hpp>
#include <halfulp/lib/workload/study.hpp>

#include "checks.hpp"
#include "command.hpp"
#include "names.hpp"
#include "progress.hpp"

namespace {

using namespace halfulp;

struct BenchRequest {
    std::vector<std::string> workloads, policies;
    std::string data = "normal", target, json;
    bool baselines = false;
    workload::BenchOptions bench;
};

/// The rows of those names, in their order; all for no name.
template <class Row, std::size_t N>
std::vector<Row> chosen(const std::array<Row, N>& table, std::string_view what, const std::vector<std::string>& names) {
    std::vector<Row> rows;
    rows.reserve(names.size());
    for (const std::string& name : names) rows.push_back(named(table, what, name));
    return rows.empty() ? std::vector<Row>(table.begin(), table.end()) : rows;
}

workload::Bench measured(BenchRequest& options) {
    options.bench.workloads = chosen(workload::workloads, "workload", options.workloads);
    options.bench.policies = chosen(workload::policies, "policy", options.policies);
    options.bench.data = named(workload::data_rows, "kind of data", options.data).data;
    if (!options.target.empty()) measure::choose_target(options.target);
    Progress progress("bench", "problems");
    workload::Bench bench =
        workload::bench(options.bench, [&](std::size_t done, std::size_t wanted) { progress.show(done, wanted, 0); });
    progress.end();
    return bench;
}

void print_absent(const workload::Bench& bench) {
    for (const std::string& absent : bench.absent) fmt::print("not installed: {}\n", absent);
}

void print(const workload::Bench& bench) {
    fmt::print("{}\n\n{}\n", measure::caption(bench.machine), to_columns(ceiling_table(bench)));
    for (const workload::Benched& problem : bench.problems)
        fmt::print("{}, {} data, m n k {} {} {}, {} threads\n\n{}\n", problem.workload, problem.data, problem.m,
                   problem.n, problem.k, bench.threads, to_columns(measurement_table(problem)));
    print_absent(bench);
}

/// Which policies that were asked for by name a workload does not have.
void print_lacking(const BenchRequest& options, const workload::Bench& bench) {
    std::set<std::string> lines;  // one for all sizes
    for (const workload::Benched& problem : bench.problems)
        for (const std::string& name : options.policies) {
            const workload::Policy policy = named(workload::policies, "policy", name);
            if (own_measurement(problem, policy.name) == nullptr)
                lines.insert(fmt::format("{} has no {}\n", problem.workload, policy.name));
        }
    for (const std::string& line : lines) fmt::print("{}", line);
}

/// Measures what the baselines need, and prints what becomes of them.
int run_baselines(const BenchRequest& options) {
    if (!options.target.empty()) measure::choose_target(options.target);
    workload::Bench bench = workload::measure_ceilings(options.bench.most_bytes);
    Progress progress("baselines", "problems");
    workload::Plan plan = workload::baseline_plan(bench.machine, workload::Extent::Full);
    for (workload::BenchOptions& part : plan) part.peers = part.peers && options.bench.peers;
    add_problems(bench, plan, [&](std::size_t done, std::size_t wanted) { progress.show(done, wanted, 0); });
    progress.end();
    const std::vector<workload::Judged> judged = workload::judged(bench);
    fmt::print("{}\n\n{}", measure::caption(bench.machine), workload::baseline_text(judged));
    print_absent(bench);
    return workload::any_result_refuted(judged) ? exit_status::mismatch : exit_status::right;
}

int run_bench(BenchRequest& options) {
    if (options.baselines) return run_baselines(options);
    const bool to_file = !options.json.empty() && options.json != "-";
    if (to_file) expect_writable(options.json);
    const workload::Bench bench = measured(options);
    if (options.json == "-")
        fmt::print("{}", workload::to_json(bench));
    else {
        print(bench);
        print_lacking(options, bench);
    }
    if (to_file) write_text(options.json, workload::to_json(bench));
    const bool any = std::any_of(bench.problems.begin(), bench.problems.end(),
                                 [](const workload::Benched& p) { return !p.measurements.empty(); });
    return !any                                     ? exit_status::nothing_run
           : workload::own_results_are_right(bench) ? exit_status::right
                                                    : exit_status::mismatch;
}

constexpr const char* remarks =
    "Results are checked before time is taken, at places all over, as many as have 2^20 terms: `wrong` counts those that\n"
    "differ in a bit from the policy's definition or are not finite, as sums in fp16 that overflow. Peers, whose order is\n"
    "their own, are held against the bound for their precision, and so are longer sums. `of its roof` is the least time\n"
    "that the ceilings above, which are of one core, allow, over the time.\n"
    "Exit status 1 if a result of this library is wrong.\n"
    "Example: halfulp bench --workload dot,gemm --policy fp32,fp16-fp32,int8\n"
    "         halfulp bench --workload sum --size 4096,65536,1048576 --data cancelling --json sums.json";

}  // namespace

void add_bench(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand(
        "bench", "Workloads in several precisions, measured: time, memory, error, and share of what this machine can");
    const auto options = std::make_shared<BenchRequest>();
    by_commas(command->add_option("--workload", options->workloads,
                                  "Of " + known_names(workload::workloads) + "; all without it"));
    by_commas(command->add_option("--size", options->bench.sizes,
                                  "Terms of a sum, rows of a matrix; without it each workload's ordinary one"))
        ->transform(whole(1));
    by_commas(command->add_option("--policy", options->policies,
                                  "Of " + known_names(workload::policies) + "; all without it"));
    command->add_option("--data", options->data, "Of " + known_names(workload::data_rows))->capture_default_str();
    command->add_option("--seed", options->bench.seed, "Of the numbers")->capture_default_str()->transform(whole());
    command->add_option("--threads", options->bench.threads, "Of one: processor time; of more: the clock on the wall")
        ->capture_default_str()
        ->transform(whole(1, 1024));
    command->add_option(
        "--target", options->target,
        "The instruction set, of " + fmt::format("{}", fmt::join(measure::targets(), ", ")) + "; the best without it");
    command->add_option("--seconds", options->bench.seconds, "For each measurement; the best run counts")
        ->capture_default_str()
        ->check(not_negative());
    command->add_flag("!--no-peers", options->bench.peers, "Leave out other libraries, where they are installed");
    command->add_option("--json", options->json, "Write everything to a file; - for standard output instead of text")
        ->check(file_name());
    CLI::Option* baselines =
        command->add_flag("--baselines", options->baselines,
                          "Instead: what is expected of low precision, confirmed or refuted by measurements");
    for (const char* other :
         {"--workload", "--size", "--policy", "--data", "--seed", "--threads", "--seconds", "--json"})
        baselines->excludes(command->get_option(other));
    command->footer(remarks);
    command->callback([options, &status] { status = run_bench(*options); });
}
