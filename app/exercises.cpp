#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <halfulp/lib/exercise/report.hpp>
#include <halfulp/lib/exercise/why.hpp>
#include <halfulp/lib/io/text_file.hpp>

#include "checks.hpp"
#include "command.hpp"
#include "observers.hpp"

namespace {

using namespace halfulp;

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

struct ExercisesRequest {
    std::vector<std::string> numbers;
    std::vector<std::string> backends;
    std::string json;
    bool explain = false;
    bool why = false;
};

int run_exercises(const ExercisesRequest& options) {
    const bool to_file = !options.json.empty() && options.json != "-";
    if (to_file) expect_writable(options.json);
    const Observers observers = chosen_observers(options.backends);
    const auto chosen = chosen_exercises(options.numbers);
    std::vector<ExerciseReport> reports;
    std::size_t matches = 0, mismatches = 0;
    for (const ExerciseEntry& entry : chosen) {
        reports.push_back(run(options.why ? with_reasons(entry.make()) : entry.make(), observers));
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
    const auto options = std::make_shared<ExercisesRequest>();
    command->add_option("number", options->numbers, "Which exercises; all without it");
    by_commas(command->add_option(
        "--backend", options->backends,
        "Whom to ask: soft, cpu, unit:<GPU>, ptx:<architecture>, gpu:<name>, separated by commas; all without it"));
    command
        ->add_option("--json", options->json,
                     "Write the results to this file too; - for standard output instead of the text")
        ->check(file_name());
    command->add_flag("--explain", options->explain, "Print the explanation of each exercise");
    command->add_flag("--why", options->why, "Name the claims of proofs/CLAIMS.md that each answer rests on");
    command->footer("Example: halfulp exercises 2 --explain --backend soft,unit:A100");
    command->callback([options, &status] { status = run_exercises(*options); });
}
