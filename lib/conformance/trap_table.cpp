#include <halfulp/lib/conformance/trap_table.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include <halfulp/lib/conformance/integer_traps.hpp>
#include <halfulp/lib/conformance/traps.hpp>
#include <halfulp/lib/report/exceptions_text.hpp>
#include <halfulp/lib/report/result_text.hpp>
#include <halfulp/softfloat/env_names.hpp>

namespace halfulp {
namespace {

/// What differs from the defaults, besides the rounding, as options of `halfulp eval`.
std::string options(const Env& env) {
    std::string text;
    const auto option = [&](std::string_view words) { text.append(text.empty() ? "" : " ").append(words); };
    if (env.tininess == Tininess::BeforeRounding) option("--tininess before");
    if (env.overflow != Overflow::ByRounding)
        option(fmt::format("--overflow {}", overflows.at(static_cast<std::size_t>(env.overflow)).name));
    if (env.flush_inputs) option("--daz");
    if (env.flush_outputs != Flush::Never)
        option(fmt::format("--ftz={}", flushes.at(static_cast<std::size_t>(env.flush_outputs)).name));
    if (env.nan != NanPolicy::IeeeDefault)
        option(fmt::format("--nan {}", nan_policies.at(static_cast<std::size_t>(env.nan)).name));
    if (env.random != 0) option(fmt::format("--random {:016x}", env.random));
    return text;
}

std::string operands(const Trap& t) {
    const NamedOperation& row = row_of(t.operation);
    std::string text;
    for (unsigned i = 0; i < row.operands; ++i) {
        const bool integer = row.last_operand == Domain::Integer && i + 1 == row.operands;
        const int width = integer ? 64 : t.from.width;
        text += fmt::format("{}{:0{}x}", i == 0 ? "" : " ", t.operands.at(i), (width + 3) / 4);
    }
    return text;
}

/// The name of a format or an integer type.
std::string type_name(const std::variant<Format, IntegerType>& type) {
    if (const auto* format = std::get_if<Format>(&type)) return std::string(name_of(*format));
    return std::string(std::find_if(integer_types.begin(), integer_types.end(), [&](const auto& row) {
                           return row.value == std::get<IntegerType>(type);
                       })->name);
}

/// A code of a format or an integer type.
std::string code_text(const std::variant<Format, IntegerType>& type, std::uint64_t code) {
    const int width = std::visit([](const auto& t) { return t.width; }, type);
    return fmt::format("{:0{}x}", code, (width + 3) / 4);
}

std::vector<std::string> row_of_table(const IntegerTrap& t) {
    const NamedIntegerMistake& mistake = row_of(t.mistake);
    std::string text = options(t.env);
    if (t.rule != OutOfRange::Saturate)
        text += fmt::format("{}--out-of-range {}", text.empty() ? "" : " ",
                            out_of_range_rules.at(static_cast<std::size_t>(t.rule)).name);
    return {std::string(t.name),
            "convert",
            type_name(t.from),
            type_name(t.to),
            std::string(name_of(t.env.rounding)),
            text,
            code_text(t.from, t.operand),
            code_text(t.to, t.right.code),
            exceptions_text(t.right.status),
            std::string(mistake.name),
            code_text(t.to, t.wrong.code),
            exceptions_text(t.wrong.status),
            std::string(mistake.what),
            std::string(t.source)};
}

}  // namespace

Table trap_table() {
    Table table{{"name", "operation", "format", "to", "rounding", "options", "operands", "result", "exceptions",
                 "mistake", "wrong result", "wrong exceptions", "what it does", "source"}};
    for (const Trap& t : traps) {
        const Domain domain = row_of(t.operation).result;
        const NamedMistake& mistake = row_of(t.mistake);
        table.push_back({std::string(t.name), std::string(name_of(t.operation)), std::string(name_of(t.from)),
                         std::string(name_of(t.to)), std::string(name_of(t.env.rounding)), options(t.env), operands(t),
                         result_text(domain, t.to, t.right.code), exceptions_text(t.right.status),
                         std::string(mistake.name), result_text(domain, t.to, t.wrong.code),
                         exceptions_text(t.wrong.status), std::string(mistake.what), std::string(t.source)});
    }
    for (const IntegerTrap& t : integer_traps) table.push_back(row_of_table(t));
    return table;
}

}  // namespace halfulp
