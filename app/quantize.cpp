#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <halfulp/lib/io/safetensors.hpp>
#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/report/gnuplot.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/round_pack.hpp>

#include "command.hpp"
#include "names.hpp"
#include "places.hpp"
#include "quantize_report.hpp"

namespace {

using namespace halfulp;

struct QuantizeRequest {
    std::string in, out, report, json;
    std::string calibrate = "auto", rule = "onnx", granularity = "tensor", rounding;
    int bits = 8, axis = -1;
    std::int64_t block = 32;
    double percentile = 99.99;
    bool is_unsigned = false, symmetric = false, restricted = false, noise = false;
};

struct Place {
    std::string file, tensor;
};

/// FILE or FILE.safetensors#TENSOR.
Place place_of(const std::string& text) {
    const std::size_t kind = text.find(".safetensors#");
    if (kind == std::string::npos) return {text, ""};
    const std::size_t mark = text.find('#', kind);
    return {text.substr(0, mark), text.substr(mark + 1)};
}

/// As the file has it, or `tensor`. Pre: it could be read.
std::string name_in(const Place& place) {
    if (!place.tensor.empty()) return place.tensor;
    return place.file.ends_with(".safetensors") ? safetensors_names(place.file).front() : "tensor";
}

/// Formats within binary32 only: its numbers are what is quantised.
std::vector<float> numbers_of(const Tensor& tensor) {
    const auto* format = std::get_if<Format>(&tensor.type);
    if (format == nullptr || format->precision > binary32.precision)
        throw InputError("expected numbers of fp32 or fewer bits, found " + name_of(tensor.type));
    std::vector<float> numbers(tensor.codes.size());
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = std::bit_cast<float>(
            static_cast<std::uint32_t>(round_pack(binary32, decode(*format, tensor.codes[i])).code));
    return numbers;
}

quantize::Scheme scheme_of(const QuantizeRequest& options) {
    if (options.bits < 2 || options.bits > 16)
        throw InputError(fmt::format("--bits: expected 2 to 16, found {}", options.bits));
    if (options.is_unsigned && options.restricted)
        throw InputError("--restricted: expected signed codes, found --unsigned");
    const IntegerType type{options.bits, !options.is_unsigned};
    quantize::Scheme scheme{named(quantize::scale_rules, "rule", options.rule).value, options.symmetric,
                            options.restricted ? quantize::restricted_range(type) : quantize::full_range(type)};
    if (!row_of(scheme.rule).has_affine) scheme.symmetric = true;
    if (!options.rounding.empty())
        scheme.rounding = named(deterministic_roundings, "rounding", options.rounding).rounding;
    return scheme;
}

/// Small blocks, of which there are many, have too few numbers for distributions; the least error needs none.
std::vector<quantize::Calibration> methods_of(const QuantizeRequest& options, bool small_blocks) {
    if (options.calibrate != "auto") return {named(quantize::calibrations, "calibration", options.calibrate).value};
    if (small_blocks) return {quantize::Calibration::MinMax, quantize::Calibration::Mse};
    std::vector<quantize::Calibration> all(quantize::calibrations.size());
    std::ranges::transform(quantize::calibrations, all.begin(), &quantize::CalibrationRow::value);
    return all;
}

/// An integer type of a file that has the codes.
IntegerType stored(const QuantizeRequest& options) { return {options.bits <= 8 ? 8 : 16, !options.is_unsigned}; }

Tensor integers(const std::vector<std::size_t>& shape, const IntegerType& type, std::span<const std::int32_t> values) {
    Tensor tensor{shape, type, {}};
    for (const std::int32_t value : values)
        tensor.codes.push_back(static_cast<std::uint64_t>(std::int64_t{value}) & type.code_mask());
    return tensor;
}

void write_codes(const QuantizeRequest& options, const Quantised& q, const quantize::Grouping& grouping,
                 const Tensor& codes) {
    if (options.out.ends_with(".npy")) return write_npy(options.out, codes);
    Tensor scales{grouping.shape(), binary32, {}};
    std::vector<std::int32_t> zeros;
    for (const quantize::Affine& by : q.chosen().quantisers) {
        scales.codes.push_back(std::bit_cast<std::uint32_t>(by.scale));
        zeros.push_back(by.zero_point);
    }
    write_safetensors(options.out, {{q.name, codes},
                                    {q.name + ".scale", scales},
                                    {q.name + ".zero_point", integers(grouping.shape(), stored(options), zeros)}});
}

/// What is read and written lies in places of its own.
void check_places(const QuantizeRequest& options, const Place& in) {
    std::vector<Purpose> places = {{"the input", in.file}, {"the codes", options.out}};
    if (!options.json.empty()) places.push_back({"the JSON", options.json});
    if (!options.report.empty())
        for (const char* name : page_files)
            places.push_back({"the report", std::filesystem::path(options.report) / name});
    expect_apart(places);
}

/// Before any work: whether there is a way to write the results.
void check_output(const QuantizeRequest& options, quantize::Granularity granularity) {
    if (!options.out.ends_with(".npy") && !options.out.ends_with(".safetensors"))
        throw InputError(options.out + ": expected a name that ends in .npy or .safetensors");
    if (options.out.ends_with(".npy") && granularity != quantize::Granularity::Tensor)
        throw InputError(options.out + ": expected .safetensors, which has room for the scales of groups");
    expect_writable(options.out);
    if (!options.json.empty()) expect_writable(options.json);
    if (options.report.empty()) return;
    expect_folder(options.report);
    if (std::filesystem::exists(options.report))
        for (const char* name : page_files) expect_writable(std::filesystem::path(options.report) / name);
    run_gnuplot("");
}

Quantised quantised(const QuantizeRequest& options, const quantize::Scheme& scheme, const std::string& name,
                    const Tensor& tensor, const quantize::Grouping& grouping, quantize::Granularity granularity) {
    Quantised q{name, numbers_of(tensor), scheme, {}, {}, {}};
    const quantize::Histogram histogram = quantize::histogram_of(q.numbers);  // refuses what has none
    const double entropy_of_numbers = quantize::entropy(q.numbers);
    const std::size_t batches = tensor.shape.size() > 1 ? tensor.shape[0] : 1;
    const bool small_blocks =
        granularity == quantize::Granularity::Block && grouping.elements() / grouping.groups() < quantize::default_bins;
    q.candidates =
        candidates({q.scheme, options.percentile}, grouping, {q.numbers, batches}, methods_of(options, small_blocks));
    for (const quantize::Candidate& c : q.candidates) {
        if (!c.possible()) {
            q.information.push_back({entropy_of_numbers, 0, 0});
            continue;
        }
        const auto codes = quantise(grouping, c.quantisers, q.numbers);
        q.information.push_back({entropy_of_numbers, quantize::entropy(codes), divergence(c.quantisers[0], histogram)});
    }
    if (options.noise || !options.json.empty() || !options.report.empty()) q.noise = noise_by_bits(scheme, q.numbers);
    return q;
}

/// All is computed before anything is written, and all or nothing is left.
void write(const QuantizeRequest& options, const Quantised& q, const quantize::Grouping& grouping,
           const std::vector<std::size_t>& shape) {
    const Tensor codes = integers(shape, stored(options), quantise(grouping, q.chosen().quantisers, q.numbers));
    const std::string json = options.json.empty() ? "" : report_json(q);
    const auto page = options.report.empty() ? std::vector<PageFile>() : quantise_page(q);
    std::vector<Writing> files;
    if (!options.json.empty()) files.push_back({options.json, [&] { write_text(options.json, json); }});
    for (const PageFile& file : page) {
        const auto path = std::filesystem::path(options.report) / file.name;
        files.push_back({path, [&file, path] { write_text(path, file.content); }});
    }
    files.push_back({options.out, [&] { write_codes(options, q, grouping, codes); }});
    write_all(files);
}

void run(const QuantizeRequest& options) {
    const quantize::Granularity granularity = named(quantize::granularities, "granularity", options.granularity).value;
    if (!(options.percentile > 0 && options.percentile <= 100))
        throw InputError(fmt::format("--percentile: expected more than 0, at most 100, found {}", options.percentile));
    if (options.block < 1) throw InputError(fmt::format("--block: expected at least 1, found {}", options.block));
    const quantize::Scheme scheme = scheme_of(options);
    methods_of(options, false);  // is there such a calibration?
    const Place place = place_of(options.in);
    check_places(options, place);
    check_output(options, granularity);
    const Tensor tensor = read_tensor(place.file, {.name = place.tensor, .format = {}});
    const quantize::Grouping grouping = [&] {
        try {
            return quantize::Grouping(tensor.shape, granularity, options.axis, static_cast<std::size_t>(options.block));
        } catch (const std::invalid_argument& error) {
            throw InputError(fmt::format("{}: --axis {}: {}", options.in, options.axis, error.what()));
        }
    }();
    const std::string name = name_in(place);
    const Quantised q = [&] {
        try {
            return quantised(options, scheme, name, tensor, grouping, granularity);
        } catch (const InputError& error) {
            throw InputError(options.in + ": " + error.what());
        }
    }();
    write(options, q, grouping, tensor.shape);
    fmt::print("{}", to_columns(candidate_table(q)));
    if (options.noise) fmt::print("\n{}:\n{}", noise_scope, to_columns(noise_table(q)));
}

}  // namespace

