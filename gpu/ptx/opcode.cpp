#include <halfulp/gpu/ptx/opcode.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>

namespace halfulp::ptx {
namespace {

/// The pattern's first element, and what follows.
std::pair<std::string_view, std::string_view> split_first(std::string_view pattern) {
    const std::size_t dot = pattern.find('.');
    return {pattern.substr(0, dot), dot == std::string_view::npos ? "" : pattern.substr(dot + 1)};
}

bool is_alternative(std::string_view alternatives, std::string_view word) {
    for (std::size_t start = 0; start <= alternatives.size();) {
        const std::size_t end = std::min(alternatives.find('|', start), alternatives.size());
        if (alternatives.substr(start, end - start) == word) return true;
        start = end + 1;
    }
    return false;
}

bool matches(std::string_view pattern, std::span<const std::string> words) {
    if (pattern.empty()) return words.empty();
    auto [element, rest] = split_first(pattern);
    const bool optional = element.ends_with('?');
    if (optional) element.remove_suffix(1);
    if (!words.empty() && is_alternative(element, words.front()) && matches(rest, words.subspan(1))) return true;
    return optional && matches(rest, words);
}

constexpr std::string_view the_end = "the end of the modifiers";

/// What may stand at the first word that no row has.
struct Expected {
    std::size_t at = 0;
    std::vector<std::string> words = {};
};

void note(std::string_view what, std::size_t at, Expected& expected) {
    if (at < expected.at) return;
    if (at > expected.at) expected = {at};
    if (std::find(expected.words.begin(), expected.words.end(), what) == expected.words.end())
        expected.words.emplace_back(what);
}

/// As `matches`, from the word `at` on.
void follow(std::string_view pattern, std::span<const std::string> words, std::size_t at, Expected& expected) {
    if (pattern.empty()) return note(the_end, at, expected);
    auto [element, rest] = split_first(pattern);
    const bool optional = element.ends_with('?');
    if (optional) element.remove_suffix(1);
    if (at < words.size() && is_alternative(element, words[at])) follow(rest, words, at + 1, expected);
    for (std::size_t start = 0, end = 0; start <= element.size(); start = end + 1) {
        end = std::min(element.find('|', start), element.size());
        note(fmt::format(".{}", element.substr(start, end - start)), at, expected);
    }
    if (optional) follow(rest, words, at, expected);
}

/// By comma; of many the first few.
std::string some_of(const std::vector<std::string>& words) {
    constexpr std::size_t longest = 120;
    std::string text;
    for (const std::string& word : words) {
        if (text.size() + word.size() > longest) return text + ", ...";
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

using Index = std::map<std::string_view, std::vector<const Opcode*>>;

Index by_base() {
    Index index;
    for (const Opcode* row : opcodes()) index[split_first(row->pattern).first].push_back(row);
    return index;
}

const Index& index_of_opcodes() {
    static const Index index = by_base();
    return index;
}

}  // namespace

const std::vector<const Opcode*>& opcodes() {
    static const std::vector<const Opcode*> all = [] {
        std::vector<const Opcode*> rows;
        for (const OpcodeTable table :
             {integer_opcodes(), wide_integer_opcodes(), bit_opcodes(), real_opcodes(), half_opcodes(),
              compare_opcodes(), set_opcodes(), convert_opcodes(), pack_opcodes(), move_opcodes(), memory_opcodes(),
              atomic_opcodes(), copy_opcodes(), control_opcodes(), collective_opcodes(), fragment_opcodes(),
              matrix_opcodes(), refused_opcodes()})
            for (const Opcode& row : table) rows.push_back(&row);
        return rows;
    }();
    return all;
}

const Opcode* find_opcode(const Instruction& x) {
    const auto rows = index_of_opcodes().find(x.modifiers.front());
    if (rows == index_of_opcodes().end()) return nullptr;
    for (const Opcode* row : rows->second)
        if (matches(row->pattern, x.modifiers)) return row;
    return nullptr;
}

std::string wrong_modifier(const Instruction& x) {
    const auto rows = index_of_opcodes().find(x.modifiers.front());
    Expected expected;
    if (rows != index_of_opcodes().end())
        for (const Opcode* row : rows->second)
            if (row->refusal.empty()) follow(row->pattern, x.modifiers, 0, expected);
    if (expected.words.empty()) return {};
    const std::string found = expected.at < x.modifiers.size() ? "." + x.modifiers[expected.at] : std::string(the_end);
    return fmt::format("expected {}{}, found {}", expected.words.size() > 1 ? "one of " : "", some_of(expected.words),
                       found);
}

}  // namespace halfulp::ptx
