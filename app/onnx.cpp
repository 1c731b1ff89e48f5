#include <fmt/format.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <halfulp/lib/onnx/node_test.hpp>

#include "command.hpp"

namespace {

namespace onnx = halfulp::onnx;

std::string_view name_of(onnx::Verdict verdict) { return onnx::verdict_names[static_cast<std::size_t>(verdict)]; }

/// How many folders came to each verdict.
struct Counts {
    std::array<std::size_t, onnx::verdict_names.size()> of{};

    std::size_t operator[](onnx::Verdict verdict) const { return of[static_cast<std::size_t>(verdict)]; }
    std::size_t all() const { return of[0] + of[1] + of[2] + of[3]; }

    int status() const {
        if ((*this)[onnx::Verdict::Malformed] > 0) return exit_status::bad_input;
        if ((*this)[onnx::Verdict::Fail] > 0) return exit_status::mismatch;
        return (*this)[onnx::Verdict::Pass] > 0 ? exit_status::right : exit_status::nothing_run;
    }
};

void print(const onnx::NodeTest& test) {
    const std::string operators = test.operators.empty() ? "" : " (" + test.operators + ")";
    const std::string reason = test.reason.empty() ? "" : ": " + test.reason;
    fmt::print("{:<11} {}{}{}\n", name_of(test.verdict), test.folder.filename().string(), operators, reason);
}

nlohmann::ordered_json test_json(const onnx::NodeTest& test) {
    return {{"folder", test.folder.string()},
            {"operators", test.operators},
            {"verdict", name_of(test.verdict)},
            {"reason", test.reason}};
}

int run_onnx(const std::vector<std::string>& folders, bool json) {
    std::vector<std::filesystem::path> paths;
    for (const std::string& folder : folders)
        for (const auto& path : onnx::find_node_tests(folder)) paths.push_back(path);
    Counts counts;
    nlohmann::ordered_json tests = nlohmann::ordered_json::array();
    for (const auto& path : paths) {
        const onnx::NodeTest test = onnx::run_node_test(path);
        ++counts.of[static_cast<std::size_t>(test.verdict)];
        if (json)
            tests.push_back(test_json(test));
        else
            print(test);
    }
    nlohmann::ordered_json summary = {{"folders", counts.all()}};
    std::string text = fmt::format("{} folders", counts.all());
    for (std::size_t i = 0; i < onnx::verdict_names.size(); ++i) {
        summary[std::string(onnx::verdict_names[i])] = counts.of[i];
        text += fmt::format(", {} {}", counts.of[i], onnx::verdict_names[i]);
    }
    summary["tests"] = std::move(tests);
    fmt::print("{}\n", json ? summary.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) : text);
    return counts.status();
}

}  // namespace

void add_onnx(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand("onnx", "Node tests of ONNX against this library's operators");
    const auto folders = std::make_shared<std::vector<std::string>>();
    command
        ->add_option(
            "folder", *folders,
            "Folders of node tests (model.onnx, test_data_set_*/input_*.pb and output_*.pb), or folders of such")
        ->required();
    const auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "A JSON object: counts, and each folder's verdict and reason");
    command->footer("Example: halfulp onnx onnx/backend/test/data/node");
    command->callback([=, &status] { status = run_onnx(*folders, *json); });
}
