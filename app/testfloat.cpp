#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <halfulp/lib/conformance/fpgen.hpp>
#include <halfulp/lib/conformance/testfloat.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/env_names.hpp>

#include "command.hpp"
#include "names.hpp"

// What outside suites say: Berkeley TestFloat's lines and IBM FPgen's files.

namespace {

using namespace halfulp;

/// What both commands print, and how much of it.
struct Output {
    bool all = false, json = false;

    void add_to(CLI::App& command) {
        command.add_flag("--all", all, "Every finding; without it the first 20 are printed, and all are counted");
        command.add_flag("--json", json, "A JSON object: counts, and the findings as lines of text");
    }
};

/// Takes lines of findings: prints them, or keeps them for JSON; beyond the first ones counts them alone.
class Findings {
  public:
    explicit Findings(const Output& output) : output_(output) {}

    void operator()(const std::string& line) {
        if (++count_ > most && !output_.all) return;
        if (output_.json)
            lines_.push_back(line);
        else
            fmt::print("{}\n", line);
    }
    std::uint64_t left_out() const { return output_.all ? 0 : count_ - std::min(count_, most); }

    /// The counts, by the names given, and the findings, as the options say.
    void end(nlohmann::ordered_json counts, const std::string& text) const {
        if (output_.json) {
            counts["findings"] = lines_;
            counts["findings_left_out"] = left_out();
            fmt::print("{}\n", counts.dump(2));
            return;
        }
        if (left_out() > 0) fmt::print("and {} lines more: --all prints them\n", left_out());
        fmt::print("{}\n", text);
    }

  private:
    static constexpr std::uint64_t most = 20;
    Output output_;
    std::uint64_t count_ = 0;
    std::vector<std::string> lines_;
};

int status_of(std::uint64_t tests, std::uint64_t wrong, std::uint64_t malformed) {
    return malformed > 0 ? exit_status::bad_input
           : wrong > 0   ? exit_status::mismatch
           : tests > 0   ? exit_status::right
                         : exit_status::nothing_run;
}

TestFloatFunction function_of(const std::string& name) {
    const auto functions = testfloat_functions();
    const auto found = std::find_if(functions.begin(), functions.end(), [&](auto& f) { return f.name == name; });
    if (found != functions.end()) return *found;
    std::string names;
    for (const auto& f : functions) names += (names.empty() ? "" : ", ") + f.name;
    throw InputError("expected a function of " + names + ", found " + shown(name));
}

int run_testfloat(const std::string& name, const std::string& nan, const std::vector<std::string>& words,
                  const Output& output) {
    TestFloatOptions options;
    options.env.nan = named(nan_policies, "NaN policy", nan).value;
    for (const std::string& word : words)
        if (!apply_testfloat_option(word, options))
            throw InputError("expected an option of " + testfloat_option_names() + ", found " + shown(word));
    const TestFloatFunction function = function_of(name);
    Findings findings(output);
    std::ios::sync_with_stdio(false);
    const TestFloatReport report = check_testfloat(function, options, std::cin, std::ref(findings));
    const std::string malformed = report.malformed > 0 ? fmt::format(", {} lines malformed", report.malformed) : "";
    findings.end(
        {{"function", name}, {"tests", report.tests}, {"wrong", report.wrong}, {"malformed", report.malformed}},
        fmt::format("{} tests, {} wrong{}", report.tests, report.wrong, malformed));
    return status_of(report.tests, report.wrong, report.malformed);
}

int run_fptest(const std::vector<std::string>& files, const Output& output) {
    Findings findings(output);
    std::map<std::string, std::uint64_t> skipped;
    FpgenReport total;
    for (const std::string& file : files) {
        const FpgenReport r = check_fpgen(file, std::ref(findings), [&](const std::string& why) { ++skipped[why]; });
        total.tests += r.tests;
        total.wrong += r.wrong;
        total.malformed += r.malformed;
        total.unsupported += r.unsupported;
    }
    std::string text;
    for (const auto& [why, count] : skipped) text += fmt::format("not checked: {} cases, because of {}\n", count, why);
    text += fmt::format("{} tests, {} wrong, {} not checked, {} lines malformed", total.tests, total.wrong,
                        total.unsupported, total.malformed);
    findings.end({{"files", files},
                  {"tests", total.tests},
                  {"wrong", total.wrong},
                  {"malformed", total.malformed},
                  {"not_checked", total.unsupported},
                  {"not_checked_because_of", skipped}},
                 text);
    return status_of(total.tests, total.wrong, total.malformed);
}

}  // namespace

void add_testfloat(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand(
        "testfloat", "Test cases of Berkeley TestFloat on standard input, a line each, against this library");
    command->allow_extras();  // TestFloat's own options have one dash and many letters
    const auto function = std::make_shared<std::string>();
    command->add_option("function", *function, "As TestFloat names it: f16_add, f32_mulAdd, f64_to_bf16, ...")
        ->required();
    const auto nan = std::make_shared<std::string>("x86_sse");
    command
        ->add_option("--nan", *nan,
                     "Which NaN a result is, as the SoftFloat has it that made the lines: " + known_names(nan_policies))
        ->capture_default_str();
    command->footer("Options as of testfloat_gen and testfloat_ver: " + testfloat_option_names() +
                    "\nExample: testfloat_gen -rmin f16_mulAdd | halfulp testfloat f16_mulAdd -rmin");
    const auto output = std::make_shared<Output>();
    output->add_to(*command);
    command->callback([=, &status] { status = run_testfloat(*function, *nan, command->remaining(), *output); });
}

void add_fptest(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand("fptest", "Files of IBM's FPgen suite against this library");
    const auto files = std::make_shared<std::vector<std::string>>();
    command->add_option("file", *files, "Files of test cases, *.fptest")->required();
    const auto output = std::make_shared<Output>();
    output->add_to(*command);
    command->footer("Example: halfulp fptest Add-Cancellation.fptest");
    command->callback([=, &status] { status = run_fptest(*files, *output); });
}
