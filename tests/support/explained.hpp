#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <halfulp/lib/diagnose/explain.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

// What tests of explanations ask of them.

namespace halfulp::test {

inline std::vector<std::string> names(const std::vector<Candidate>& candidates) {
    std::vector<std::string> all(candidates.size());
    std::transform(candidates.begin(), candidates.end(), all.begin(),
                   [](const Candidate& c) { return text_of(c.hypothesis); });
    return all;
}

/// How many matrix units, as their table has them, with the plain plan.
inline std::size_t plain_units(const std::vector<Candidate>& candidates) {
    return static_cast<std::size_t>(std::count_if(candidates.begin(), candidates.end(), [](const Candidate& c) {
        return text_of(c.hypothesis) == c.hypothesis.name && std::holds_alternative<MmaSpec>(c.hypothesis.unit);
    }));
}

inline const MmaSpec& unit(std::string_view processor, const Format& input, const Format& accumulator) {
    return *find_mma(processor, "mma.sync", input, accumulator);
}

}  // namespace halfulp::test
