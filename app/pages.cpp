#include "pages.hpp"

#include <CLI/CLI.hpp>

namespace {

void add_commands(const std::string& path, const CLI::App& app, std::vector<Command>& all) {
    all.push_back({path, &app});
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        add_commands(path.empty() ? command->get_name() : path + " " + command->get_name(), *command, all);
}

}  // namespace

std::vector<Command> commands_of(const CLI::App& program) {
    std::vector<Command> all;
    add_commands("", program, all);
    return all;
}

std::vector<std::string> names_of(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const std::string& name : option.get_snames()) names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
    if (names.empty()) names.push_back(option.get_name());
    return names;
}
