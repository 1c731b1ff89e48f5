#include <halfulp/lib/matrix_unit/unit_table.hpp>

#include <vector>

#include <fmt/format.h>

#include <halfulp/lib/matrix_unit/disputed.hpp>
#include <halfulp/lib/matrix_unit/row_groups.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp {
namespace {

std::string processor_names(std::string_view name) {
    const Processor processor = *find_processor(name);
    std::string text(processor.name);
    for (const std::string_view alias : processor.aliases) text.append(", ").append(alias);
    return text;
}

std::string scales_of(const MmaSpec& spec) {
    if (!spec.scaling) return "";
    return fmt::format(", a {} for {}", name_of_scale(spec.scaling->format), spec.scaling->block);
}

std::string_view sum_of(Family family) {
    switch (family) {
        case Family::AlignedSum: return "aligned";
        case Family::ScaledGroups: return "aligned, 16 by 16";
        case Family::ExactSum: return "exact";
        case Family::RoundedTree: return "tree";
        case Family::TwoChains: return "two chains";
        case Family::FlooredSum: return "floored";
        case Family::FlooredHalves: return "floored halves";
        case Family::Integers: return "integer";
    }
    __builtin_unreachable();
}

/// How a block ends, and what else is special.
std::string rounds_to(const MmaSpec& spec) {
    if (spec.family == Family::Integers) return spec.saturates ? "saturates" : "wraps";
    std::string text(name_of(spec.rounding));
    if (spec.kept != spec.accumulator.format) text += fmt::format(", {} bits", spec.kept.precision);
    if (spec.multiplied) text += fmt::format(", as {}", short_name(*spec.multiplied));
    if (spec.order == KOrder::AlternatePairs) text += ", pairs alternate";
    if (spec.order == KOrder::OddFirst) text += ", odd first";
    if (spec.c_last) text += ", c last";
    if (spec.subnormals != Subnormals::Kept) text += ", flushed";
    return text;
}

std::string floor_of(const MmaSpec& spec) {
    if (spec.family != Family::AlignedSum && spec.family != Family::ScaledGroups) return "-";
    const std::string floor = fmt::format("2^{}", spec.exponent_floor);
    const auto other = answered_otherwise(spec, disputed_points[0]);
    return other ? fmt::format("{}; 2^{} by {}", floor, other->exponent_floor, disputed_points[0].option) : floor;
}

/// The sign of a sum that is zero.
std::string zero_of(const MmaSpec& spec) {
    if (spec.family == Family::Integers) return "-";
    const std::string sign = spec.zero_sign == ZeroSign::MmaSim ? "its terms' sign" : "+0";
    const bool disputed = answered_otherwise(spec, disputed_points[1]).has_value();
    return disputed ? fmt::format("{}; +0 by {}", sign, disputed_points[1].option) : sign;
}

std::string grades(const Evidence& e) {
    return fmt::format("{}{}{}{}", e.group, e.fraction_bits, e.exponent_floor, e.rounding);
}

std::vector<std::string> line_of(std::span<const MmaSpec> rows) {
    const MmaSpec& spec = rows.front();
    return {processor_names(spec.processor),
            std::string(spec.instruction),
            formats_of(rows),
            std::string(sum_of(spec.family)),
            fmt::format("{}{}", spec.group, scales_of(spec)),
            spec.fraction_bits == every_bit ? "all" : fmt::format("{}", spec.fraction_bits),
            floor_of(spec),
            rounds_to(spec),
            zero_of(spec),
            grades(spec.evidence),
            std::string(spec.evidence.source)};
}

}  // namespace

Table unit_table() {
    Table table{{"processor", "instruction", "formats", "sum", "block", "fraction bits", "floor", "rounding", "zero",
                 "evidence", "source"}};
    for (const auto& group : row_groups()) table.push_back(line_of(group));
    return table;
}

}  // namespace halfulp
