#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace halfulp {

/// Other names of a row, as many as there are; unused places are empty.
using Aliases = std::array<std::string_view, 6>;

/// The row of a table whose name or alias this is. Rows have the members `name` and `aliases`.
template <class Row, std::size_t N>
constexpr std::optional<Row> find_by_name(const std::array<Row, N>& table, std::string_view name) {
    for (const Row& row : table) {
        if (name.empty()) break;
        if (row.name == name || std::find(row.aliases.begin(), row.aliases.end(), name) != row.aliases.end())
            return row;
    }
    return std::nullopt;
}

/// "a, b, c": what an unknown name is answered with.
template <class Row, std::size_t N>
std::string known_names(const std::array<Row, N>& table) {
    std::string names;
    for (const Row& row : table) names.append(names.empty() ? "" : ", ").append(row.name);
    return names;
}

}  // namespace halfulp
