#include <fmt/format.h>

#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <halfulp/lib/diagnose/unit.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/disputed.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "command.hpp"
#include "names.hpp"

namespace {

using namespace halfulp;

struct MmaRequest {
    std::string unit;
    std::array<bool, disputed_points.size()> otherwise = {};
    bool json = false;
};

using Codes = std::vector<std::uint64_t>;

/// A unit, and the K of its instruction: of the one that was named or, of several, of the shortest.
struct Instruction {
    MmaSpec spec;
    std::size_t k;
    bool is_named;
};

/// A code or, of tf32, the eight digits of a register, whose last 13 bits the unit does not read.
std::uint64_t code_of(const Element& element, std::string_view word) {
    const std::size_t digits = word.size() - (word.starts_with("0x") ? 2 : 0);
    if (element == tf32 && digits == 8) return hexadecimal(word, binary32.width) >> (binary32.width - tf32.width);
    return hexadecimal(word, element.width());
}

/// The codes of a line, field by field: a ; b ; c and, where the unit has scales, ; scales of a ; scales of b.
std::vector<Codes> fields_of(const MmaSpec& spec, std::string_view line) {
    std::vector<Element> elements = {spec.a, spec.b, spec.accumulator};
    if (spec.scaling) elements.insert(elements.end(), 2, u8);
    std::vector<std::string_view> texts;
    for (std::size_t start = 0; start <= line.size(); start += texts.back().size() + 1)
        texts.push_back(line.substr(start, line.find(';', start) - start));
    if (texts.size() != elements.size())
        throw InputError(fmt::format("expected a ; b ; c{}, found {} fields", spec.scaling ? " ; scales ; scales" : "",
                                     texts.size()));
    std::vector<Codes> fields;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        fields.emplace_back();
        for (const std::string_view word : split_words(texts[i])) fields.back().push_back(code_of(elements[i], word));
    }
    if (fields[2].size() != 1) throw InputError(fmt::format("expected one code of c, found {}", fields[2].size()));
    return fields;
}

/// A line that asks for NaN by a scale is a slip: hardware would answer it by NaN, as mma_dot does.
void refuse_nans(const Format& format, const Codes& scales) {
    for (const std::uint64_t scale : scales)
        if (format.is_nan(scale & format.code_mask()))
            throw InputError(fmt::format("expected scales that are numbers, found {:02x}, a NaN of {}", scale,
                                         name_of_scale(format)));
}

/// One result.
std::uint64_t result_of(const Instruction& instruction, std::string_view line) {
    const MmaSpec& spec = instruction.spec;
    std::vector<Codes> fields = fields_of(spec, line);
    const std::size_t count = fields[0].size(), k = instruction.k;
    if (count == 0) throw InputError("expected codes of a, found none");
    if (instruction.is_named && count != k)
        throw InputError(fmt::format("expected {} codes of a, as the instruction takes, found {}", k, count));
    if (count % k != 0)
        throw InputError(fmt::format(
            "expected a multiple of {} codes of a, as the shortest instruction takes {}, found {}", k, k, count));
    fields.resize(5);
    if (spec.scaling)
        for (const std::size_t scales : {3U, 4U}) refuse_nans(spec.scaling->format, fields[scales]);
    return mma_dot(spec, {fields[0], fields[1], fields[2][0], fields[3], fields[4]});
}

/// The unit, with the other answers to disputed points that are asked for.
Instruction instruction_of(const MmaRequest& options) {
    const NamedUnit unit = find_matrix_unit(options.unit);
    MmaSpec spec = std::get<MmaSpec>(unit.unit);
    for (std::size_t i = 0; i < disputed_points.size(); ++i) {
        if (!options.otherwise[i]) continue;
        const auto other = answered_otherwise(spec, disputed_points[i]);
        if (!other)
            throw InputError(fmt::format("{}: expected a unit of which this is disputed (see halfulp units), found {}",
                                         disputed_points[i].option, name_of(spec)));
        spec = *other;
    }
    const bool is_named = unit.k > 0;
    return {spec, is_named ? unit.k : static_cast<std::size_t>(shortest_k(spec)), is_named};
}

void run_mma(const MmaRequest& options) {
    const Instruction instruction = instruction_of(options);
    std::size_t number = 0;
    for (std::string line; std::getline(std::cin, line);) {
        ++number;
        if (split_words(line).empty()) continue;
        try {
            const std::string d =
                fmt::format("{:0{}x}", result_of(instruction, line), (instruction.spec.accumulator.width() + 3) / 4);
            if (options.json)
                fmt::print("{}\n", nlohmann::ordered_json{{"operands", line}, {"d", d}}.dump());
            else
                fmt::print("{}\n", d);
        } catch (const InputError& error) {
            throw InputError(fmt::format("line {}: {}", number, error.what()));
        }
    }
}

}  // namespace

void add_mma(CLI::App& program, int&) {
    CLI::App* command = program.add_subcommand(
        "mma", "One element of a matrix unit's result, c + a.b: hexadecimal codes a line on standard input");
    const auto options = std::make_shared<MmaRequest>();
    command
        ->add_option(
            "--unit", options->unit,
            "As A100:fp16-fp32, H100:wgmma:fp16-fp16, or a processor and an instruction's full name, which sets K: "
            "A100:mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32")
        ->required();
    for (std::size_t i = 0; i < disputed_points.size(); ++i)
        command->add_flag(std::string(disputed_points[i].option), options->otherwise[i],
                          std::string(disputed_points[i].help));
    command->add_flag("--json", options->json, "A JSON object a line");
    command->footer(
        "A line is: codes of a ; as many of b ; one of c; units with scales want ; scales of a ; scales of b.\n"
        "As many codes as the instruction's K or, of a unit that has several, a multiple of the shortest one's: then one\n"
        "follows another. tf32 is in 5 digits, or in the 8 of a register. NaN scales are refused: hardware gives NaN.\n"
        "Example: echo '3c00 3c00 0 0 0 0 0 0 ; 3c00 4000 0 0 0 0 0 0 ; 3f800000' | halfulp mma --unit A100:fp16-fp32");
    command->callback([options] { run_mma(*options); });
}
