#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
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

/// Prints the first lines that it is told and counts the others.
class Findings {
  public:
    void operator()(const std::string& line) {
        if (++count_ <= most) fmt::print("{}\n", line);
    }
    void end() const {
        if (count_ > most) fmt::print("and {} lines more\n", count_ - most);
    }

  private:
    static constexpr std::uint64_t most = 20;
    std::uint64_t count_ = 0;
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

int run_testfloat(const std::string& name, const std::string& nan, const std::vector<std::string>& words) {
    TestFloatOptions options;
    options.env.nan = named(nan_policies, "NaN policy", nan).value;
    for (const std::string& word : words)
        if (!apply_testfloat_option(word, options))
            throw InputError("expected an option of " + testfloat_option_names() + ", found " + shown(word));
    const TestFloatFunction function = function_of(name);
    Findings findings;
    std::ios::sync_with_stdio(false);
    const TestFloatReport report = check_testfloat(function, options, std::cin, std::ref(findings));
    findings.end();
    fmt::print("{} tests, {} wrong", report.tests, report.wrong);
    if (report.malformed > 0) fmt::print(", {} lines malformed", report.malformed);
    fmt::print("\n");
    return status_of(report.tests, report.wrong, report.malformed);
}

int run_fptest(const std::vector<std::string>& files) {
    Findings findings;
    std::map<std::string, std::uint64_t> skipped;
    FpgenReport total;
    for (const std::string& file : files) {
        const FpgenReport r = check_fpgen(file, std::ref(findings), [&](const std::string& why) { ++skipped[why]; });
        total.tests += r.tests;
        total.wrong += r.wrong;
        total.malformed += r.malformed;
        total.unsupported += r.unsupported;
    }
    findings.end();
    for (const auto& [why, count] : skipped) fmt::print("not checked: {} cases of {}\n", count, shown(why));
    fmt::print("{} tests, {} wrong, {} not checked, {} lines malformed\n", total.tests, total.wrong, total.unsupported,
               total.malformed);
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
    command->callback([=, &status] { status = run_testfloat(*function, *nan, command->remaining()); });
}

void add_fptest(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand("fptest", "Files of IBM's FPgen suite against this library");
    const auto files = std::make_shared<std::vector<std::string>>();
    command->add_option("file", *files, "Files of test cases, *.fptest")->required();
    command->footer("Example: halfulp fptest Add-Cancellation.fptest");
    command->callback([files, &status] { status = run_fptest(*files); });
}
