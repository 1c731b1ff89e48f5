#include <halfulp/lib/onnx/node_test.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <new>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/onnx/element.h>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/onnx/read.hpp>
#include <halfulp/lib/onnx/run.hpp>
#include <halfulp/softfloat/order.hpp>

namespace halfulp::onnx {
namespace {

namespace fs = std::filesystem;

/// The paths in a folder for which `wanted(name)`, sorted.
template <class Wanted>
std::vector<fs::path> entries(const fs::path& folder, Wanted wanted) {
    std::error_code error;
    std::vector<fs::path> paths;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (wanted(entry->path().filename().string())) paths.push_back(entry->path());
    if (error) throw InputError(fmt::format("{}: expected a folder that can be read, found none", folder.string()));
    std::sort(paths.begin(), paths.end());
    return paths;
}

bool holds_model(const fs::path& folder) {
    std::error_code failed;
    return fs::exists(fs::symlink_status(folder / "model.onnx", failed));
}

/// Adds the folders at or below this one that hold a model, and those below that cannot be read, which get a verdict, too.
void find_in(const fs::path& folder, std::vector<fs::path>& found) {
    if (holds_model(folder)) return found.push_back(folder);
    for (const fs::path& entry : entries(folder, [](const std::string&) { return true; })) {
        std::error_code failed;
        if (!fs::is_directory(fs::symlink_status(entry, failed))) continue;
        try {
            find_in(entry, found);
        } catch (const InputError&) {
            found.push_back(entry);
        }
    }
}

/// input_0.pb, input_1.pb, ... as far as they go.
std::vector<Tensor> numbered(const fs::path& folder, std::string_view kind) {
    const auto files =
        entries(folder, [&](const std::string& name) { return name.starts_with(fmt::format("{}_", kind)); });
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < files.size(); ++i)
        tensors.push_back(read_tensor(folder / fmt::format("{}_{}.pb", kind, i)));
    return tensors;
}

/// A name from a file as it is, if it is one word of letters and the like; else as messages show it.
std::string in_line(const std::string& name) {
    const auto is_plain = [](unsigned char c) { return std::isgraph(c) != 0; };
    return std::all_of(name.begin(), name.end(), is_plain) ? name : shown(name);
}

bool is_nan(const ElementType& type, std::uint64_t code) {
    const auto* format = std::get_if<Format>(&type);
    return format != nullptr && format->is_nan(code);
}

/// Within the tolerance of ONNX's runner.
bool is_close(const Format& format, std::uint64_t expected, std::uint64_t got) {
    const auto number = [&](std::uint64_t code) {
        return std::bit_cast<double>(round_pack(binary64, decode(format, code)).code);
    };
    const double relative = format == bfloat16 ? 0x1p-6 : 1e-3;
    const double wanted = number(expected), found = number(got);
    return wanted == found || (std::isfinite(wanted) && std::abs(found - wanted) <= 1e-7 + relative * std::abs(wanted));
}

bool is_same(const ElementType& type, std::uint64_t expected, std::uint64_t got, bool bits_are_fixed) {
    if (expected == got || (is_nan(type, expected) && is_nan(type, got))) return true;
    const auto* format = std::get_if<Format>(&type);
    return format != nullptr && !bits_are_fixed && is_close(*format, expected, got);
}

/// How many numbers further a float is, in words; nothing of integers and NaN.
std::string distance(const ElementType& type, std::uint64_t expected, std::uint64_t got) {
    const auto* format = std::get_if<Format>(&type);
    if (!format || is_nan(type, expected) || is_nan(type, got)) return "";
    const auto key = [&](std::uint64_t code) { return static_cast<std::uint64_t>(total_order_key(*format, code)); };
    const std::uint64_t a = key(expected), b = key(got);
    return fmt::format(", {} ulps", static_cast<std::int64_t>(a - b) < 0 ? b - a : a - b);
}

/// The index of an element in all dimensions: "[1, 2]".
std::string index_text(std::size_t element, const std::vector<std::size_t>& shape) {
    std::vector<std::size_t> index(shape.size());
    for (std::size_t axis = shape.size(); axis-- > 0; element /= shape[axis]) index[axis] = element % shape[axis];
    return fmt::format("[{}]", fmt::join(index, ", "));
}

std::optional<std::string> difference_in(const Graph& graph, const fs::path& data_set) {
    const std::vector<Tensor> expected = numbered(data_set, "output");
    const std::vector<Output> outputs = run(graph, numbered(data_set, "input"));
    if (outputs.size() != expected.size() || outputs.empty())
        throw InputError(fmt::format("{}: expected {} outputs, found {}", data_set.string(),
                                     std::max<std::size_t>(outputs.size(), 1), expected.size()));
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const auto difference = first_difference(expected[i], outputs[i].tensor, outputs[i].bits_are_fixed);
        if (difference) return in_line(outputs[i].name) + *difference;
    }
    return std::nullopt;
}

/// Fills in what is found out.
void judge(NodeTest& test) {
    const Graph graph = read_model(test.folder / "model.onnx");
    for (const Node& node : graph.nodes) test.operators += (test.operators.empty() ? "" : ", ") + in_line(node.op);
    expect_supported(graph);
    const auto data_sets =
        entries(test.folder, [](const std::string& name) { return name.starts_with("test_data_set_"); });
    if (data_sets.empty()) throw InputError(test.folder.string() + ": expected folders test_data_set_*, found none");
    for (const fs::path& data_set : data_sets) {
        const auto difference = difference_in(graph, data_set);
        if (!difference) continue;
        test.verdict = Verdict::Fail;
        test.reason = (data_sets.size() > 1 ? data_set.filename().string() + ": " : "") + *difference;
        return;
    }
}

}  // namespace

std::optional<std::string> first_difference(const Tensor& expected, const Tensor& got, bool bits_are_fixed) {
    if (expected.type != got.type || expected.shape != got.shape)
        return fmt::format(": expected {} of shape {}, got {} of shape {}", type_name(expected.type),
                           shape_text(expected.shape), type_name(got.type), shape_text(got.shape));
    for (std::size_t i = 0; i < expected.codes.size(); ++i) {
        const std::uint64_t a = expected.codes[i], b = got.codes[i];
        if (!is_same(expected.type, a, b, bits_are_fixed))
            return fmt::format("{}: expected {}, got {}{}", index_text(i, expected.shape),
                               element_text(expected.type, a), element_text(expected.type, b),
                               distance(expected.type, a, b));
    }
    return std::nullopt;
}

std::vector<fs::path> find_node_tests(const fs::path& folder) {
    std::vector<fs::path> found;
    find_in(folder, found);
    if (found.empty()) throw InputError(folder.string() + ": expected folders with a model.onnx, found none");
    std::sort(found.begin(), found.end());
    return found;
}

NodeTest run_node_test(const fs::path& folder) {
    NodeTest test{.folder = folder, .operators = {}, .verdict = Verdict::Pass, .reason = {}};
    try {
        judge(test);
    } catch (const Unsupported& unsupported) {
        test.verdict = Verdict::Unsupported;
        test.reason = unsupported.what();
    } catch (const InputError& error) {
        test.verdict = Verdict::Malformed;
        test.reason = error.what();
    } catch (const std::bad_alloc&) {
        test.verdict = Verdict::Unsupported;
        test.reason = "more memory than this computer has";
    }
    return test;
}

}  // namespace halfulp::onnx
