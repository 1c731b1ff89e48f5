#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <halfulp/gpu/device/cuda_device.hpp>
#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/observe/device_observer.hpp>
#include <halfulp/lib/exercise/report.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "command.hpp"

namespace {

using namespace halfulp;

std::unique_ptr<Observer> make_ptx_observer(std::string_view architecture) {
    const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    return gpu::make_device_observer(gpu::open_ptx(architecture, {.threads = threads}));
}

/// Every backend there is, in the order of the report.
Observers all_observers() {
    Observers observers;
    observers.push_back(make_soft_observer());
    observers.push_back(make_cpu_observer());
    for (const Processor& gpu : gpus) observers.push_back(make_unit_observer(gpu.name));
    for (const std::string_view architecture : {"sm_80", "sm_90", "sm_100"})
        observers.push_back(make_ptx_observer(architecture));
    const gpu::GpuList found = gpu::find_gpus();
    for (int i = 0; i < static_cast<int>(found.gpus.size()); ++i)
        observers.push_back(gpu::make_device_observer(gpu::open_gpu(found.api, i)));
    return observers;
}

/// Those of the names, in their order; all for no name.
Observers chosen_observers(const std::vector<std::string>& names) {
    Observers all = all_observers();
    if (names.empty()) return all;
    std::string known;
    for (const auto& observer : all) known += (known.empty() ? "" : ", ") + observer->name();
    Observers chosen;
    constexpr std::string_view ptx = "ptx:";
    for (const std::string& name : names) {
        const bool is_listed = std::any_of(all.begin(), all.end(), [&](auto& o) { return o && o->name() == name; });
        const bool is_again = std::any_of(chosen.begin(), chosen.end(), [&](auto& o) { return o->name() == name; });
        if (name.starts_with(ptx) && !is_listed && !is_again) {
            chosen.push_back(make_ptx_observer(std::string_view(name).substr(ptx.size())));
            continue;
        }
        const auto found = std::find_if(all.begin(), all.end(), [&](auto& o) { return o && o->name() == name; });
        if (found == all.end())
            throw InputError("expected backends of " + known + ", or ptx: and another architecture, each once, found " +
                             shown(name));
        chosen.push_back(std::move(*found));
    }
    return chosen;
}

/// Those of the numbers, in their order; all for no number.
std::vector<ExerciseEntry> chosen_exercises(const std::vector<std::string>& numbers) {
    std::vector<ExerciseEntry> chosen;
    std::string known;
    for (const ExerciseEntry& entry : exercises()) {
        known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", entry.number, entry.name);
        if (numbers.empty()) chosen.push_back(entry);
    }
    for (const std::string& number : numbers) {
        const auto all = exercises();
        const auto has_number = [&](auto& entry) { return std::to_string(entry.number) == number; };
        const auto found = std::find_if(all.begin(), all.end(), has_number);
        if (found == all.end() || std::any_of(chosen.begin(), chosen.end(), has_number))
            throw InputError(fmt::format("expected exercises of {}, each once, found {}", known, shown(number)));
        chosen.push_back(*found);
    }
    return chosen;
}

/// What is to be said of a GPU that cannot be asked.
std::string gpu_line() {
    const gpu::GpuList gpus = gpu::find_gpus();
    return gpus.absence.empty() ? "" : "gpu: not run, " + gpus.absence + "\n";
}

struct Options {
    std::vector<std::string> numbers;
    std::vector<std::string> backends;
    std::string json;
    bool explain = false;
};

int run_exercises(const Options& options) {
    const bool to_file = !options.json.empty() && options.json != "-";
    if (to_file) expect_writable(options.json);
    const Observers observers = chosen_observers(options.backends);
    const auto chosen = chosen_exercises(options.numbers);
    std::vector<ExerciseReport> reports;
    std::size_t matches = 0, mismatches = 0;
    for (const ExerciseEntry& entry : chosen) {
        reports.push_back(run(entry.make(), observers));
        matches += reports.back().count(Verdict::Match);
        mismatches += reports.back().count(Verdict::Mismatch);
        if (options.json != "-") std::cout << to_text(reports.back(), options.explain) << '\n' << std::flush;
    }
    if (options.json == "-") std::cout << to_json(reports) << '\n';
    if (options.json != "-") std::cout << gpu_line();
    if (to_file) write_text(options.json, to_json(reports) + "\n");
    return mismatches > 0 ? exit_status::mismatch : matches > 0 ? exit_status::right : exit_status::nothing_run;
}

}  // namespace

void add_exercises(CLI::App& program, int& status) {
    CLI::App* command =
        program.add_subcommand("exercises", "The theory exercises: exact predictions, and what each backend observes");
    const auto options = std::make_shared<Options>();
    command->add_option("number", options->numbers, "Which exercises; all without it");
    command
        ->add_option(
            "--backend", options->backends,
            "Whom to ask: soft, cpu, unit:<GPU>, ptx:<architecture>, gpu:<name>, separated by commas; all without it")
        ->delimiter(',');
    command->add_option("--json", options->json,
                        "Write the results to this file too; - for standard output instead of the text");
    command->add_flag("--explain", options->explain, "Print the explanation of each exercise");
    command->footer("Example: halfulp exercises 2 --explain --backend soft,unit:A100");
    command->callback([options, &status] { status = run_exercises(*options); });
}
