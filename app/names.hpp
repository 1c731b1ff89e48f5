#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/name.hpp>
#include <halfulp/softfloat/operation.hpp>

// Names and codes on the command line and in lines of input.

/// The row of that name or alias. Throws InputError with the known names if there is none.
template <class Row, std::size_t N>
Row named(const std::array<Row, N>& table, std::string_view what, std::string_view name) {
    const auto row = halfulp::find_by_name(table, name);
    if (row) return *row;
    const bool vowel = std::string_view("aeiou").find(what[0]) != std::string_view::npos;
    throw halfulp::InputError((vowel ? "expected an " : "expected a ") + std::string(what) + " of " +
                              halfulp::known_names(table) + ", found " + halfulp::shown(name));
}

/// What eval and verify are asked for.
using Function = std::variant<halfulp::NamedOperation, halfulp::NamedElementary>;

/// The operation or elementary function of that name or alias. Throws InputError with the known names.
Function named_function(std::string_view name);

/// "add, sub, ...".
std::string known_functions();

/// A decimal number without sign; empty if the text is none.
std::optional<std::uint64_t> whole_number(std::string_view text);

/// A hexadecimal number of at most `width` bits, with or without 0x. Throws InputError.
std::uint64_t hexadecimal(std::string_view text, int width);
