#include <halfulp/lib/matrix_unit/unit_table.hpp>

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp {
namespace {

std::string processor_names(std::string_view name) {
    const Processor processor = *find_processor(name);
    std::string text(processor.name);
    for (const std::string_view alias : processor.aliases) text.append(", ").append(alias);
    return text;
}

bool differ_in_inputs_alone(const MmaSpec& x, MmaSpec y) {
    y.a = x.a;
    y.b = x.b;
    return x == y;
}

using Names = std::vector<std::string>;

/// Some elements of a and all those of b that each of them goes with.
struct Product {
    Names a, b;
};

/// Pre: rows of one a are neighbours.
std::vector<Product> products_of(std::span<const MmaSpec> rows) {
    std::vector<Product> of_each;
    for (const MmaSpec& row : rows) {
        if (of_each.empty() || of_each.back().a.back() != name_of(row.a)) of_each.push_back({{name_of(row.a)}, {}});
        of_each.back().b.push_back(name_of(row.b));
    }
    std::vector<Product> products;
    for (const Product& one : of_each) {
        if (products.empty() || products.back().b != one.b)
            products.push_back(one);
        else
            products.back().a.push_back(one.a[0]);
    }
    return products;
}

/// "fp16", "any two of e4m3 e5m2", "e4m3 by e5m2, e5m2 by e4m3".
std::string inputs_of(std::span<const MmaSpec> rows) {
    Names texts;
    for (const auto& [a, b] : products_of(rows))
        texts.push_back(a != b          ? fmt::format("{} by {}", fmt::join(a, " "), fmt::join(b, " "))
                        : a.size() == 1 ? a[0]
                                        : fmt::format("any two of {}", fmt::join(a, " ")));
    return fmt::format("{}", fmt::join(texts, ", "));
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

std::string grades(const Evidence& e) {
    return fmt::format("{}{}{}{}", e.group, e.fraction_bits, e.exponent_floor, e.rounding);
}

std::vector<std::string> line_of(std::span<const MmaSpec> rows) {
    const MmaSpec& spec = rows.front();
    const bool aligned = spec.family == Family::AlignedSum || spec.family == Family::ScaledGroups;
    return {processor_names(spec.processor),
            std::string(spec.instruction),
            inputs_of(rows) + "->" + name_of(spec.accumulator),
            std::string(sum_of(spec.family)),
            fmt::format("{}{}", spec.group, scales_of(spec)),
            spec.fraction_bits == every_bit ? "all" : fmt::format("{}", spec.fraction_bits),
            aligned ? fmt::format("2^{}", spec.exponent_floor) : "-",
            rounds_to(spec),
            grades(spec.evidence),
            std::string(spec.evidence.source)};
}

}  // namespace

Table unit_table() {
    Table table{{"processor", "instruction", "formats", "sum", "block", "fraction bits", "floor", "rounding",
                 "evidence", "source"}};
    const auto rows = mma_specs();
    for (auto first = rows.begin(); first != rows.end();) {
        const auto next = std::find_if_not(first, rows.end(),
                                           [&](const MmaSpec& row) { return differ_in_inputs_alone(*first, row); });
        table.push_back(line_of({first, next}));
        first = next;
    }
    return table;
}

}  // namespace halfulp
