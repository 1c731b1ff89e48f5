#include <halfulp/lib/io/safetensors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include <halfulp/lib/io/element.hpp>

namespace halfulp {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t length_size = 8;
constexpr std::uint64_t longest_header = 100'000'000;  // the safetensors library reads no longer header either
constexpr int deepest = 2;                             // {"name": {"shape": []}}
constexpr std::string_view metadata = "__metadata__";

struct Dtype {
    std::string_view name;
    std::uint64_t bits;
    std::optional<ElementType> type;  ///< none: not read
};

/// No writer has F6, safetensors 0.8.0 neither, and nothing says where in three bytes each of four elements is.
constexpr bool is_unpublished(const Dtype& dtype) { return dtype.bits == 6; }

/// In the library's order, by which a writer sorts tensors: the widest first.
constexpr std::array dtypes = {
    Dtype{"U64", 64, IntegerType{64, false}},
    Dtype{"I64", 64, IntegerType{64, true}},
    Dtype{"F64", 64, binary64},
    Dtype{"C64", 64, std::nullopt},
    Dtype{"F32", 32, binary32},
    Dtype{"U32", 32, IntegerType{32, false}},
    Dtype{"I32", 32, IntegerType{32, true}},
    Dtype{"BF16", 16, bfloat16},
    Dtype{"F16", 16, binary16},
    Dtype{"U16", 16, IntegerType{16, false}},
    Dtype{"I16", 16, IntegerType{16, true}},
    Dtype{"F8_E5M2FNUZ", 8, e5m2fnuz},
    Dtype{"F8_E4M3FNUZ", 8, e4m3fnuz},
    Dtype{"F8_E8M0", 8, e8m0},
    Dtype{"F8_E4M3", 8, e4m3fn},
    Dtype{"F8_E5M2", 8, e5m2},
    Dtype{"I8", 8, IntegerType{8, true}},
    Dtype{"U8", 8, IntegerType{8, false}},
    Dtype{"F6_E3M2", 6, std::nullopt},
    Dtype{"F6_E2M3", 6, std::nullopt},
    Dtype{"F4", 4, e2m1},
    Dtype{"BOOL", 8, std::nullopt},
};

/// What the header says of a tensor.
struct Entry {
    std::string name;
    const Dtype* dtype;
    std::vector<std::size_t> shape;
    std::uint64_t begin, end;  ///< bytes, from the header's end on
};

InputError wrong(const BinaryFile& file, std::string_view name, std::string_view message) {
    return file.error(fmt::format("tensor {}: {}", shown(name), message));
}

/// Refuses, while JSON is read, what nests deeper than a header does and what is named twice.
class HeaderRules {
  public:
    explicit HeaderRules(const BinaryFile& file) : file_(&file) {}

    bool operator()(int depth, json::parse_event_t event, const json& parsed) {
        const bool starts = event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
        if (starts && depth > deepest)
            throw file_->error(length_size, "expected a header of tensors, found deeper JSON");
        const auto level = static_cast<std::size_t>(depth);
        if (starts) names_[level].clear();
        if (event == json::parse_event_t::key && !names_[level - 1].insert(parsed.get_ref<const std::string&>()).second)
            throw file_->error(length_size, fmt::format("expected names that are there once, found {} twice",
                                                        shown(parsed.get_ref<const std::string&>())));
        return true;
    }

  private:
    const BinaryFile* file_;
    std::array<std::set<std::string>, deepest + 1> names_;
};

json read_json(const BinaryFile& file, const std::string& text) {
    // The parser takes a zero byte for the end of its input.
    const std::size_t zero = std::min(text.find('\0'), text.size());
    std::size_t stop = zero;
    try {
        if (zero == text.size()) return json::parse(text, HeaderRules(file));
    } catch (const json::parse_error& error) {
        stop = error.byte - 1;
    } catch (const json::out_of_range&) {
        throw file.error(length_size, "expected JSON with whole numbers, found one out of range");
    }
    throw file.error(length_size + stop,
                     "expected JSON, found " + (stop < text.size() ? shown(text.substr(stop)) : "the header's end"));
}

std::vector<std::uint64_t> whole_numbers(const BinaryFile& file, const std::string& name, const json& info,
                                         const char* key) {
    const auto found = info.find(key);
    if (found == info.end() || !found->is_array() ||
        !std::ranges::all_of(*found, [](const json& number) { return number.is_number_unsigned(); }))
        throw wrong(file, name, fmt::format("expected {}, an array of whole numbers", key));
    return found->get<std::vector<std::uint64_t>>();
}

const Dtype& dtype_of(const BinaryFile& file, const std::string& name, const json& info) {
    const auto found = info.find("dtype");
    const std::string text = found != info.end() && found->is_string() ? found->get<std::string>() : "";
    const auto* dtype = std::ranges::find(dtypes, text, &Dtype::name);
    if (dtype != dtypes.end()) return *dtype;
    std::string known;
    for (const Dtype& row : dtypes) known.append(known.empty() ? "" : ", ").append(row.name);
    throw wrong(file, name, fmt::format("expected a dtype of {}; found {}", known, shown(text)));
}

Entry entry_of(const BinaryFile& file, const std::string& name, const json& info) {
    if (!info.is_object()) throw wrong(file, name, "expected an object with dtype, shape and data_offsets");
    const Dtype& dtype = dtype_of(file, name, info);
    const auto shape = whole_numbers(file, name, info, "shape");
    const auto offsets = whole_numbers(file, name, info, "data_offsets");
    if (offsets.size() != 2 || offsets[0] > offsets[1])
        throw wrong(file, name, "expected two data_offsets, the second no smaller");
    const auto count = element_count(shape);
    const bool fits = count && *count <= std::numeric_limits<std::uint64_t>::max() / dtype.bits;
    if (!fits || *count * dtype.bits % 8 != 0 || *count * dtype.bits / 8 != offsets[1] - offsets[0])
        throw wrong(file, name,
                    fmt::format("expected data_offsets as far apart as shape {} of {} has bytes, found {} to {}",
                                shape_text(shape), dtype.name, offsets[0], offsets[1]));
    return {name, &dtype, shape, offsets[0], offsets[1]};
}

void check_metadata(const BinaryFile& file, const json& value) {
    const bool texts =
        value.is_object() && std::ranges::all_of(value, [](const json& text) { return text.is_string(); });
    if (!texts && !value.is_null()) throw file.error(fmt::format("expected {}, an object of strings", metadata));
}

/// The tensors of a header by their places, which must follow each other up to the file's end.
std::vector<Entry> entries_of(const BinaryFile& file, const json& header, std::uint64_t data) {
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
        if (name == metadata)
            check_metadata(file, value);
        else
            entries.push_back(entry_of(file, name, value));
    }
    std::ranges::sort(entries, {}, [](const Entry& entry) { return std::pair(entry.begin, entry.end); });
    std::uint64_t end = 0;
    for (const Entry& entry : entries) {
        if (entry.begin != end)
            throw wrong(file, entry.name,
                        fmt::format("expected data from offset {} on, where the tensor before ends, "
                                    "found it from {} on",
                                    end, entry.begin));
        end = entry.end;
    }
    if (end != file.size() - data)
        throw file.error(data, fmt::format("expected the {} bytes of the tensors, found {}", end, file.size() - data));
    return entries;
}

