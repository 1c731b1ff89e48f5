#pragma once

#include <algorithm>
#include <array>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <string>
#include <utility>
#include <vector>

// The instructions that compute by a row of the table.

namespace halfulp::test {

/// A pattern with the elements of a row, and n = 16.
inline std::string with_elements(std::string pattern, const MmaSpec& row) {
    const auto name = [](const Element& x) -> std::string {
        const std::string text = name_of(x);
        if (text == "e4m3fnuz" || text == "e5m2fnuz") return text == "e4m3fnuz" ? "fp8" : "bf8";
        return text.starts_with("fp") ? "f" + text.substr(2) : text;
    };
    const std::array<std::pair<std::string, std::string>, 4> places = {
        {{"{a}", name(row.a)}, {"{b}", name(row.b)}, {"{d}", name(row.accumulator)}, {"{n}", "16"}}};
    for (const auto& [place, text] : places)
        for (std::size_t at = pattern.find(place); at != std::string::npos; at = pattern.find(place))
            pattern.replace(at, place.size(), text);
    return pattern;
}

/// Pre: a row of mma_specs().
inline std::vector<MmaInstruction> instructions_of(const MmaSpec& row) {
    std::vector<MmaInstruction> all;
    for (const std::string& pattern : instruction_patterns(row.processor)) {
        try {
            const MmaInstruction found = find_instruction(row.processor, with_elements(pattern, row));
            if (found.spec == &row) all.push_back(found);
        } catch (const InputError&) {  // of other rows
        }
    }
    return all;
}

}  // namespace halfulp::test
