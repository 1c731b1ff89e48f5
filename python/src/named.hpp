#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/softfloat/name.hpp>

namespace halfulp::python {

/// The row of that name or alias. Throws std::invalid_argument, in Python ValueError, with the known names.
template <class Row, std::size_t N>
Row named(const std::array<Row, N>& table, std::string_view what, std::string_view name) {
    if (const auto row = find_by_name(table, name)) return *row;
    throw std::invalid_argument(fmt::format("unknown {} '{}': expected one of {}", what, name, known_names(table)));
}

/// The name of a value, of a table that has a row for each in their order.
template <class Row, std::size_t N, class Value>
std::string name_in(const std::array<Row, N>& table, Value value) {
    return std::string(table[static_cast<std::size_t>(value)].name);
}

/// The names of a table's rows.
template <class Row, std::size_t N>
std::vector<std::string> names_of(const std::array<Row, N>& table) {
    std::vector<std::string> names;
    names.reserve(N);
    for (const Row& row : table) names.emplace_back(row.name);
    return names;
}

}  // namespace halfulp::python
