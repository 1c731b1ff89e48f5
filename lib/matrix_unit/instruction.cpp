#include <halfulp/lib/matrix_unit/instruction.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <halfulp/lib/matrix_unit/instruction_shapes.h>
#include <halfulp/lib/matrix_unit/mma_vector.h>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp {
namespace {

/// What instructions' names call an element.
std::string spelled(const Element& element) {
    if (element == binary64) return "f64";
    if (element == binary32) return "f32";
    if (element == binary16) return "f16";
    if (element == e4m3fnuz) return "fp8";
    if (element == e5m2fnuz) return "bf8";
    return name_of(element);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// The name without the layouts of A and B, which do not change what is computed: as if they were row and column.
std::string without_layouts(std::string name) {
    for (const std::string_view other : {".row.row", ".col.row", ".col.col"}) replace_all(name, other, ".row.col");
    return name;
}

std::string spelled(const InstructionShape& shape, const MmaSpec& spec) {
    std::string name(shape.pattern);
    replace_all(name, "{a}", spelled(spec.a));
    replace_all(name, "{b}", spelled(spec.b));
    replace_all(name, "{d}", spelled(spec.accumulator));
    return name;
}

bool is_n_of(const InstructionShape& shape, const MmaSpec& spec, int n) {
    const bool in_steps = n > 0 && n <= shape.n && n % shape.n_step == 0;
    return in_steps && (!spec.a.integer || n <= 24 || n % 16 == 0);  // PTX ISA: wgmma's n for integers
}

/// The n for which the name is spelled so, or nothing.
std::optional<int> matched_n(const InstructionShape& shape, const MmaSpec& spec, std::string_view name) {
    const std::string spelling = spelled(shape, spec);
    const std::size_t at = spelling.find("{n}");
    if (at == std::string::npos) return spelling == name ? std::optional(shape.n) : std::nullopt;
    const std::string_view before = std::string_view(spelling).substr(0, at),
                           after = std::string_view(spelling).substr(at + 3);
    if (name.size() <= before.size() + after.size() || !name.starts_with(before) || !name.ends_with(after))
        return std::nullopt;
    const std::string_view digits = name.substr(at, name.size() - before.size() - after.size());
    int n = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), n);
    const bool number = error == std::errc{} && end == digits.end() && digits.front() != '0';
    return number && is_n_of(shape, spec, n) ? std::optional(n) : std::nullopt;
}

bool has_row(const InstructionShape& shape, const MmaSpec& spec) {
    return lists(spec.instruction, shape.unit) && lists(shape.inputs, spelled(spec.a)) &&
           lists(shape.inputs, spelled(spec.b)) && (!shape.same || spec.a == spec.b);
}

Processor expect_processor(std::string_view name) {
    const auto processor = find_processor(name);
    if (!processor) throw InputError("processor " + shown(name) + ": expected one of " + known_processors());
    return *processor;
}

void add_once(std::vector<std::string>& words, const std::string& word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
}

std::string_view first_word(std::string_view name) { return name.substr(0, name.find_first_of("._")); }

/// m16n8k8 in mma.sync.aligned.m16n8k8.row.col, or nothing.
std::string_view shape_in(std::string_view pattern) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t dot = pattern.find(".m"); dot != std::string_view::npos; dot = pattern.find(".m", dot + 1))
        if (dot + 2 < pattern.size() && is_digit(pattern[dot + 2]))
            return pattern.substr(dot + 1, pattern.find('.', dot + 1) - dot - 1);
    return {};
}

/// The patterns that begin with the name's first word; those that differ in their shape as one, with all their shapes:
/// "mma.sync.aligned.{shape}.row.col.{d}.{a}.{b}.{d} ({shape} m8n8k4 m16n8k8), ...". Where there are none, how the
/// patterns of the processor begin.
std::string known_names(std::string_view processor, std::string_view name) {
    std::vector<std::string> patterns, beginnings;
    std::vector<std::vector<std::string>> shapes;
    for (std::string pattern : instruction_patterns(processor)) {
        add_once(beginnings, std::string(first_word(pattern)));
        if (first_word(pattern) != first_word(name)) continue;
        const std::string shape(shape_in(pattern));
        if (!shape.empty()) replace_all(pattern, shape, "{shape}");
        const auto at = std::find(patterns.begin(), patterns.end(), pattern) - patterns.begin();
        add_once(patterns, pattern);
        shapes.resize(patterns.size());
        if (!shape.empty()) add_once(shapes[static_cast<std::size_t>(at)], shape);
    }
    if (patterns.empty()) return fmt::format("{}", fmt::join(beginnings, ", "));
    for (std::size_t i = 0; i < patterns.size(); ++i)
        if (shapes[i].size() == 1)
            replace_all(patterns[i], "{shape}", shapes[i][0]);
        else if (!shapes[i].empty())
            patterns[i] += fmt::format(" ({{shape}} {})", fmt::join(shapes[i], " "));
    return fmt::format("{}", fmt::join(patterns, ", "));
}

