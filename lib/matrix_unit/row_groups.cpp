#include <halfulp/lib/matrix_unit/row_groups.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp {
namespace {

bool differ_in_inputs_alone(const MmaSpec& x, MmaSpec y) {
    y.a = x.a;
    y.b = x.b;
    return x == y;
}

using Names = std::vector<std::string>;

/// Some elements of a and all those of b that each of them goes with.
struct Product {
    Names a, b;
};

/// Pre: rows of one a are neighbours.
std::vector<Product> products_of(std::span<const MmaSpec> rows) {
    std::vector<Product> of_each;
    for (const MmaSpec& row : rows) {
        if (of_each.empty() || of_each.back().a.back() != name_of(row.a)) of_each.push_back({{name_of(row.a)}, {}});
        of_each.back().b.push_back(name_of(row.b));
    }
    std::vector<Product> products;
    for (const Product& one : of_each) {
        if (products.empty() || products.back().b != one.b)
            products.push_back(one);
        else
            products.back().a.push_back(one.a[0]);
    }
    return products;
}

}  // namespace

std::vector<std::span<const MmaSpec>> row_groups(std::string_view processor) {
    std::vector<std::span<const MmaSpec>> groups;
    const auto rows = mma_specs();
    for (auto first = rows.begin(); first != rows.end();) {
        const auto next = std::find_if_not(first, rows.end(),
                                           [&](const MmaSpec& row) { return differ_in_inputs_alone(*first, row); });
        if (processor.empty() || first->processor == processor) groups.emplace_back(first, next);
        first = next;
    }
    return groups;
}

std::string formats_of(std::span<const MmaSpec> group) {
    Names texts;
    for (const auto& [a, b] : products_of(group))
        texts.push_back(a != b          ? fmt::format("{} by {}", fmt::join(a, " "), fmt::join(b, " "))
                        : a.size() == 1 ? a[0]
                                        : fmt::format("any two of {}", fmt::join(a, " ")));
    return fmt::format("{}->{}", fmt::join(texts, ", "), name_of(group.front().accumulator));
}

std::string units_of(std::string_view processor) {
    std::vector<std::pair<std::string_view, Names>> units;
    for (const auto& group : row_groups(processor)) {
        const std::string_view instruction = group.front().instruction;
        auto unit = std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.first == instruction; });
        if (unit == units.end()) unit = units.insert(unit, {instruction, {}});
        unit->second.push_back(formats_of(group));
    }
    Names texts;
    for (const auto& [instruction, inputs] : units)
        texts.push_back(fmt::format("{}: {}", instruction, fmt::join(inputs, ", ")));
    return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace halfulp
