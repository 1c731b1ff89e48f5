#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace halfulp {

/// Other names of a row, in the order given.
class Aliases {
  public:
    /// at most as many as there is room for
    constexpr Aliases(std::initializer_list<std::string_view> names) : count_(names.size()) {
        std::copy(names.begin(), names.end(), names_.begin());
    }
    constexpr const std::string_view* begin() const { return names_.data(); }         ///< the first
    constexpr const std::string_view* end() const { return names_.data() + count_; }  ///< past the last
    constexpr bool empty() const { return count_ == 0; }                              ///< are there none?

  private:
    std::array<std::string_view, 5> names_ = {};
    std::size_t count_;
};

/// A row of a table that names the values of an enumeration and nothing more.
template <class Value>
struct Named {
    std::string_view name;  ///< its first name
    Value value;            ///< what it means
    Aliases aliases;        ///< other names
};

/// The row of a table whose name or alias this is. Rows have the members `name` and `aliases`.
template <class Row, std::size_t N>
constexpr std::optional<Row> find_by_name(const std::array<Row, N>& table, std::string_view name) {
    for (const Row& row : table)
        if (row.name == name || std::find(row.aliases.begin(), row.aliases.end(), name) != row.aliases.end())
            return row;
    return std::nullopt;
}

/// The first `count` rows of a table, as a table.
template <std::size_t count, class Row, std::size_t N>
constexpr auto first_rows(const std::array<Row, N>& table) {
    static_assert(count <= N);
    return [&]<std::size_t... i>(std::index_sequence<i...>) { return std::array{table[i]...}; }
    (std::make_index_sequence<count>{});
}

/// "a, b, c": what an unknown name is answered with.
template <class Row, std::size_t N>
std::string known_names(const std::array<Row, N>& table) {
    std::string names;
    for (const Row& row : table) names.append(names.empty() ? "" : ", ").append(row.name);
    return names;
}

}  // namespace halfulp
