#include <halfulp/gpu/observe/record.hpp>

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <halfulp/gpu/observe/loaded_files.hpp>
#include <halfulp/gpu/observe/make_call.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/convert.hpp>

namespace halfulp::gpu {
namespace {

namespace fs = std::filesystem;
using Codes = std::vector<std::uint64_t>;

/// A folder, and the probes that fill it on devices of targets from `least` to below `end`. They take the same a, b and c,
/// but for c's format.
struct Set {
    Format input;
    std::string_view folder;
    int least, end;
    std::vector<std::string_view> kernels;  ///< into fp32, into fp16
};

std::vector<Set> sets() {
    constexpr int ever = 1000;
    return {{binary16, "fp16", 75, 80, {"mma_m16n8k8_f32_f16", "mma_m16n8k8_f16_f16"}},
            {binary16, "fp16", 80, ever, {"mma_m16n8k16_f32_f16", "mma_m16n8k16_f16_f16"}},
            {bfloat16, "bf16", 80, ever, {"mma_m16n8k16_f32_bf16"}},
            {tf32, "tf32", 80, ever, {"mma_m16n8k8_f32_tf32"}},
            {e4m3fn, "E4M3", 89, ever, {"mma_m16n8k32_f32_e4m3", "mma_m16n8k32_f16_e4m3"}},
            {e5m2, "E5M2", 89, ever, {"mma_m16n8k32_f32_e5m2", "mma_m16n8k32_f16_e5m2"}}};
}

/// A code as a binary32 word: of a NaN the payload's leading bits, of tf32 the upper 19 bits of its register.
std::uint64_t word_of(const Format& f, std::uint64_t code) {
    if (f == tf32) return code << (binary32.width - tf32.width);
    if (!f.is_nan(code) || !f.has_inf) return convert(binary32, f, code, {.nan = NanPolicy::Cuda}).code;
    const std::uint64_t sign = (code & f.sign_bit()) != 0 ? binary32.sign_bit() : 0;
    const std::uint64_t payload = (code & f.magnitude_mask()) - f.inf_code();
    return sign | (binary32.inf_code() + (payload << (binary32.fraction_bits() - f.fraction_bits())));
}

std::string words_of(const Format& f, const Codes& codes) {
    std::string rows;
    for (const std::uint64_t code : codes) rows += fmt::format("{:032b}\n", word_of(f, code));
    return rows;
}

/// Dot (i, j) of each tile has row i of A, column j of B, and element (i, j) of C and D.
struct Factors {
    std::string a, b;
};

Factors factors_of(const MmaInstruction& instruction, const Format& input, const Call& call) {
    const auto m = static_cast<std::size_t>(instruction.m), n = static_cast<std::size_t>(instruction.n),
               k = static_cast<std::size_t>(instruction.k);
    const auto terms = [&](const Codes& codes, std::size_t first) {
        std::string row;
        for (std::size_t i = 0; i < k; ++i)
            row += fmt::format("{}{:08x}", i == 0 ? "" : " ", word_of(input, codes[first + i]));
        return row + '\n';
    };
    Factors text;
    for (std::size_t tile = 0; tile < call.sizes.m; ++tile)
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                text.a += terms(call.arrays.at("a"), (tile * m + i) * k);
                text.b += terms(call.arrays.at("b"), (tile * n + j) * k);
            }
    return text;
}

/// Into fp16, c is the one into fp32 rounded, as the layout has it.
void round_c(Call& call, const Call& of_fp32) {
    Codes& c = call.arrays["c"];
    for (std::size_t i = 0; i < c.size(); ++i) c[i] = convert(binary16, binary32, of_fp32.arrays.at("c")[i]).code;
}

/// Does the layout mean another instruction there?
bool means_wgmma(std::string_view gpu, const Format& input, const Format& output) {
    return gpu == "H100" && input.width == 8 && output == binary32;
}

/// One folder: a, b and c once, d for each format of the accumulator.
void record_set(Device& device, std::string_view gpu, const Set& set, const fs::path& folder, Call call,
                std::vector<RecordedSet>& recorded) {
    const auto write = [&](char matrix, std::string_view format, const std::string& text) {
        std::error_code failed;
        fs::create_directories(folder, failed);
        if (failed) throw InputError(fmt::format("{}: expected a folder that can be made", folder.string()));
        write_text(folder / fmt::format("{}_{}_{}.txt", matrix, gpu, format), text);
    };
    const Call of_fp32 = call;
    for (const std::string_view kernel_name : set.kernels) {
        const Kernel& kernel = *find_kernel(kernel_name);
        const MmaInstruction instruction = find_instruction(gpu, std::get<OneInstruction>(kernel.meaning).name);
        const Format& output = instruction.spec->accumulator.format;
        if (output != binary32) round_c(call, of_fp32);
        if (means_wgmma(gpu, set.input, output)) continue;
        const Factors factors = factors_of(instruction, set.input, call);
        const Codes d = run_kernel(device, kernel, call).at("d");
        write('a', set.folder, factors.a);
        write('b', set.folder, factors.b);
        write('c', "fp32", words_of(binary32, of_fp32.arrays.at("c")));
        write('d', short_name(output), words_of(output, d));
        recorded.push_back({std::string(set.folder), std::string(short_name(output)), instruction.name, d.size()});
    }
}

std::string provenance(const Device& device, const std::vector<RecordedSet>& recorded, std::uint64_t seed) {
    using Json = nlohmann::ordered_json;
    Json facts = Json::object(), files = Json::array(), list = Json::array();
    for (const auto& [name, value] : device.facts()) facts[name] = value;
    for (const LoadedFile& file : loaded_files(device))
        files.push_back({{"ptx", file.file}, {"sha256", file.sha256}, {"ran_as", file.loaded_as}});
    for (const RecordedSet& r : recorded)
        list.push_back({{"input", r.input}, {"output", r.output}, {"instruction", r.instruction}, {"rows", r.rows}});
    return Json({{"device", device.name()}, {"facts", facts}, {"seed", seed}, {"files", files}, {"sets", list}})
               .dump(1) +
           "\n";
}

}  // namespace

std::vector<RecordedSet> record(Device& device, const fs::path& folder, std::uint32_t tiles, std::uint64_t seed) {
    const auto gpu = find_processor("sm_" + std::to_string(device.target()));
    if (!gpu)
        throw InputError(
            fmt::format("{}: expected a matrix unit of the table, one of {}", device.name(), known_processors(true)));
    const fs::path to = folder / gpu->name;
    if (fs::exists(to)) throw InputError(fmt::format("{}: expected no recordings of that GPU yet", to.string()));
    std::vector<RecordedSet> recorded;
    for (const Set& set : sets()) {
        if (device.target() < set.least || device.target() >= set.end) continue;
        const Call call = make_call(*find_kernel(set.kernels.front()), {.m = tiles}, InputClass::Model, seed);
        record_set(device, gpu->name, set, to / set.folder, call, recorded);
    }
    if (recorded.empty()) return recorded;
    write_text(folder / fmt::format("provenance-{}.json", gpu->name), provenance(device, recorded, seed));
    return recorded;
}

}  // namespace halfulp::gpu
