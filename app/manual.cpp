#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>

#include "command.hpp"
#include "pages.hpp"

namespace {

/// Text as roff shows it: backslashes and dashes as they are, and no line that begins as a request.
std::string roff(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if ((c == '.' || c == '\'') && (escaped.empty() || escaped.back() == '\n')) escaped += "\\&";
        if (c == '\\')
            escaped += "\\(rs";
        else if (c == '-')
            escaped += "\\-";
        else
            escaped += c;
    }
    return escaped;
}

/// Lines that stay lines.
std::string verbatim(const std::string& text) {
    return text.empty() ? "" : fmt::format(".PP\n.nf\n{}\n.fi\n", roff(text));
}

std::string option_text(const CLI::Option& option) {
    std::string type = option.get_items_expected_max() > 0 && !option.get_positional() ? option.get_type_name() : "";
    if (!type.empty()) type = " " + type;
    const std::string preset = option.get_default_str().empty() ? "" : " (" + option.get_default_str() + ")";
    return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", roff(fmt::format("{}", fmt::join(names_of(option), ", "))),
                       roff(type), roff(option.get_description() + preset));
}

std::string command_text(const Command& command) {
    std::string text = fmt::format(".SS halfulp {}\n{}\n", roff(command.path), roff(command.app->get_description()));
    for (const CLI::Option* option : command.app->get_options())
        if (option != command.app->get_help_ptr()) text += option_text(*option);
    return text + verbatim(command.app->get_footer());
}

}  // namespace

std::string manual(const CLI::App& program) {
    const std::string description = program.get_description().substr(program.get_name().size() + 1);
    std::string text = fmt::format(
        ".TH HALFULP 1 \"\" \"halfulp {}\" \"User Commands\"\n.SH NAME\nhalfulp \\- {}\n"
        ".SH SYNOPSIS\n.B halfulp\n\\fICOMMAND\\fR [\\fIOPTION\\fR]...\n.SH DESCRIPTION\n{}\n",
        roff(HALFULP_VERSION), roff(description.substr(0, description.find('.'))), roff(program.get_description()));
    for (const CLI::Option* option : program.get_options()) text += option_text(*option);
    text += verbatim(program.get_footer()) + ".SH COMMANDS\n";
    for (const Command& command : commands_of(program))
        if (!command.path.empty()) text += command_text(command);
    return text;
}

void add_man(CLI::App& program, int&) {
    CLI::App* command = program.add_subcommand("man", "The manual page of halfulp, in roff");
    command->footer("Example: halfulp man | man -l -");
    command->callback([&program] { fmt::print("{}", manual(program)); });
}
