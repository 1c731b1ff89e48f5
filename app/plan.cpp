#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/measure/machine.hpp>
#include <halfulp/lib/plan/calibration.hpp>
#include <halfulp/lib/plan/plan.hpp>
#include <halfulp/lib/report/gnuplot.hpp>
#include <halfulp/lib/workload/measurement.hpp>

#include "command.hpp"
#include "names.hpp"
#include "numbers.hpp"
#include "progress.hpp"

namespace {

using namespace halfulp;
using workload::Kind;

struct PlanRequest {
    std::string workload, unit, json, plot, data = "normal";
    std::vector<std::string> files;
    std::size_t size = 0;
    std::uint64_t seed = 1;
    double tolerance = 0;
    unsigned threads = 1;
    bool order_independent = false, calibrate = false;
};

plan::Input input_of(const std::string& name, const Numbers& read) {
    const std::string note = read.rounded == 0 ? "" : fmt::format(" ({} numbers rounded to fp32)", read.rounded);
    return {name + note, read.shape, workload::hash_of({read.numbers.begin(), read.numbers.end()})};
}

std::string shape_text(const Numbers& read) { return fmt::format("{}", fmt::join(read.shape, " x ")); }

std::vector<Numbers> read_operands(const PlanRequest& o, const workload::Workload& w) {
    constexpr std::array counts = {"a file", "two files", "three files"};
    const std::size_t wanted = w.kind == Kind::Layer ? 3 : w.has_b ? 2 : 1;
    if (o.files.size() != wanted)
        throw InputError(
            fmt::format("expected {} for {}, or --size, found {} files", counts[wanted - 1], w.name, o.files.size()));
    std::vector<Numbers> read;
    for (const std::string& file : o.files) read.push_back(read_numbers(file));
    return read;
}

void expect_numbers(const PlanRequest& o, const std::vector<Numbers>& read, std::size_t operand, std::size_t count,
                    std::string_view what) {
    if (read[operand].numbers.size() != count)
        throw InputError(fmt::format("{}: expected {} numbers, as {} has{}, found {}", o.files[operand], count,
                                     o.files[operand == 2 ? 1 : 0], what, read[operand].numbers.size()));
}

/// Of matrices by matrices or vectors.
void expect_shapes(const PlanRequest& o, const workload::Workload& w, const std::vector<Numbers>& read) {
    const auto& a = read[0].shape;
    const auto& b = read[1].shape;
    if (a.size() != 2 || (w.has_columns && b.size() != 2))
        throw InputError(fmt::format("{}: expected {}, found {} and {}", o.files[0],
                                     w.has_columns ? "two matrices" : "a matrix, and a vector", shape_text(read[0]),
                                     shape_text(read[1])));
    if (!w.has_columns) return expect_numbers(o, read, 1, a[1], " columns");
    if (a[1] != b[0])
        throw InputError(fmt::format("{}: expected a matrix of {} rows, as {} is {}, found {}", o.files[1], a[1],
                                     o.files[0], shape_text(read[0]), shape_text(read[1])));
    if (w.kind == Kind::Layer) expect_numbers(o, read, 2, b[1], " columns");
}

/// The problem of some files.
plan::Question read_question(const PlanRequest& o, const workload::Workload& w) {
    std::vector<Numbers> read = read_operands(o, w);
    if (!w.is_vector)
        expect_shapes(o, w, read);
    else if (w.has_b)
        expect_numbers(o, read, 1, read[0].numbers.size(), "");
    plan::Question q;
    for (std::size_t i = 0; i < read.size(); ++i) q.inputs.push_back(input_of(o.files[i], read[i]));
    const std::size_t m = w.is_vector ? 1 : read[0].shape[0], k = read[0].numbers.size() / m;
    const std::size_t n = w.has_columns ? read[1].shape[1] : 1;
    read.resize(3);
    q.problem = {w, m, n, k, std::move(read[0].numbers), std::move(read[1].numbers), std::move(read[2].numbers)};
    return q;
}

/// A made-up one.
plan::Question made_question(const PlanRequest& o, const workload::Workload& w) {
    if (!o.files.empty()) throw InputError("--size: expected no files, found " + shown(o.files[0]));
    plan::Question q;
    q.problem = make_problem(w, o.size, named(workload::data_rows, "kind of data", o.data).data, o.seed);
    const auto add = [&](const char* name, const std::vector<float>& numbers, std::vector<std::size_t> shape) {
        if (!numbers.empty())
            q.inputs.push_back(
                input_of(fmt::format("{} of {} data, seed {}", name, o.data, o.seed), {std::move(shape), numbers, 0}));
    };
    const workload::Problem& p = q.problem;
    add("A", p.a, w.is_vector ? std::vector{p.k} : std::vector{p.m, p.k});
    add("B", p.b, w.has_columns ? std::vector{p.k, p.n} : std::vector{p.k});
    add("bias", p.bias, {p.n});
    return q;
}

plan::Peak processor_of(const PlanRequest& o, const workload::Workload& w) {
    if (w.is_vector) throw InputError(fmt::format("--unit: expected a workload of matrices, found {}", w.name));
    return named(plan::peaks, "processor with published rates", o.unit);
}

plan::Question question_of(const PlanRequest& o) {
    if (o.workload.empty()) throw InputError("expected --workload of " + known_names(plan::planned_workloads));
    if (!(o.tolerance > 0)) throw InputError("expected --tolerance, a number above 0");
    const workload::Workload w = named(plan::planned_workloads, "workload", o.workload);
    plan::Question q = o.size > 0 ? made_question(o, w) : read_question(o, w);
    q.tolerance = o.tolerance;
    q.order_independent = o.order_independent;
    q.threads = o.threads;
    if (!o.unit.empty()) q.processor = processor_of(o, w);
    return q;
}

void write_json(const PlanRequest& o, const std::string& json) {
    if (o.json == "-")
        fmt::print("{}", json);
    else if (!o.json.empty())
        write_text(o.json, json);
}

int run_plan(const PlanRequest& o) {
    plan::Question question = question_of(o);
    const auto ceilings = o.unit.empty() ? measure::ceilings(measure::this_machine(), std::size_t{1} << 28)
                                         : std::vector<measure::Ceiling>();
    const plan::Plan plan = planned(std::move(question), ceilings);
    std::optional<plan::Certificate> certificate;
    if (o.json != "-") fmt::print("{}", plan_text(plan));
    if (plan.chosen() != nullptr) certificate = run(plan);
    if (o.json != "-" && certificate) fmt::print("{}", certificate_text(plan, *certificate));
    write_json(o, to_json(plan, certificate));
    return certificate && certificate->holds() ? exit_status::right : exit_status::mismatch;
}

int run_calibration(const PlanRequest& o) {
    std::vector<plan::Calibrated> calibrated;
    const std::vector<plan::Cell> cells = plan::calibration_cells();
    Progress progress("plan", "cells");
    for (const plan::Cell& cell : cells) {
        progress.show(calibrated.size(), cells.size(), 0);
        calibrated.push_back(plan::calibrated(cell));
    }
    progress.end();
    const std::vector<plan::Criterion> criteria = plan::criteria(calibrated);
    if (o.json != "-") fmt::print("{}\n{}", to_columns(to_table(calibrated)), to_columns(to_table(criteria)));
    write_json(o, to_json(calibrated));
    if (!o.plot.empty()) write_text(o.plot, run_gnuplot(gnuplot_script(to_plot(calibrated), desktop, Image::Svg)));
    const bool all = std::all_of(criteria.begin(), criteria.end(), [](const auto& c) { return c.is_met(); });
    return all ? exit_status::right : exit_status::mismatch;
}

int run_command(const PlanRequest& o) {
    if (!o.json.empty() && o.json != "-") expect_writable(o.json);
    if (!o.plot.empty()) {
        expect_writable(o.plot);
        run_gnuplot("");
    }
    return o.calibrate ? run_calibration(o) : run_plan(o);
}

}  // namespace

