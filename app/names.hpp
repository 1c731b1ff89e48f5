#pragma once

#include <array>
#include <string>
#include <string_view>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/name.hpp>

// Names on the command line.

/// The row of that name or alias. Throws InputError with the known names if there is none.
template <class Row, std::size_t N>
Row named(const std::array<Row, N>& table, std::string_view what, std::string_view name) {
    const auto row = halfulp::find_by_name(table, name);
    if (row) return *row;
    throw halfulp::InputError("expected a " + std::string(what) + " of " + halfulp::known_names(table) + ", found " +
                              halfulp::shown(name));
}
