#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/report/gnuplot.hpp>
#include <halfulp/lib/train/checkpoint.hpp>
#include <halfulp/lib/train/deployed.hpp>
#include <halfulp/lib/train/report.hpp>

#include "checks.hpp"
#include "command.hpp"
#include "names.hpp"
#include "progress.hpp"
#include "train_onnx.hpp"

namespace {

using namespace halfulp;
using namespace halfulp::train;
namespace fs = std::filesystem;

constexpr double usual_momentum = 0.9, usual_epsilon = 1e-8;

struct TrainRequest {
    std::string data, loss_scale = "none", activation = "relu", loss = "cross-entropy", optimizer = "sgd", folder, json,
                      csv;
    std::vector<std::string> names = {"fp32"};
    std::vector<std::size_t> hidden = {32};
    std::size_t classes = 0, batch = 32, epochs = 20;
    std::uint64_t seed = 1, interval = 0, hysteresis = 0;
    std::optional<double> momentum, epsilon;
    double learning_rate = 0.05, floor = -1, share = 0.001;
    unsigned threads = 1;
    bool resume = false, time = false;
};

/// As --loss-scale says it.
LossScaling rule_of(const TrainRequest& o) {
    if (o.loss_scale == "advised") return static_scale(1);  // until the gradients are known
    float factor = 0;
    const char* end = o.loss_scale.data() + o.loss_scale.size();
    const auto [at, error] = std::from_chars(o.loss_scale.data(), end, factor);
    if (error != std::errc() || at != end)
        return named(loss_scalings, "loss scale, a number, advised, or one", o.loss_scale);
    if (!(factor > 0 && std::isfinite(factor) && std::isfinite(1 / factor)))
        throw InputError("--loss-scale: expected a number above 0 with a finite inverse in fp32, found " +
                         shown(o.loss_scale));
    return static_scale(factor);
}

LossScaling scaling_of(const TrainRequest& o) {
    LossScaling scaling = rule_of(o);
    if ((o.interval > 0 || o.hysteresis > 0 || o.floor >= 0) && !scaling.dynamic())
        throw InputError(
            "--scale-interval, --scale-floor and --scale-hysteresis: expected a --loss-scale that changes, found " +
            shown(o.loss_scale));
    if (o.interval > 0) scaling.interval = static_cast<int>(o.interval);
    if (o.hysteresis > 0) scaling.hysteresis = static_cast<int>(o.hysteresis);
    if (o.floor > static_cast<double>(scaling.initial))
        throw InputError(fmt::format("--scale-floor: expected at most {:g}, the first factor of {}, found {:g}",
                                     scaling.initial, scaling.name, o.floor));
    if (o.floor >= 0) scaling.least = static_cast<float>(o.floor);
    return scaling;
}

std::vector<Policy> policies_of(const TrainRequest& o) {
    if (o.names == std::vector<std::string>{"all"}) return {policies.begin(), policies.end()};
    std::vector<Policy> rows;
    for (const std::string& name : o.names) {
        rows.push_back(named(policies, "policy", name));
        for (std::size_t i = 0; i + 1 < rows.size(); ++i)
            if (rows[i].name == rows.back().name)
                throw InputError("--policy: expected each once, found again " + shown(name));
    }
    return rows;
}

/// Throws InputError if the option is not 0 and becomes 0 or infinite where the optimiser computes.
void check_constant(const std::string& option, double number, const Policy& policy) {
    const auto held = rounded(policy.optimizer, number);
    if (held == 0 || !std::isfinite(held))
        throw InputError(
            fmt::format("{}: expected what is finite and not 0 in the format of {}'s optimizer, found {:g}", option,
                        policy.name, number));
}

/// Throws InputError for an option of the other optimiser.
void check_optimizer(const TrainRequest& o) {
    const bool is_adam = named(optimizers, "optimizer", o.optimizer).value == Optimizer::Adam;
    if (is_adam && o.momentum) throw InputError("--momentum: expected --optimizer sgd, which has one");
    if (!is_adam && o.epsilon) throw InputError("--epsilon: expected --optimizer adam, which has one");
}

/// Adam divides by epsilon where a gradient has been 0 all along; steps of 0 are for who asks for them.
void check_constants(const TrainRequest& o, const std::vector<Policy>& rows) {
    for (const Policy& policy : rows) {
        if (o.learning_rate != 0) check_constant("--learning-rate", o.learning_rate, policy);
        if (named(optimizers, "optimizer", o.optimizer).value == Optimizer::Adam)
            check_constant("--epsilon", o.epsilon.value_or(usual_epsilon), policy);
    }
}

/// All that the policies have in common.
Run run_of(const TrainRequest& o, const Examples& examples) {
    Run run{{{examples.columns}, named(activations, "activation", o.activation).value}, policies[0]};
    run.model.sizes.insert(run.model.sizes.end(), o.hidden.begin(), o.hidden.end());
    run.loss = named(losses, "loss", o.loss).value;
    run.model.sizes.push_back(outputs_of(examples, {run.loss, o.classes}));
    run.optimizer = {named(optimizers, "optimizer", o.optimizer).value, o.learning_rate,
                     o.momentum.value_or(usual_momentum)};
    run.optimizer.epsilon = o.epsilon.value_or(usual_epsilon);
    run.scaling = scaling_of(o);
    run.batch = o.batch;
    run.seed = o.seed;
    run.threads = o.threads;
    return run;
}

fs::path checkpoint_of(const TrainRequest& o, const Policy& policy) {
    return fs::path(o.folder) / (std::string(policy.name) + ".safetensors");
}

fs::path onnx_of(const TrainRequest& o, const Policy& policy) {
    return fs::path(o.folder) / (std::string(policy.name) + ".onnx");
}

constexpr bool has_onnx(const Policy& policy) { return policy.bits == 8; }

/// All that a folder may get.
std::vector<fs::path> files_of(const TrainRequest& o, const std::vector<Policy>& rows) {
    const fs::path folder(o.folder);
    std::vector<fs::path> files = {folder / "metrics.json", folder / "metrics.csv"};
    for (const std::string name : picture_names)
        for (const char* kind : {".svg", ".png", ".tsv"}) files.push_back(folder / (name + kind));
    for (const Policy& policy : rows) {
        files.push_back(checkpoint_of(o, policy));
        if (has_onnx(policy)) files.push_back(onnx_of(o, policy));
    }
    return files;
}

Trained trained(const TrainRequest& o, const Run& run, const Split& data) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string id = identity(run, data);
    const fs::path file = o.folder.empty() ? fs::path() : checkpoint_of(o, run.policy);
    const bool resumes = o.resume && fs::exists(file);
    State state = resumes ? read_checkpoint(file, id, run) : start(run);
    const std::size_t before = state.epochs.size();
    if (before > o.epochs)
        fmt::print(stderr, "halfulp: {}: {} epochs are done already, more than the {} asked for\n", file.string(),
                   before, o.epochs);
    Progress progress(fmt::format("{} {}", run.policy.name, o.data), "steps");
    while (state.epochs.size() < o.epochs) {
        const std::size_t epoch = state.epochs.size();
        run_epoch(run, state, data, [&](std::size_t done, std::size_t of) {
            progress.show(epoch * of + done, o.epochs * of, before * of);
        });
        if (!file.empty()) write_checkpoint(file, id, run, state);
    }
    progress.end();
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    return {run,
            state,
            rehearsed_gradients(run, data),
            wide_gradients(run, state.parameters, data),
            o.share,
            o.time ? passed.count() : 0};
}

