#include <halfulp/lib/matrix_unit/unit_table.hpp>

#include <fmt/format.h>

#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

std::string processor_names(std::string_view name) {
    const Processor processor = *find_processor(name);
    std::string text(processor.name);
    for (const std::string_view alias : processor.aliases) text.append(", ").append(alias);
    return text;
}

std::string rounds_to(const MmaSpec& spec) {
    const std::string bits = spec.kept == spec.accumulator.format ? "" : fmt::format(", {} bits", spec.kept.precision);
    return fmt::format("{}{}{}", name_of(spec.rounding), bits, spec.c_last ? ", c last" : "");
}

std::string grades(const Evidence& e) {
    return fmt::format("{}{}{}{}", e.group, e.fraction_bits, e.exponent_floor, e.rounding);
}

}  // namespace

Table unit_table() {
    Table table{{"GPU", "instruction", "formats", "block", "fraction bits", "floor", "rounding", "evidence", "source"}};
    for (const MmaSpec& spec : mma_specs()) {
        const bool whole = spec.fraction_bits == every_bit;
        table.push_back({processor_names(spec.processor), std::string(spec.instruction), formats_of(spec),
                         fmt::format("{}", spec.group), whole ? "all" : fmt::format("{}", spec.fraction_bits),
                         whole ? "-" : fmt::format("2^{}", spec.exponent_floor), rounds_to(spec), grades(spec.evidence),
                         std::string(spec.evidence.source)});
    }
    return table;
}

}  // namespace halfulp
