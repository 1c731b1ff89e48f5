#include <halfulp/lib/matrix_unit/recordings.hpp>

#include <algorithm>
#include <charconv>
#include <functional>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

namespace fs = std::filesystem;

struct Words {
    std::size_t per_row = 0;
    std::vector<std::uint64_t> words;
    std::size_t rows() const { return per_row == 0 ? 0 : words.size() / per_row; }
};

/// A file of rows of unsigned numbers, each of exactly `digits` digits. Every row has as many words as the first one,
/// or as many as `per_row` says.
Words read_words(const fs::path& path, int base, std::size_t digits, std::size_t per_row) {
    const TextFile file(path);
    Words result{per_row, {}};
    for (std::size_t i = 0; i < file.lines().size(); ++i) {
        const auto words = split_words(file.lines()[i]);
        if (result.per_row == 0) result.per_row = words.size();
        if (words.size() != result.per_row || words.empty())
            throw file.error(i, "expected " + std::to_string(std::max<std::size_t>(result.per_row, 1)) +
                                    " words, found " + std::to_string(words.size()));
        for (const std::string_view word : words) {
            std::uint64_t value = 0;
            const auto [end, error] = std::from_chars(word.begin(), word.end(), value, base);
            if (word.size() != digits || end != word.end() || error != std::errc{})
                throw file.error(i, "expected " + std::to_string(digits) +
                                        (base == 2 ? " binary digits" : " hexadecimal digits") + ", found " +
                                        shown(word));
            result.words.push_back(value);
        }
    }
    if (result.words.empty()) throw InputError(path.string() + ": expected rows of numbers, found an empty file");
    return result;
}

/// A binary32 word as a code of `format`, NaN payloads included: of them the leading bits.
Rounded narrowed(const Format& format, std::uint64_t word) {
    if (!binary32.is_nan(word)) return convert(format, binary32, word);
    const int drop = binary32.fraction_bits() - format.fraction_bits();
    const std::uint64_t sign = (word & binary32.sign_bit()) != 0 ? format.sign_bit() : 0;
    const std::uint64_t payload = (word & binary32.magnitude_mask()) - binary32.inf_code();
    return {format.has_inf ? sign | (format.inf_code() + (payload >> drop)) : format.nan_code(),
            {.inexact = format.has_inf && payload >> drop == 0}};
}

/// binary32 words as codes of `format`, which must have each of the numbers.
void narrow(const fs::path& path, const Format& format, Words& words) {
    for (std::size_t i = 0; i < words.words.size(); ++i) {
        const Rounded code = narrowed(format, words.words[i]);
        if (code.status.inexact)
            throw InputError(path.string() + ":" + std::to_string(i / words.per_row + 1) + ": expected numbers of " +
                             std::string(short_name(format)) + ", found one that it does not have");
        words.words[i] = code.code;
    }
}

/// The instruction that the authors recorded: mma.sync, but wgmma for fp8 into fp32 on Hopper, whose mma.sync has no
/// fp8 of its own. Those were taken with D = A*B, so that c is not used.
bool recorded_by_wgmma(std::string_view gpu, const Format& input, const Format& output) {
    return gpu == "H100" && input.width == 8 && output == binary32;
}

const MmaSpec& recorded_unit(const RecordingFiles& files) {
    const auto gpu = find_processor(files.gpu);
    const auto input = find_format(files.input == "E4M3" ? "e4m3" : files.input == "E5M2" ? "e5m2" : files.input);
    const auto output = find_format(files.output);
    const MmaSpec* spec = nullptr;
    if (gpu && input && output) {
        const bool wgmma = recorded_by_wgmma(gpu->name, input->format, output->format);
        spec = find_mma(gpu->name, wgmma ? "wgmma" : "mma.sync", input->format, output->format);
    }
    if (spec == nullptr)
        throw InputError(files.folder.string() + ": expected a matrix unit of the table, found " + files.gpu + " " +
                         files.input + "->" + files.output);
    return *spec;
}

fs::path file_of(const RecordingFiles& files, char matrix, const std::string& format) {
    return files.folder / (std::string{matrix} + "_" + files.gpu + "_" + format + ".txt");
}