void write_folder(const TrainRequest& o, const Split& data, const std::vector<Trained>& runs,
                  const std::vector<Lost>& lost) {
    const fs::path folder(o.folder);
    for (const Trained& t : runs)
        if (has_onnx(t.run.policy))
            write_onnx(onnx_of(o, t.run.policy),
                       deployed(t.run.model, t.state.parameters, t.run.policy.bits, data.training.x, o.threads));
    write_text(folder / "metrics.json", to_json(runs, lost, o.data));
    write_text(folder / "metrics.csv", to_csv(runs));
    if (runs.empty()) return;
    for (const Picture& p : pictures(runs)) {
        write_text(folder / (p.name + ".svg"), run_gnuplot(gnuplot_script(p.plot, desktop, Image::Svg)));
        write_text(folder / (p.name + ".png"), run_gnuplot(gnuplot_script(p.plot, desktop, Image::Png)));
        write_text(folder / (p.name + ".tsv"), to_tsv(p.plot));
    }
}

/// Throws InputError where a result would replace the data or another result.
void expect_apart(const std::string& data, const std::vector<fs::path>& results) {
    std::set<fs::path> taken = {fs::weakly_canonical(data)};
    for (const fs::path& file : results)
        if (!taken.insert(fs::weakly_canonical(file)).second)
            throw InputError(file.string() + ": expected a file of its own for each result, other than the data");
}

/// Before any work: whether there is a way to write the results.
void check_outputs(const TrainRequest& o, const std::vector<Policy>& rows) {
    if (o.resume && o.folder.empty()) throw InputError("--resume: expected --out, the folder of the checkpoints");
    std::vector<fs::path> results;
    if (!o.folder.empty()) results = files_of(o, rows);
    for (const std::string& file : {o.json, o.csv})
        if (!file.empty()) results.emplace_back(file);
    expect_apart(o.data, results);
    if (!o.folder.empty()) {
        std::error_code failed;
        fs::create_directories(o.folder, failed);
        if (!fs::is_directory(o.folder)) throw InputError(o.folder + ": expected a folder that can be made");
        run_gnuplot("");
    }
    for (const fs::path& file : results) expect_writable(file);
}

