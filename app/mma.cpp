#include <fmt/format.h>

#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <halfulp/lib/diagnose/unit.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>

#include "command.hpp"
#include "names.hpp"

namespace {

using namespace halfulp;

struct Options {
    std::string unit;
    bool km_floor = false, positive_zero = false, json = false;
};

using Codes = std::vector<std::uint64_t>;

/// The codes of a line, field by field: a ; b ; c and, where the unit has scales, ; scales of a ; scales of b.
std::vector<Codes> fields_of(const MmaSpec& spec, std::string_view line) {
    std::vector<int> widths = {spec.a.width(), spec.b.width(), spec.accumulator.width()};
    if (spec.scaling) widths.insert(widths.end(), 2, 8);
    std::vector<std::string_view> texts;
    for (std::size_t start = 0; start <= line.size(); start += texts.back().size() + 1)
        texts.push_back(line.substr(start, line.find(';', start) - start));
    if (texts.size() != widths.size())
        throw InputError(fmt::format("expected a ; b ; c{}, found {} fields", spec.scaling ? " ; scales ; scales" : "",
                                     texts.size()));
    std::vector<Codes> fields;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        fields.emplace_back();
        for (const std::string_view word : split_words(texts[i])) fields.back().push_back(hexadecimal(word, widths[i]));
    }
    if (fields[2].size() != 1) throw InputError(fmt::format("expected one code of c, found {}", fields[2].size()));
    return fields;
}

/// One result. `k` is the length of the instruction, or 0 where any will do.
std::uint64_t result_of(const MmaSpec& spec, std::size_t k, std::string_view line) {
    std::vector<Codes> fields = fields_of(spec, line);
    if (fields[0].empty()) throw InputError("expected codes of a, found none");
    if (k > 0 && fields[0].size() != k)
        throw InputError(
            fmt::format("expected {} codes of a, as the instruction takes, found {}", k, fields[0].size()));
    fields.resize(5);
    return mma_dot(spec, {fields[0], fields[1], fields[2][0], fields[3], fields[4]});
}

void run_mma(const Options& options) {
    const NamedUnit unit = find_matrix_unit(options.unit);
    const MmaOptions disputed{
        .zero_sign = options.positive_zero ? ZeroSign::PositiveZero : ZeroSign::MmaSim,
        .fp16_floor = options.km_floor ? MmaOptions::Fp16Floor::KM : MmaOptions::Fp16Floor::MmaSim};
    const MmaSpec spec = with_options(std::get<MmaSpec>(unit.unit), disputed);
    std::size_t number = 0;
    for (std::string line; std::getline(std::cin, line);) {
        ++number;
        if (split_words(line).empty()) continue;
        try {
            const std::string d =
                fmt::format("{:0{}x}", result_of(spec, unit.k, line), (spec.accumulator.width() + 3) / 4);
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
    const auto options = std::make_shared<Options>();
    command
        ->add_option(
            "--unit", options->unit,
            "As A100:fp16-fp32, H100:wgmma:fp16-fp16, or a processor and an instruction's full name, which sets K: "
            "A100:mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32")
        ->required();
    command->add_flag("--km-floor", options->km_floor,
                      "Where mma.sync accumulates in fp16: KM's exponent floor (arXiv:2512.07004), not MMA-Sim's");
    command->add_flag("--positive-zero", options->positive_zero,
                      "A zero sum is +0, as QT saw it, whatever its terms' signs; MMA-Sim's rule else");
    command->add_flag("--json", options->json, "A JSON object a line");
    command->footer(
        "A line is: codes of a ; as many of b ; one of c; units with scales want ; scales of a ; scales of b\n"
        "Example: echo '3c00 3c00 ; 3c00 4000 ; 3f800000' | halfulp mma --unit A100:fp16-fp32");
    command->callback([options] { run_mma(*options); });
}