const Entry& find_entry(const BinaryFile& file, const std::vector<Entry>& entries, const std::string& name) {
    if (name.empty() && entries.size() == 1) return entries.front();
    const auto found = std::ranges::find(entries, name, &Entry::name);
    if (found != entries.end()) return *found;
    if (entries.empty()) throw file.error("expected tensors, found none");
    constexpr std::size_t most = 10;
    std::string names;
    for (std::size_t i = 0; i < std::min(entries.size(), most); ++i)
        names.append(i == 0 ? "" : ", ").append(shown(entries[i].name));
    throw file.error(fmt::format("expected the name of one of {} tensors: {}{}; found {}", entries.size(), names,
                                 entries.size() > most ? ", ..." : "", name.empty() ? "no name" : shown(name)));
}

/// What the header says of all tensors, and where their data begins.
struct Header {
    std::vector<Entry> entries;
    std::uint64_t data;
};

Header read_header(BinaryFile& file) {
    const std::uint64_t length = little_endian(file.read(0, length_size, "header length"));
    if (length > longest_header)
        throw file.error(0, fmt::format("expected a header of at most {} bytes, found {}", longest_header, length));
    const json header = read_json(file, file.read(length_size, length, "header"));
    if (!header.is_object()) throw file.error(length_size, "expected a JSON object");
    const std::uint64_t data = length_size + length;
    return {entries_of(file, header, data), data};
}

}  // namespace

std::vector<std::string> safetensors_names(const std::filesystem::path& path) {
    BinaryFile file(path);
    std::vector<std::string> names;
    for (const Entry& entry : read_header(file).entries) names.push_back(entry.name);
    return names;
}

Tensor read_safetensors(BinaryFile& file, const std::string& name) {
    const auto [entries, data] = read_header(file);
    const Entry& entry = find_entry(file, entries, name);
    if (!entry.dtype->type)
        throw wrong(file, entry.name,
                    fmt::format("expected elements of {}, found {}",
                                is_unpublished(*entry.dtype) ? "a published place in their bytes" : "one number each",
                                entry.dtype->name));
    const std::string bytes = file.read(data + entry.begin, entry.end - entry.begin, "elements");
    return {
        .shape = entry.shape, .type = *entry.dtype->type, .codes = unpack(bytes, width_of(*entry.dtype->type), false)};
}

void write_safetensors(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors) {
    const auto wrong_name = [&](const std::string& name, const std::string& message) {
        return InputError(fmt::format("{}: tensor {}: {}", path.string(), shown(name), message));
    };
    for (const auto& [name, tensor] : tensors) {
        if (name == metadata) throw wrong_name(name, "expected another name");
        if (std::ranges::find(dtypes, std::optional(tensor.type), &Dtype::type) == dtypes.end())
            throw wrong_name(name, "expected a format of safetensors, found " + name_of(tensor.type));
        if (tensor.codes.size() * static_cast<std::size_t>(width_of(tensor.type)) % 8 != 0)
            throw wrong_name(name, fmt::format("expected an even number of elements of {}, two in a byte, found {}",
                                               name_of(tensor.type), tensor.codes.size()));
    }
    ordered_json header = ordered_json::object();
    std::string data;
    for (const Dtype& dtype : dtypes) {
        for (const auto& [name, tensor] : tensors) {
            if (dtype.type != tensor.type) continue;
            const std::size_t begin = data.size();
            data += pack(tensor.codes, width_of(tensor.type));
            header[name] = {{"dtype", dtype.name}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
        }
    }
    std::string text;
    try {
        text = header.dump();
    } catch (const json::type_error&) {
        throw InputError(path.string() + ": expected names in UTF-8");
    }
    text.append((8 - text.size() % 8) % 8, ' ');
    write_text(path, little_endian(text.size(), length_size) + text + data);
}

}  // namespace halfulp
