#pragma once

#include <string>
#include <vector>

namespace halfulp {

/// A table of text cells, the first row being the head.
using Table = std::vector<std::vector<std::string>>;

/// The columns that have these heads, in this order. Throws std::out_of_range if one is not there.
Table columns(const Table& table, const std::vector<std::string>& heads);

/// As a Markdown table.
std::string to_markdown(const Table& table);

/// As a JSON array with an object a row, by the names of the head.
std::string to_json(const Table& table);

/// In columns for a terminal.
std::string to_columns(const Table& table);

}  // namespace halfulp
