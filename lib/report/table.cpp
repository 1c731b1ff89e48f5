#include <halfulp/lib/report/table.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace halfulp {

Table columns(const Table& table, const std::vector<std::string>& heads) {
    Table chosen(table.size());
    for (const std::string& head : heads) {
        const auto at = std::find(table.at(0).begin(), table.at(0).end(), head);
        if (at == table[0].end()) throw std::out_of_range("expected a column " + head);
        const auto column = static_cast<std::size_t>(at - table[0].begin());
        for (std::size_t row = 0; row < table.size(); ++row) chosen[row].push_back(table[row].at(column));
    }
    return chosen;
}

std::string to_markdown(const Table& table) {
    std::string text;
    for (std::size_t row = 0; row < table.size(); ++row) {
        text += fmt::format("| {} |\n", fmt::join(table[row], " | "));
        if (row > 0) continue;
        for (std::size_t i = 0; i < table[0].size(); ++i) text += "|---";
        text += "|\n";
    }
    return text;
}

std::string to_json(const Table& table) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (std::size_t row = 1; row < table.size(); ++row) {
        nlohmann::ordered_json object;
        for (std::size_t i = 0; i < table[0].size(); ++i) object[table[0][i]] = table[row].at(i);
        rows.push_back(std::move(object));
    }
    return rows.dump(2);
}

std::string to_columns(const Table& table) {
    std::vector<std::size_t> widths;
    for (const auto& row : table) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const auto& row : table) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

}  // namespace halfulp
