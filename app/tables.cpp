#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include <halfulp/lib/conformance/trap_table.hpp>
#include <halfulp/lib/matrix_unit/unit_table.hpp>
#include <halfulp/lib/report/format_table.hpp>

#include "command.hpp"

namespace {

using namespace halfulp;

void add_table(CLI::App& program, const char* name, const char* description, const char* legend, Table (*table)()) {
    CLI::App* command = program.add_subcommand(name, description);
    const auto markdown = std::make_shared<bool>(false), json = std::make_shared<bool>(false);
    CLI::Option* as_markdown = command->add_flag("--markdown", *markdown, "As a Markdown table, as in the README");
    command->add_flag("--json", *json, "As a JSON array with an object a row")->excludes(as_markdown);
    command->footer(fmt::format("{}Example: halfulp {}", legend, name));
    command->callback([=] {
        const Table rows = table();
        fmt::print("{}", *markdown ? to_markdown(rows) : *json ? to_json(rows) + "\n" : to_columns(rows));
    });
}

}  // namespace

void add_formats(CLI::App& program, int&) {
    add_table(program, "formats", "The number formats: encoding, range, precision, special values", "", format_table);
}

void add_units(CLI::App& program, int&) {
    add_table(
        program, "units", "The matrix units: how each computes, and how well that is known",
        "Evidence grades stand for block, fraction bits, floor, rounding:\n"
        "  A recorded results refute every change of it that is tried, B published as checked on hardware, C inferred, D undecided\n",
        unit_table);
}

void add_vectors(CLI::App& program, int&) {
    add_table(program, "vectors", "The discriminating set: operands on which a common mistake gives another result",
              "A row again: echo OPERANDS | halfulp eval OPERATION --format FORMAT --to TO --round ROUNDING OPTIONS\n",
              trap_table);
}
