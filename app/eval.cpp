#include <fmt/format.h>

#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <halfulp/lib/report/exceptions_text.hpp>
#include <halfulp/softfloat/classify.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "command.hpp"
#include "env_options.hpp"
#include "names.hpp"

namespace {

using namespace halfulp;

struct Options {
    std::string operation, format = "binary16", to;
    EnvOptions env;
    bool json = false;
};

/// What a line of operands is evaluated by.
struct Evaluation {
    NamedOperation operation;
    Format from, to;
    Env env;

    Rounded of(const std::vector<std::string_view>& words) const {
        if (words.size() != operation.operands)
            throw InputError(fmt::format("expected {} operands, found {}", operation.operands, words.size()));
        std::array<Operand, 3> operands{};
        for (std::size_t i = 0; i < words.size(); ++i) {
            const bool integer = operation.last_operand == Domain::Integer && i + 1 == words.size();
            operands.at(i) = {from, hexadecimal(words[i], integer ? 64 : from.width)};
        }
        return compute(operation.operation, to, std::span(operands).first(words.size()), env);
    }

    std::string result_text(std::uint64_t code) const {
        switch (operation.result) {
            case Domain::Number: return fmt::format("{:0{}x}", code, (to.width + 3) / 4);
            case Domain::Integer: return fmt::format("{}", static_cast<std::int64_t>(code));
            case Domain::Truth: return code != 0 ? "true" : "false";
            case Domain::Class: return std::string(classes.at(code).name);
        }
        return {};
    }
};

void print(const std::string& line, const Evaluation& evaluation, const Rounded& r, bool json) {
    const std::string result = evaluation.result_text(r.code), exceptions = exceptions_text(r.status);
    if (json)
        fmt::print("{}\n",
                   nlohmann::ordered_json{{"operands", line}, {"result", result}, {"exceptions", exceptions}}.dump());
    else
        fmt::print("{}{}{}\n", result, exceptions.empty() ? "" : " ", exceptions);
}

void eval(const Options& options) {
    const Format from = named(formats, "format", options.format).format;
    const Format to = options.to.empty() ? from : named(formats, "format", options.to).format;
    const NamedOperation operation = named(operations, "operation", options.operation);
    const bool of_codes = operation.operation >= Operation::NextUp && operation.operation <= Operation::CopySign;
    if (of_codes && to != from)
        throw InputError(fmt::format("{} has a result of its operand's format", operation.name));
    const Evaluation evaluation{operation, from, to, options.env.env()};
    std::size_t number = 0;
    for (std::string line; std::getline(std::cin, line);) {
        ++number;
        const auto words = split_words(line);
        if (words.empty()) continue;
        try {
            print(line, evaluation, evaluation.of(words), options.json);
        } catch (const InputError& error) {
            throw InputError(fmt::format("line {}: {}", number, error.what()));
        }
    }
}

}  // namespace

void add_eval(CLI::App& program, int&) {
    CLI::App* command = program.add_subcommand(
        "eval", "An operation on hexadecimal operands, a line each on standard input; prints result and exceptions");
    const auto options = std::make_shared<Options>();
    command->add_option("operation", options->operation, "One of " + known_names(operations))->required();
    command->add_option("--format", options->format, "The operands' format")->capture_default_str();
    command->add_option("--to", options->to, "The result's format; the operands' without it");
    options->env.add_to(*command);
    command->add_flag("--json", options->json, "A JSON object a line");
    command->footer("Example: echo 3c00 1000 | halfulp eval add --format fp16 --round up");
    command->callback([options] { eval(*options); });
}
