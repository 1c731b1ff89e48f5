#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "pages.hpp"

namespace {

/// The values that an option names, of "TEXT:{refuse,report}".
std::string choices_of(const CLI::Option& option) {
    std::string type = option.get_type_name();
    const std::size_t open = type.find('{'), close = type.find('}');
    if (open == std::string::npos || close == std::string::npos) return "";
    type = type.substr(open + 1, close - open - 1);
    for (char& c : type)
        if (c == ',') c = ' ';
    return type;
}

/// What may follow a command's name: its commands, options, and the values that its positionals name.
std::vector<std::string> words_after(const CLI::App& command) {
    std::vector<std::string> words;
    for (const CLI::App* subcommand : command.get_subcommands([](const CLI::App*) { return true; }))
        words.push_back(subcommand->get_name());
    for (const CLI::Option* option : command.get_options()) {
        const std::vector<std::string> names =
            option->get_positional() ? std::vector{choices_of(*option)} : names_of(*option);
        words.insert(words.end(), names.begin(), names.end());
    }
    return words;
}

/// Arms of a case: after which options of a command which values stand. Without any, file names are offered.
std::string values_after_options(const Command& command) {
    std::string arms;
    for (const CLI::Option* option : command.app->get_options()) {
        if (option->get_positional() || option->get_items_expected_min() == 0) continue;
        std::vector<std::string> labels;
        for (const std::string& name : names_of(*option)) labels.push_back(fmt::format("'{} {}'", command.path, name));
        arms += fmt::format("    {}) values='{}' ;;\n", fmt::join(labels, " | "), choices_of(*option));
    }
    return arms;
}

}  // namespace

std::string bash_completion(const CLI::App& program) {
    std::vector<std::string> paths;
    std::string words, values;
    for (const Command& command : commands_of(program)) {
        if (!command.path.empty()) paths.push_back("'" + command.path + "'");
        words += fmt::format("    '{}') values='{}' ;;\n", command.path, fmt::join(words_after(*command.app), " "));
        values += values_after_options(command);
    }
    return fmt::format(R"(# Completion of halfulp's commands, written by: halfulp completion bash
_halfulp() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command='' values='' path i
    for ((i = 1; i < COMP_CWORD; ++i)); do
        path=${{command:+$command }}${{COMP_WORDS[i]}}
        case $path in
        {}) command=$path ;;
        esac
    done
    case $command in
{}    esac
    case "$command $previous" in
{}    esac
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
}}
complete -o default -F _halfulp halfulp
)",
                       fmt::join(paths, " | "), words, values);
}

void add_completion(CLI::App& program, int&) {
    CLI::App* command =
        program.add_subcommand("completion", "A script with which a shell completes halfulp's commands");
    const auto shell = std::make_shared<std::string>();
    command->add_option("shell", *shell, "Which shell's")->required()->check(CLI::IsMember({"bash"}));
    command->footer("Example: source <(halfulp completion bash)");
    command->callback([shell, &program] { fmt::print("{}", bash_completion(program)); });
}
