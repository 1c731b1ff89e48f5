#include <halfulp/lib/matrix_unit/directed.hpp>

#include <charconv>
#include <string_view>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

/// A table being read: the file, and the line for messages.
struct Line {
    const TextFile& file;
    std::size_t number;
    InputError expected(const std::string& what, std::string_view found) const {
        return file.error(number, "expected " + what + ", found " + shown(found));
    }
};

/// The unit that a row speaks of. The table's fp8 rows of Hopper and its rows of Blackwell are native instructions.
const MmaSpec& unit_of(const Line& line, std::string_view arch, std::string_view type) {
    const std::size_t arrow = type.find('>');
    if (arrow == std::string_view::npos) throw line.expected("a type such as f16>f32", type);
    const auto input = find_format(type.substr(0, arrow)), output = find_format(type.substr(arrow + 1));
    const auto gpu = arch == "BW" ? find_processor("B200") : find_processor(arch);
    if (!gpu) throw line.expected("a GPU (" + known_processors() + " or BW)", arch);
    if (!input || !output) throw line.expected("formats of the table", type);
    const bool fp8 = input->format.width == 8;
    const std::string_view instruction = arch == "BW" ? "tcgen05" : gpu->name == "H100" && fp8 ? "wgmma" : "mma.sync";
    const MmaSpec* spec = find_mma(gpu->name, instruction, input->format, output->format);
    if (spec == nullptr) throw line.expected("a matrix unit of the table", std::string(arch) + " " + std::string(type));
    return *spec;
}

std::vector<std::uint64_t> read_codes(const Line& line, std::string_view field, const Format& format) {
    const int width = format == tf32 ? binary32.width : format.width;
    const std::size_t digits = static_cast<std::size_t>(width + 3) / 4;
    std::vector<std::uint64_t> codes;
    for (const std::string_view word : split_words(field)) {
        std::uint64_t code = 0;
        const auto [end, error] = std::from_chars(word.begin(), word.end(), code, 16);
        if (word.size() != digits || end != word.end() || error != std::errc{})
            throw line.expected(std::to_string(digits) + " hexadecimal digits", word);
        if (code > ~std::uint64_t{0} >> (64 - width))
            throw line.expected("a code of " + std::to_string(width) + " bits", word);
        codes.push_back(code >> (width - format.width));
    }
    return codes;
}

std::uint64_t read_code(const Line& line, std::string_view field, const Format& format) {
    const auto codes = read_codes(line, field, format);
    if (codes.size() != 1) throw line.expected("one code", field);
    return codes[0];
}

}  // namespace

std::vector<DirectedVector> read_directed(const std::filesystem::path& path) {
    constexpr std::string_view head = "id\tarch\ttype\tA_hex\tB_hex\tC_hex\tD_hex\tsource\tnote";
    const TextFile file(path);
    if (file.lines().empty() || file.lines()[0] != head)
        throw file.error(0, "expected the head line \"id arch type A_hex B_hex C_hex D_hex source note\", with tabs");
    if (file.lines().size() == 1) throw file.error(0, "expected rows after the head line, found none");
    std::vector<DirectedVector> vectors;
    for (std::size_t i = 1; i < file.lines().size(); ++i) {
        const Line line{file, i};
        const auto field = split_tabs(file.lines()[i]);
        if (field.size() != 9) throw file.error(i, "expected 9 fields, found " + std::to_string(field.size()));
        const MmaSpec& spec = unit_of(line, field[1], field[2]);
        DirectedVector v{std::string(field[0]),
                         std::string(field[1]),
                         std::string(field[2]),
                         std::string(field[7]),
                         std::string(field[8]),
                         &spec,
                         read_codes(line, field[3], spec.a.format),
                         read_codes(line, field[4], spec.b.format),
                         read_code(line, field[5], spec.accumulator.format),
                         read_code(line, field[6], spec.accumulator.format)};
        if (v.a.empty() || v.a.size() != v.b.size()) throw line.expected("as many codes in A as in B", field[4]);
        vectors.push_back(std::move(v));
    }
    return vectors;
}

}  // namespace halfulp