void expect_shape(const MmaInstruction& instruction, const char* name, std::size_t found, int rows, int columns) {
    const std::size_t expected = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
    if (found != expected)
        throw InputError(fmt::format("{}: {}: expected {} x {} codes (m {}, n {}, k {}), found {}", instruction.name,
                                     name, rows, columns, instruction.m, instruction.n, instruction.k, found));
}

std::vector<std::uint64_t> column(std::span<const std::uint64_t> matrix, std::size_t columns, std::size_t j) {
    std::vector<std::uint64_t> codes;
    for (std::size_t i = j; i < matrix.size(); i += columns) codes.push_back(matrix[i]);
    return codes;
}

}  // namespace

MmaInstruction find_instruction(std::string_view processor, std::string_view name) {
    const std::string_view row = expect_processor(processor).name;
    const std::string wanted = without_layouts(std::string(name));
    for (const InstructionShape& shape : instruction_shapes) {
        const std::string_view start = shape.pattern.substr(0, shape.pattern.find('{'));
        if (!lists(shape.processors, row) || !wanted.starts_with(start)) continue;
        for (const MmaSpec& spec : mma_specs()) {
            if (spec.processor != row || !has_row(shape, spec)) continue;
            if (const auto n = matched_n(shape, spec, wanted)) return {std::string(name), shape.m, *n, shape.k, &spec};
        }
    }
    throw InputError(fmt::format("instruction {}: expected one of {}: {}", shown(name), row, known_names(row, name)));
}

int shortest_k(const MmaSpec& spec) {
    int shortest = std::numeric_limits<int>::max();
    for (const InstructionShape& shape : instruction_shapes)
        if (lists(shape.processors, spec.processor) && has_row(shape, spec)) shortest = std::min(shortest, shape.k);
    return shortest;
}

int longest_k(const MmaSpec& spec) {
    int longest = 0;
    for (const InstructionShape& shape : instruction_shapes)
        if (lists(shape.processors, spec.processor) && has_row(shape, spec)) longest = std::max(longest, shape.k);
    return longest;
}

std::vector<std::string> instruction_patterns(std::string_view processor) {
    const std::string_view row = expect_processor(processor).name;
    std::vector<std::string> patterns;
    for (const InstructionShape& shape : instruction_shapes)
        if (lists(shape.processors, row)) add_once(patterns, std::string(shape.pattern));
    return patterns;
}

std::vector<std::uint64_t> mma_tile(const MmaInstruction& instruction, const MmaTile& tile) {
    const auto [name, m, n, k, spec] = instruction;
    const int blocks = spec->scaling ? k / spec->scaling->block : 0;
    expect_shape(instruction, "a", tile.a.size(), m, k);
    expect_shape(instruction, "b", tile.b.size(), k, n);
    expect_shape(instruction, "c", tile.c.size(), m, n);
    expect_shape(instruction, "a_scales", tile.a_scales.size(), m, blocks);
    expect_shape(instruction, "b_scales", tile.b_scales.size(), blocks, n);
    const auto columns = static_cast<std::size_t>(n), length = static_cast<std::size_t>(k),
               scales = static_cast<std::size_t>(blocks);
    std::vector<MmaVector> rows;
    for (std::size_t i = 0; i < static_cast<std::size_t>(m); ++i)
        rows.emplace_back(*spec, MmaVector::Side::A, tile.a.subspan(i * length, length),
                          tile.a_scales.subspan(i * scales, scales));
    std::vector<std::uint64_t> d(tile.c.size());
    for (std::size_t j = 0; j < columns; ++j) {
        const auto b_scales = column(tile.b_scales, columns, j);
        const MmaVector b(*spec, MmaVector::Side::B, column(tile.b, columns, j), b_scales);
        for (std::size_t i = 0; i < rows.size(); ++i)
            d[i * columns + j] = mma_dot(*spec, rows[i], b, tile.c[i * columns + j]);
    }
    return d;
}

}  // namespace halfulp