/// Whoever diverges is named, and leaves the others their results. The exit status.
int run_command(const TrainRequest& o) {
    const std::vector<Policy> rows = policies_of(o);
    const CsvOptions csv{named(losses, "loss", o.loss).value, o.classes};
    if (csv.loss == Loss::MeanSquares && csv.classes != 0)
        throw InputError("--classes: expected --loss cross-entropy, which has classes");
    scaling_of(o);
    check_optimizer(o);
    check_constants(o, rows);
    check_outputs(o, rows);
    const Examples examples = read_csv(o.data, csv);
    Run run = run_of(o, examples);
    const Split data = split(examples, run.loss);
    std::vector<Trained> runs;
    std::vector<Lost> lost;
    for (const Policy& policy : rows) try {
            run.policy = policy;
            if (o.loss_scale == "advised") run.scaling = advised_scale(run, data, o.share);
            runs.push_back(trained(o, run, data));
        } catch (const Divergence& error) {
            fmt::print(stderr, "halfulp: {}\n", error.what());
            lost.push_back({policy.name, error.what()});
        }
    if (!o.json.empty()) write_text(o.json, to_json(runs, lost, o.data));
    if (!o.csv.empty()) write_text(o.csv, to_csv(runs));
    if (!o.folder.empty()) write_folder(o, data, runs, lost);
    if (!runs.empty()) fmt::print("{}", to_columns(summary(runs, lost)));
    return lost.empty() ? exit_status::right : exit_status::bad_input;
}

void add_scaling_options(CLI::App& command, TrainRequest& o) {
    command
        .add_option("--loss-scale", o.loss_scale,
                    "A number, or advised, which stay; or one of: " + known_names(loss_scalings))
        ->capture_default_str();
    command.add_option("--scale-interval", o.interval, "Good steps until the factor grows, in place of the rule's")
        ->transform(whole(1, 1000000000));
    command.add_option("--scale-floor", o.floor, "The least factor, in place of the rule's")->check(not_negative());
    command
        .add_option("--scale-hysteresis", o.hysteresis,
                    "The how manieth overflow lowers the factor, in place of the rule's")
        ->transform(whole(1, 1000000));
    command.add_option("--share", o.share, "Of gradients that the advised factors may flush")
        ->capture_default_str()
        ->check(not_negative())
        ->check(CLI::Range(0.0, 0.999));
}

void add_network_options(CLI::App& command, TrainRequest& o) {
    by_commas(command.add_option("--hidden", o.hidden, "Sizes of the layers between, a list"))
        ->capture_default_str()
        ->transform(whole(1, 4096));
    command.add_option("--activation", o.activation, known_names(activations))->capture_default_str();
    command.add_option("--loss", o.loss, known_names(losses))->capture_default_str();
    command.add_option("--classes", o.classes, "Labels are below it; else the greatest label tells")
        ->transform(whole(2, most_classes));
    command.add_option("--optimizer", o.optimizer, known_names(optimizers))->capture_default_str();
    command.add_option("--learning-rate", o.learning_rate, "Of a step")->capture_default_str()->check(not_negative());
    command.add_option("--momentum", o.momentum, fmt::format("Of sgd; {} unless given", usual_momentum))
        ->check(not_negative())
        ->check(CLI::Range(0.0, 1.0));
    command.add_option("--epsilon", o.epsilon, fmt::format("Of adam; {} unless given", usual_epsilon))
        ->check(not_negative());
    command.add_option("--batch", o.batch, "Rows of a step")->capture_default_str()->transform(whole(1, 1000000));
    command.add_option("--epochs", o.epochs, "Times that all rows are seen")
        ->capture_default_str()
        ->transform(whole(1, 100000));
    command.add_option("--seed", o.seed, "Of weights and orders")->capture_default_str()->transform(whole());
    command.add_option("--threads", o.threads, "At most; the results are the same")
        ->capture_default_str()
        ->transform(whole(1, 1024));
}

}  // namespace

void add_train(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand(
        "train", "A small network trained in every precision: loss, accuracy, flushed gradients, loss scaling");
    const auto o = std::make_shared<TrainRequest>();
    command
        ->add_option("--data", o->data, "Numbers in a .csv, a row an example; the last column is a label or a target")
        ->required();
    by_commas(command->add_option("--policy", o->names, "all, or a list of: " + known_names(policies)))
        ->capture_default_str();
    add_scaling_options(*command, *o);
    add_network_options(*command, *o);
    command
        ->add_option(
            "--out", o->folder,
            "A folder for metrics, pictures, models of int8 as POLICY.onnx, and after each epoch POLICY.safetensors")
        ->check(file_name());
    command->add_flag("--resume", o->resume, "Go on from these, where they are");
    command->add_option("--json", o->json, "Metrics of every epoch")->check(file_name());
    command->add_option("--csv", o->csv, "Metrics of every epoch, a row each")->check(file_name());
    command->add_flag("--time", o->time, "Also the seconds that each policy took");
    command->footer(
        "Every fifth row is a test. Runs are the same on any number of threads, and from where they were left.\n"
        "Example: halfulp train --data docs/examples/train/digits.csv --policy fp32,fp16 --loss-scale dynamic --out train");
    command->callback([o, &status] { status = run_command(*o); });
}
