#pragma once

#include <fmt/format.h>

#include <array>
#include <stdexcept>
#include <string_view>

#include <halfulp/softfloat/name.hpp>

namespace halfulp::python {

/// The row of that name or alias. Throws std::invalid_argument, in Python ValueError, with the known names.
template <class Row, std::size_t N>
Row named(const std::array<Row, N>& table, std::string_view what, std::string_view name) {
    if (const auto row = find_by_name(table, name)) return *row;
    throw std::invalid_argument(fmt::format("unknown {} '{}': expected one of {}", what, name, known_names(table)));
}

}  // namespace halfulp::python
