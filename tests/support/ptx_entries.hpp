#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace halfulp {

/// A kernel in a PTX text, as far as searches for words tell.
struct PtxEntry {
    std::string name;
    std::vector<std::string> parameters;  ///< their types: u64, f32
    std::vector<std::string> opcodes;     ///< with all modifiers, in the order of the text
    bool has_loop = false;                ///< whether a branch leads backwards
};

/// The word at the start of a text, up to a blank, a bracket, a comma or a semicolon.
inline std::string first_word(std::string_view text) {
    return std::string(text.substr(0, text.find_first_of(" \t[({,;\n")));
}

inline std::string_view without_blanks(std::string_view text) {
    const std::size_t start = text.find_first_not_of(" \t");
    return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

/// The opcode of a line, a guard left out; empty for labels, directives, comments and brackets.
inline std::string opcode_of(std::string_view line) {
    line = without_blanks(line);
    if (line.starts_with('@')) line = without_blanks(line.substr(line.find_first_of(" \t")));
    if (line.find(';') == std::string_view::npos || line.starts_with('.') || line.starts_with("//")) return {};
    return first_word(line);
}

/// Every kernel of a text that a compiler wrote: an entry, its parameters in brackets, its body in braces that stand at
/// the start of their lines.
inline std::vector<PtxEntry> ptx_entries(std::string_view text) {
    std::vector<PtxEntry> entries;
    constexpr std::string_view word = ".entry ", parameter = ".param .";
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        PtxEntry entry;
        entry.name = first_word(text.substr(at + word.size()));
        const std::size_t open = text.find("\n{", at), close = text.find("\n}", open);
        const std::string_view head = text.substr(at, open - at), body = text.substr(open, close - open);
        for (std::size_t p = head.find(parameter); p != std::string_view::npos; p = head.find(parameter, p + 1))
            entry.parameters.push_back(first_word(head.substr(p + parameter.size())));
        std::vector<std::string> labels;
        for (std::size_t at_line = 0; at_line < body.size();) {
            const std::size_t end = std::min(body.find('\n', at_line), body.size());
            const std::string_view line = body.substr(at_line, end - at_line);
            std::string opcode = opcode_of(line);
            if (line.starts_with('$')) labels.emplace_back(line.substr(0, line.find(':')));
            if (opcode.starts_with("bra"))
                for (const std::string& label : labels)
                    entry.has_loop |= line.find(label + ";") != std::string_view::npos;
            if (!opcode.empty()) entry.opcodes.push_back(std::move(opcode));
            at_line = end + 1;
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace halfulp