void add_plan(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand(
        "plan", "The cheapest precision that is enough: errors and costs predicted, then one policy run and certified");
    const auto o = std::make_shared<PlanRequest>();
    command->add_option(
        "files", o->files,
        "A vector or two, a matrix and a vector, two matrices, or these and a bias: .npy, .mtx, .safetensors "
        "or .safetensors#TENSOR");
    command->add_option("--workload", o->workload, "Of " + known_names(plan::planned_workloads));
    command->add_option("--tolerance", o->tolerance, "Of |result - exact| / |exact|, in the Euclidean norm");
    command->add_option("--unit", o->unit,
                        "A processor with matrix units, of " + known_names(plan::peaks) + "; this CPU without it");
    command->add_flag("--order-independent", o->order_independent,
                      "Only sums whose bits do not depend on the terms' order");
    command->add_option("--size", o->size,
                        "Instead of files: made-up numbers, of vectors or square matrices of that size");
    command->add_option("--data", o->data, "Of made-up numbers: " + known_names(workload::data_rows))
        ->capture_default_str();
    command->add_option("--seed", o->seed, "Of made-up numbers")->capture_default_str();
    command->add_option("--threads", o->threads, "Of the run")->capture_default_str()->check(CLI::Range(1U, 1024U));
    command->add_option("--json", o->json, "Write everything to a file; - for standard output instead of text");
    CLI::Option* calibrate =
        command->add_flag("--calibrate", o->calibrate,
                          "Instead: all predictions held against runs, in a table of workloads, policies and data");
    CLI::Option* plot = command->add_option("--plot", o->plot, "The calibration as a picture: an SVG file");
    plot->needs(calibrate);
    for (const char* other : {"files", "--workload", "--tolerance", "--unit", "--order-independent", "--size", "--data",
                              "--seed", "--threads"})
        calibrate->excludes(command->get_option(other));
    command->footer(
        "Predicted: the root of the mean square of the error, from the numbers, before anything is run. Probable: exceeded once\n"
        "in 100 times. Bound: never. The cheapest policy whose prediction is within the tolerance is run, and its results are\n"
        "compared with exact sums. Exit status 0: as predicted, and within the tolerance; 1: not, or no policy attains it.\n"
        "Example: halfulp plan --workload gemm a.npy b.npy --tolerance 1e-3 --unit H100\n"
        "         halfulp plan --workload sum --size 1000000 --data uniform --tolerance 1e-6\n"
        "         halfulp plan --calibrate --plot calibration.svg");
    command->callback([o, &status] { status = run_command(*o); });
}
