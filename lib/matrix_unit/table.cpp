#include <halfulp/lib/matrix_unit/table.hpp>

#include <algorithm>

#include <halfulp/lib/matrix_unit/rows/rows.h>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/row_groups.hpp>

namespace halfulp {
namespace {

Rows all_rows() {
    Rows rows;
    add_nvidia_rows(rows);
    add_amd_rows(rows);
    add_x86_rows(rows);
    add_arm_rows(rows);
    return rows;
}

}  // namespace

bool lists(std::string_view words, std::string_view word) {
    return (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

std::optional<Processor> find_processor(std::string_view name) {
    if (const auto named = find_by_name(processors, name)) return named;
    const auto row = std::find_if(processors.begin(), processors.end(),
                                  [&](const Processor& p) { return lists(p.architecture, name); });
    return row == processors.end() ? std::nullopt : std::optional(*row);
}

std::string known_processors(bool nvidia_only) {
    std::string names;
    for (const Processor& processor : processors) {
        if (nvidia_only && !processor.is_nvidia()) continue;
        names.append(names.empty() ? "" : ", ").append(processor.name);
        std::string others;
        for (const std::string_view alias : processor.aliases)
            others.append(others.empty() ? " (also " : ", ").append(alias);
        names.append(others).append(others.empty() ? "" : ")");
    }
    return names;
}

std::span<const MmaSpec> mma_specs() {
    static const Rows rows = all_rows();
    return rows;
}

const MmaSpec* find_mma(std::string_view processor, std::string_view instruction, const Element& a, const Element& b,
                        const Element& accumulator) {
    const auto rows = mma_specs();
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const MmaSpec& spec) {
        return spec.processor == processor && lists(spec.instruction, instruction) && spec.a == a && spec.b == b &&
               spec.accumulator == accumulator;
    });
    return row == rows.end() ? nullptr : &*row;
}

const MmaSpec* find_mma(std::string_view processor, std::string_view instruction, const Element& input,
                        const Element& accumulator) {
    return find_mma(processor, instruction, input, input, accumulator);
}

const MmaSpec& mma_unit(std::string_view name) {
    const auto words = split_words(name);
    const auto processor = find_processor(words.empty() ? "" : words[0]);
    if (!processor)
        throw InputError("unit " + shown(name) + ": expected PROCESSOR INSTRUCTION FORMATS, a processor being one of " +
                         known_processors());
    for (const MmaSpec& spec : mma_specs())
        if (words.size() == 3 && spec.processor == processor->name && lists(spec.instruction, words[1]) &&
            formats_of(spec) == words[2])
            return spec;
    throw InputError("unit " + shown(name) + ": expected one of " + std::string(words[0]) + ": " +
                     units_of(processor->name));
}

std::string name_of(const MmaSpec& spec) {
    return std::string(spec.processor) + " " + std::string(spec.instruction) + " " + formats_of(spec);
}

std::string formats_of(const MmaSpec& spec) {
    const std::string inputs = spec.a == spec.b ? name_of(spec.a) : name_of(spec.a) + "*" + name_of(spec.b);
    return inputs + "->" + name_of(spec.accumulator);
}

}  // namespace halfulp
