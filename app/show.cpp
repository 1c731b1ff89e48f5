#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/report/anatomy.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/parse.hpp>

#include "command.hpp"
#include "names.hpp"

namespace {

using namespace halfulp;

struct ShowRequest {
    std::string format, value;
    bool json = false;
};

/// 0x and hexadecimal digits alone are a code; everything else is a number (0x1p+0 has its p).
bool is_code(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdefABCDEF";
    return text.size() > 2 && (text.starts_with("0x") || text.starts_with("0X")) &&
           text.find_first_not_of(digits, 2) == std::string_view::npos;
}

void show_code(const Format& f, std::uint64_t code, bool json) {
    const Anatomy sheet = anatomy(f, code);
    fmt::print("{}", json ? to_json(sheet) + "\n" : to_text(sheet));
}

void show_number(const Format& f, const std::string& text, bool json) {
    const Parsed<Sticky> number = parse(text);
    if (!number.value)
        throw InputError(fmt::format("expected {} at character {} of {}", number.error.expected,
                                     number.error.offset + 1, shown(text)));
    const auto alike = roundings_of(f, *number.value);
    if (!json) fmt::print("{} in {}:\n{}\n", text, name_of(f), to_text(f, alike));
    show_code(f, round_pack(f, *number.value).code, json);
}

void show(const ShowRequest& options) {
    const Format f = named(formats, "format", options.format).format;
    if (is_code(options.value))
        show_code(f, hexadecimal(options.value, f.width), options.json);
    else
        show_number(f, options.value, options.json);
}

}  // namespace

void add_show(CLI::App& program, int&) {
    CLI::App* command = program.add_subcommand(
        "show", "One value taken apart: bit fields, exact value, neighbours, and which rounding gives which code");
    const auto options = std::make_shared<ShowRequest>();
    command->add_option("format", options->format, "A format; halfulp formats lists them")->required();
    command->add_option("value", options->value, "A code (0x and hexadecimal digits), or a number: 0.1, 0x1.8p-3, inf")
        ->required();
    command->add_flag("--json", options->json, "As a JSON object");
    command->footer("Example: halfulp show fp16 0.1\nExample: halfulp show bf16 0x7f7f");
    command->callback([options] { show(*options); });
}