void add_quantize(CLI::App& program, int&) {
    CLI::App* command = program.add_subcommand(
        "quantize",
        "Numbers to integer codes: calibrated, every candidate measured, with what is lost in noise and information");
    const auto o = std::make_shared<QuantizeRequest>();
    command->add_option("in", o->in, "Numbers: a file .npy, .safetensors or .safetensors#TENSOR")->required();
    command->add_option("--out", o->out, "Codes: .npy, or .safetensors with TENSOR.scale and TENSOR.zero_point")
        ->required();
    command
        ->add_option("--calibrate", o->calibrate,
                     "auto, the best measured, or one of: " + known_names(quantize::calibrations) +
                         fmt::format("; auto tries all of them, but minmax and mse for blocks of less than {} numbers",
                                     quantize::default_bins))
        ->capture_default_str();
    command->add_option("--bits", o->bits, "Of a code, 2 to 16")->capture_default_str();
    command->add_flag("--unsigned", o->is_unsigned, "Codes from 0 on");
    command->add_flag("--symmetric", o->symmetric, "0 in the middle of the codes");
    command->add_flag("--restricted", o->restricted, "Without the least signed code: [-127, 127]");
    command
        ->add_option("--rule", o->rule, "Scale and zero point as " + known_names(quantize::scale_rules) + " has them")
        ->capture_default_str();
    command->add_option("--rounding", o->rounding,
                        "Of numbers to codes, in place of the rule's: " + known_names(deterministic_roundings));
    command->add_option("--granularity", o->granularity, "What shares a scale: " + known_names(quantize::granularities))
        ->capture_default_str();
    command->add_option("--axis", o->axis, "Of channels or blocks; below 0 from the last")->capture_default_str();
    command->add_option("--block", o->block, "Numbers in a block")->capture_default_str();
    command->add_option("--percentile", o->percentile, "Of that calibration")->capture_default_str();
    command->add_flag("--noise", o->noise, "Also signal-to-noise ratios for 2 to 16 bits, predicted and measured");
    command->add_option("--report", o->report, "A folder for a page with a picture of the numbers and the levels");
    command->add_option("--json", o->json, "All of this as JSON");
    command->footer("Example: halfulp quantize weights.npy --calibrate auto --bits 8 --report report --out codes.npy");
    command->callback([o] { run(*o); });
}
