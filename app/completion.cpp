#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "pages.hpp"

namespace {

constexpr auto shells = {"bash", "zsh", "fish"};

/// What may follow a command's name: a command or an option by its names, or the values of a positional.
struct Offer {
    std::vector<std::string> names;
    std::string description;
    bool takes_value = false;
    std::vector<std::string> values;  ///< that may follow; any, and file names, without
};

struct Offers {
    std::string path;
    std::vector<Offer> after;
};

/// The values that an option names, of "TEXT:{refuse,report}".
std::vector<std::string> values_of(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const std::size_t open = type.find('{'), close = type.find('}');
    if (open == std::string::npos || close == std::string::npos) return {};
    return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

std::vector<Offers> offers_of(const CLI::App& program) {
    std::vector<Offers> all;
    for (const Command& command : commands_of(program)) {
        std::vector<Offer>& after = all.emplace_back(Offers{command.path, {}}).after;
        for (const CLI::App* subcommand : command.app->get_subcommands([](const CLI::App*) { return true; }))
            after.push_back({{subcommand->get_name()}, subcommand->get_description(), false, {}});
        for (const CLI::Option* option : command.app->get_options()) {
            const std::string& text = option->get_description();
            if (option->get_positional())
                after.push_back({values_of(*option), text, false, {}});
            else
                after.push_back({names_of(*option), text, option->get_items_expected_min() > 0, values_of(*option)});
        }
    }
    return all;
}

std::string replaced(const std::string& text, char from, const std::string& to) {
    std::string result;
    for (const char c : text) c == from ? result += to : result += c;
    return result;
}

/// In single quotes of bash and zsh; in those of fish.
std::string quoted(const std::string& text) { return "'" + replaced(text, '\'', R"('\'')") + "'"; }
std::string fish_quoted(const std::string& text) {
    return "'" + replaced(replaced(text, '\\', R"(\\)"), '\'', R"(\')") + "'";
}

/// The paths of commands, each in the quotes of a shell.
std::string paths_of(const std::vector<Offers>& all, const char* separator) {
    std::vector<std::string> paths;
    for (const Offers& command : all)
        if (!command.path.empty()) paths.push_back(quoted(command.path));
    return fmt::format("{}", fmt::join(paths, separator));
}

/// Arms of a case, of bash and zsh: after which options of a command which values stand.
std::string values_after_options(const std::vector<Offers>& all) {
    std::string arms;
    for (const Offers& command : all)
        for (const Offer& option : command.after) {
            if (!option.takes_value) continue;
            std::vector<std::string> labels;
            for (const std::string& name : option.names) labels.push_back(quoted(command.path + " " + name));
            arms += fmt::format("    {}) values=({}) ;;\n", fmt::join(labels, " | "), fmt::join(option.values, " "));
        }
    return arms;
}

std::string bash_completion(const std::vector<Offers>& all) {
    std::string words;
    for (const Offers& command : all) {
        std::vector<std::string> names;
        for (const Offer& offer : command.after) names.insert(names.end(), offer.names.begin(), offer.names.end());
        words += fmt::format("    {}) values=({}) ;;\n", quoted(command.path), fmt::join(names, " "));
    }
    return fmt::format(R"(# Completion of halfulp's commands, written by: halfulp completion bash
_halfulp() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command='' values=() path i
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
    mapfile -t COMPREPLY < <(compgen -W "${{values[*]}}" -- "$word")
}}
complete -o default -F _halfulp halfulp
)",
                       paths_of(all, " | "), words, values_after_options(all));
}

/// Found by compinit as _halfulp, whose first call defines it, or sourced.
std::string zsh_completion(const std::vector<Offers>& all) {
    std::string words;
    for (const Offers& command : all) {
        words += fmt::format("    {}) values=(\n", quoted(command.path));
        for (const Offer& offer : command.after)
            for (const std::string& name : offer.names)
                words += "        " + quoted(replaced(name, ':', "\\:") + ":" + offer.description) + "\n";
        words += "    ) ;;\n";
    }
    return fmt::format(R"(#compdef halfulp
# Completion of halfulp's commands, written by: halfulp completion zsh
_halfulp() {{
    local previous=$words[CURRENT-1] command='' longer word
    local -a values
    for word in ${{words[2,CURRENT-1]}}; do
        longer=${{command:+$command }}$word
        case $longer in
        {}) command=$longer ;;
        esac
    done
    case $command in
{}    esac
    case "$command $previous" in
{}    esac
    _describe halfulp values || _files
}}
if [[ $funcstack[1] == _halfulp ]]; then _halfulp "$@"; else compdef _halfulp halfulp; fi
)",
                       paths_of(all, " | "), words, values_after_options(all));
}

/// A line each, of those names that stand after the same command. fish itself offers file names where no -f is.
std::string fish_completion(const std::vector<Offers>& all) {
    std::string lines;
    for (const Offers& command : all)
        for (const Offer& offer : command.after) {
            std::string names;
            std::vector<std::string> words;
            for (const std::string& name : offer.names)
                if (name.starts_with("--"))
                    names += " -l " + name.substr(2);
                else if (name.starts_with('-'))
                    names += " -s " + name.substr(1);
                else
                    words.push_back(name);
            if (!words.empty()) names += fmt::format(" -f -a '{}'", fmt::join(words, " "));
            if (!offer.values.empty())
                names += fmt::format(" -x -a '{}'", fmt::join(offer.values, " "));
            else if (offer.takes_value)
                names += " -r";
            if (!names.empty())
                lines += fmt::format("complete -c halfulp -n '__halfulp_after \"{}\"'{} -d {}\n", command.path, names,
                                     fish_quoted(offer.description));
        }
    return fmt::format(R"(# Completion of halfulp's commands, written by: halfulp completion fish
function __halfulp_after
    set -l command ''
    for word in (commandline -opc)[2..]
        set -l longer (string trim "$command $word")
        if contains -- $longer {}
            set command $longer
        end
    end
    test "$command" = "$argv"
end
{})",
                       paths_of(all, " "), lines);
}

}  // namespace

std::string completion(const CLI::App& program, const std::string& shell) {
    const std::vector<Offers> all = offers_of(program);
    return shell == "bash" ? bash_completion(all) : shell == "zsh" ? zsh_completion(all) : fish_completion(all);
}

void add_completion(CLI::App& program, int&) {
    CLI::App* command =
        program.add_subcommand("completion", "A script with which a shell completes halfulp's commands");
    const auto shell = std::make_shared<std::string>();
    command->add_option("shell", *shell, "Which shell's")
        ->required()
        ->check(CLI::IsMember(std::vector<std::string>(shells.begin(), shells.end())));
    command->footer("Example: source <(halfulp completion bash)");
    command->callback([shell, &program] { fmt::print("{}", completion(program, *shell)); });
}