void expect_rows(const fs::path& path, std::size_t rows, std::size_t expected) {
    if (rows != expected)
        throw InputError(path.string() + ":" + std::to_string(std::min(rows, expected) + 1) + ": expected " +
                         std::to_string(expected) + " rows, as in a, found " + std::to_string(rows));
}

std::vector<fs::path> sorted_folders(const fs::path& folder) {
    std::error_code unreadable;
    std::vector<fs::path> folders;
    for (fs::directory_iterator entry(folder, unreadable), end; !unreadable && entry != end;
         entry.increment(unreadable))
        if (entry->is_directory(unreadable)) folders.push_back(entry->path());
    if (unreadable) throw InputError(folder.string() + ": expected a folder that can be read, found none");
    std::sort(folders.begin(), folders.end());
    return folders;
}

/// The recordings of one format on one GPU: one for each format of d.
void find_outputs(const fs::path& folder, const std::string& gpu, std::vector<RecordingFiles>& found) {
    const std::size_t before = found.size();
    std::error_code unreadable;
    for (const std::string output : {"fp32", "fp16"})
        if (fs::exists(folder / ("d_" + gpu + "_" + output + ".txt"), unreadable))
            found.push_back({folder, gpu, folder.filename().string(), output});
    if (found.size() == before)
        throw InputError(folder.string() + ": expected d_" + gpu + "_fp32.txt or d_" + gpu +
                         "_fp16.txt, found neither");
}

}  // namespace

std::vector<RecordingFiles> find_recordings(const fs::path& folder) {
    std::error_code unreadable;
    const bool checkout = fs::is_directory(folder / "model_validation", unreadable);
    const fs::path root = checkout ? folder / "model_validation" : (folder / "").parent_path();
    const bool one_gpu = find_processor(root.filename().string()).has_value();
    std::vector<RecordingFiles> found;
    for (const fs::path& gpu : one_gpu ? std::vector{root} : sorted_folders(root)) {
        const std::string name = gpu.filename().string();
        if (!find_processor(name))
            throw InputError(gpu.string() + ": expected a folder named after a GPU (" + known_processors() +
                             "), found " + shown(name));
        for (const fs::path& input : sorted_folders(gpu)) find_outputs(input, name, found);
    }
    if (found.empty())
        throw InputError(root.string() + ": expected recordings <GPU>/<format>/d_<GPU>_<format>.txt, found none");
    return found;
}

Recording read_recording(const RecordingFiles& files) {
    const MmaSpec& spec = recorded_unit(files);
    const auto input_words = [&](char matrix, std::size_t per_row) {
        const fs::path path = file_of(files, matrix, files.input);
        Words words = read_words(path, 16, 8, per_row);
        // A register of tf32 numbers holds 13 more bits, which the unit does not read.
        if (spec.a.format == tf32) {
            for (std::uint64_t& word : words.words) word >>= binary32.width - tf32.width;
        } else {
            narrow(path, spec.a.format, words);
        }
        return words;
    };
    Words a = input_words('a', 0);
    Words b = input_words('b', a.per_row);
    Words c = read_words(file_of(files, 'c', "fp32"), 2, 32, 1);
    Words d = read_words(file_of(files, 'd', files.output), 2, 32, 1);
    expect_rows(file_of(files, 'b', files.input), b.rows(), a.rows());
    expect_rows(file_of(files, 'c', "fp32"), c.rows(), a.rows());
    expect_rows(file_of(files, 'd', files.output), d.rows(), a.rows());
    if (recorded_by_wgmma(spec.processor, spec.a.format, spec.accumulator.format))
        std::fill(c.words.begin(), c.words.end(), 0);
    // The authors rounded c to the accumulator before the call, to nearest even.
    for (std::uint64_t& word : c.words) word = convert(spec.accumulator.format, binary32, word).code;
    narrow(file_of(files, 'd', files.output), spec.accumulator.format, d);
    return {files.gpu,          files.input,        files.output,      &spec, a.per_row, std::move(a.words),
            std::move(b.words), std::move(c.words), std::move(d.words)};
}

}  // namespace halfulp
