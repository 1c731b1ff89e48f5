#include <halfulp/lib/diagnose/unit.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/row_groups.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

/// Sums of integers that wrap are the same in blocks of any length.
bool are_alike(MmaSpec x, const MmaSpec& y) {
    x.processor = y.processor, x.instruction = y.instruction, x.evidence = y.evidence;
    if (x.family == Family::Integers && !x.saturates) x.group = y.group;
    return x == y;
}

/// A word of a unit's name, and the processor that it may be.
struct Word {
    std::string text;
    std::optional<Processor> processor;
};

std::vector<Word> words_of(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), ':', ' ');
    std::vector<Word> words;
    for (const std::string_view word : split_words(text)) words.push_back({std::string(word), find_processor(word)});
    return words;
}

/// fp16->fp32 as a shell takes it unquoted: fp16-fp32, and e4m3xe5m2-fp32.
std::string without_marks(std::string formats) {
    std::erase_if(formats, [](char c) { return c == ' ' || c == '>'; });
    std::replace(formats.begin(), formats.end(), '*', 'x');
    return formats;
}

/// Is every word the row's processor, one of its instructions or its formats?
bool fits(const MmaSpec& spec, const std::vector<Word>& words) {
    return std::all_of(words.begin(), words.end(), [&](const Word& word) {
        if (word.processor) return word.processor->name == spec.processor;
        return lists(spec.instruction, word.text) || without_marks(word.text) == without_marks(formats_of(spec));
    });
}

/// Matrix units that compute alike.
using Row = std::vector<const MmaSpec*>;

std::vector<Row> grouped_rows() {
    std::vector<Row> all;
    for (const MmaSpec& spec : mma_specs()) {
        const auto same =
            std::find_if(all.begin(), all.end(), [&](const Row& row) { return are_alike(*row.front(), spec); });
        if (same == all.end())
            all.push_back({&spec});
        else
            same->push_back(&spec);
    }
    return all;
}

/// The table does not change: grouped once.
const std::vector<Row>& rows() {
    static const std::vector<Row> all = grouped_rows();
    return all;
}

/// The places where the units of a row are, that of `first` before all others.
NamedUnit named(Row row, const MmaSpec* first) {
    std::stable_partition(row.begin(), row.end(), [&](const MmaSpec* spec) { return spec == first; });
    std::vector<std::string> places;
    for (const MmaSpec* spec : row) places.push_back(fmt::format("{} {}", spec->processor, spec->instruction));
    return {fmt::format("{} {}", fmt::join(places, ", "), formats_of(*first)), *first, 0};
}

/// Where one scale is for all of K, the blocks may be longer.
bool have_one_block(const OperandKinds& given, const Scaling& wanted) {
    return given.scaling->format == wanted.format && given.scaling->block <= wanted.block &&
           given.k <= static_cast<std::size_t>(given.scaling->block);
}

/// The first few, each by the unit that was found alone.
std::string first_names_of(const std::vector<NamedUnit>& units) {
    constexpr std::size_t shown = 4;
    std::vector<std::string> names;
    for (const NamedUnit& unit : units)
        if (names.size() < shown) names.push_back(name_of(std::get<MmaSpec>(unit.unit)));
    if (units.size() > shown) names.push_back(fmt::format("{} more", units.size() - shown));
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string text_of(const OperandKinds& operands) {
    const auto& [a, b, scaling, k] = operands;
    const std::string elements = fmt::format("{} and {}", name_of(a), name_of(b));
    if (!scaling) return elements;
    return fmt::format("{}, a {} for {} of them", elements, name_of_scale(scaling->format), scaling->block);
}

bool takes(const Unit& unit, const OperandKinds& operands) {
    const auto* spec = std::get_if<MmaSpec>(&unit);
    if (spec == nullptr) return !operands.a.integer && !operands.b.integer;
    const auto taken = [](const Element& x, const Element& wanted) {
        return x == wanted || (x == binary32 && wanted == tf32);
    };
    if (!taken(operands.a, spec->a) || !taken(operands.b, spec->b)) return false;
    return operands.scaling == spec->scaling ||
           (operands.scaling && spec->scaling && have_one_block(operands, *spec->scaling));
}

std::size_t step_of(const Unit& unit) {
    const auto* spec = std::get_if<MmaSpec>(&unit);
    if (spec == nullptr) return 1;
    return static_cast<std::size_t>(std::max(step_of(*spec), spec->scaling ? spec->scaling->block : 1));
}

std::optional<NamedUnit> row_of(const Unit& unit) {
    if (const auto* sum = std::get_if<PlainSum>(&unit)) return NamedUnit{std::string(sum->name), *sum, 0};
    for (const Row& row : rows())
        for (const MmaSpec* spec : row)
            if (*spec == std::get<MmaSpec>(unit)) return named(row, spec);
    return std::nullopt;
}

bool compute_alike(const Unit& x, const Unit& y) {
    const auto *spec = std::get_if<MmaSpec>(&x), *other = std::get_if<MmaSpec>(&y);
    if (spec != nullptr && other != nullptr) return are_alike(*spec, *other);
    return spec == other && std::get<PlainSum>(x).name == std::get<PlainSum>(y).name;
}

std::vector<NamedUnit> all_units() {
    std::vector<NamedUnit> units;
    for (const Row& row : rows()) units.push_back(named(row, row.front()));
    for (const PlainSum& sum : plain_sums) units.push_back({std::string(sum.name), sum, 0});
    return units;
}

std::vector<NamedUnit> find_units(std::string_view name) {
    for (const PlainSum& sum : plain_sums)
        if (sum.name == name) return {{std::string(name), sum, 0}};
    const std::vector<Word> words = words_of(name);
    std::vector<NamedUnit> found;
    for (const Row& row : rows()) {
        const auto spec = std::find_if(row.begin(), row.end(), [&](const MmaSpec* s) { return fits(*s, words); });
        if (spec != row.end()) found.push_back(named(row, *spec));
    }
    if (!words.empty() && !found.empty()) return found;
    const std::size_t colon = std::min(name.find(':'), name.size());
    const bool is_instruction = name.find_first_of("._", colon) != std::string_view::npos;
    if (is_instruction && find_processor(name.substr(0, colon))) {
        const MmaInstruction named = find_instruction(name.substr(0, colon), name.substr(colon + 1));
        return {{std::string(name), *named.spec, static_cast<std::size_t>(named.k)}};
    }
    if (const auto processor = words.empty() ? std::nullopt : words[0].processor)
        throw InputError(
            fmt::format("expected one of {}: {}; found {}", processor->name, units_of(processor->name), shown(name)));
    throw InputError(
        fmt::format("expected a unit such as A100:fp16-fp32, with a processor of {}, or a sum of {}, found {}",
                    known_processors(), known_names(plain_sums), shown(name)));
}

NamedUnit find_matrix_unit(std::string_view name) {
    const std::vector<NamedUnit> found = find_units(name);
    if (found.size() > 1)
        throw InputError(fmt::format("expected one matrix unit, found {} by {}: {}", found.size(), shown(name),
                                     first_names_of(found)));
    if (std::holds_alternative<MmaSpec>(found.front().unit)) return found.front();
    throw InputError(fmt::format("expected a matrix unit, found {}", shown(name)));
}

}  // namespace halfulp
