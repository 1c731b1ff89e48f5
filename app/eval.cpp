#include <fmt/format.h>

#include <array>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include <halfulp/lib/report/exceptions_text.hpp>
#include <halfulp/lib/report/result_text.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/elementary.hpp>
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

/// What a line of operands is evaluated by: an operation, or an elementary function of one number.
struct Evaluation {
    std::string_view name;
    unsigned operands;
    Domain result, last_operand;
    std::function<Rounded(std::span<const Operand>)> of;
    Format from, to;

    Rounded at(const std::vector<std::string_view>& words) const {
        if (words.size() != operands)
            throw InputError(fmt::format("expected {} operands, found {}", operands, words.size()));
        std::array<Operand, 3> all{};
        for (std::size_t i = 0; i < words.size(); ++i) {
            const bool integer = last_operand == Domain::Integer && i + 1 == words.size();
            all.at(i) = {from, hexadecimal(words[i], integer ? 64 : from.width)};
        }
        return of(std::span(all).first(words.size()));
    }
};

Evaluation evaluation_of(const NamedOperation& row, const Format& from, const Format& to, const Env& env) {
    const bool of_codes = row.operation >= Operation::NextUp && row.operation <= Operation::CopySign;
    if (of_codes && to != from) throw InputError(fmt::format("{} has a result of its operand's format", row.name));
    const auto computed = [=](std::span<const Operand> operands) { return compute(row.operation, to, operands, env); };
    return {row.name, row.operands, row.result, row.last_operand, computed, from, to};
}

Evaluation evaluation_of(const NamedElementary& row, const Format& from, const Format& to, const Env& env) {
    if (from.width > elementary_width)
        throw InputError(
            fmt::format("{} takes formats of at most {} bits, found {}", row.name, elementary_width, name_of(from)));
    const auto computed = [=](std::span<const Operand> operands) {
        return compute(row.function, to, operands[0], env);
    };
    return {row.name, 1, Domain::Number, Domain::Number, computed, from, to};
}

std::string known_functions() { return known_names(operations) + ", " + known_names(elementary_functions); }

Evaluation evaluation_of(const Options& options) {
    const Format from = named(formats, "format", options.format).format;
    const Format to = options.to.empty() ? from : named(formats, "format", options.to).format;
    const Env env = options.env.env();
    if (const auto row = find_operation(options.operation)) return evaluation_of(*row, from, to, env);
    if (const auto row = find_elementary(options.operation)) return evaluation_of(*row, from, to, env);
    throw InputError("expected an operation of " + known_functions() + ", found " + shown(options.operation));
}

void print(const std::string& line, const Evaluation& evaluation, const Rounded& r, bool json) {
    const std::string result = result_text(evaluation.result, evaluation.to, r.code),
                      exceptions = exceptions_text(r.status);
    if (json)
        fmt::print("{}\n",
                   nlohmann::ordered_json{{"operands", line}, {"result", result}, {"exceptions", exceptions}}.dump());
    else
        fmt::print("{}{}{}\n", result, exceptions.empty() ? "" : " ", exceptions);
}

void eval(const Options& options) {
    const Evaluation evaluation = evaluation_of(options);
    std::size_t number = 0;
    for (std::string line; std::getline(std::cin, line);) {
        ++number;
        const auto words = split_words(line);
        if (words.empty()) continue;
        try {
            print(line, evaluation, evaluation.at(words), options.json);
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
    command->add_option("operation", options->operation, "One of " + known_functions())->required();
    command->add_option("--format", options->format, "The operands' format")->capture_default_str();
    command->add_option("--to", options->to, "The result's format; the operands' without it");
    options->env.add_to(*command);
    command->add_flag("--json", options->json, "A JSON object a line");
    command->footer("Example: echo 3c00 1000 | halfulp eval add --format fp16 --round up");
    command->callback([options] { eval(*options); });
}
