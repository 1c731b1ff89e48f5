#include <fmt/format.h>

#include <array>
#include <variant>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>

#include "matrix_options.hpp"
#include "names.hpp"

namespace {

using namespace halfulp;

/// Integers that no file has elements of: bytes hold them.
constexpr std::array small_integers = {Named<IntegerType>{"s4", s4, {"int4"}}, Named<IntegerType>{"u4", u4, {"uint4"}}};

/// The formats of scales.
constexpr std::array scale_formats = {Named<Format>{"ue8m0", e8m0, {"e8m0"}}, Named<Format>{"ue4m3", ue4m3, {"e4m3"}}};

Tensor read_from(const std::string& place, const std::optional<Format>& format = {}) {
    const std::size_t mark = place.find(".safetensors#");
    const std::size_t end = mark == std::string::npos ? mark : place.find('#', mark);
    return read_tensor(place.substr(0, end),
                       {.name = end == std::string::npos ? "" : place.substr(end + 1), .format = format});
}

Matrix matrix_of(const std::string& place, const Element& element, Tensor tensor) {
    if (tensor.shape.size() != 2)
        throw InputError(fmt::format("{}: expected a matrix, found {} dimensions", place, tensor.shape.size()));
    return {element, tensor.shape[0], tensor.shape[1], std::move(tensor.codes)};
}

/// Bytes, of either sign, as integers of fewer bits.
Tensor narrowed(const std::string& place, Tensor tensor, const IntegerType& to) {
    const auto* bytes = std::get_if<IntegerType>(&tensor.type);
    if (bytes == nullptr || bytes->width != 8)
        throw InputError(
            fmt::format("{}: expected bytes, as hold {}, found {}", place, name_of(Element(to)), name_of(tensor.type)));
    for (std::size_t i = 0; i < tensor.codes.size(); ++i) {
        const Rounded r = to_integer(to, exact(*bytes, tensor.codes[i]));
        if (r.status.invalid)
            throw InputError(fmt::format("{}: element {}: expected a number of {}, found code {:#x}", place, i,
                                         name_of(Element(to)), tensor.codes[i]));
        tensor.codes[i] = r.code;
    }
    return tensor;
}

/// What elements of a file are without an option: integers that matrix units take are these.
Element element_of(const std::string& name, const std::string& place, const ElementType& type) {
    if (const auto* format = std::get_if<Format>(&type)) return *format;
    const auto& integer = std::get<IntegerType>(type);
    if (integer == s8 || integer == u8 || integer == s32) return integer;
    throw InputError(fmt::format("{}: expected a format for codes of {}: --{}-format", place, name_of(type), name));
}

}  // namespace

CLI::Option* add_matrix(CLI::App& command, const std::string& what, MatrixOptions& options) {
    command.add_option(
        "--" + options.name + "-format", options.format,
        "Of " + what + ", where the file has codes as integers; s4 and u4 where bytes have integers of 4 bits");
    return command.add_option("--" + options.name, options.place,
                              what + ": a file .npy, .safetensors or .safetensors#TENSOR");
}

Matrix read_matrix(const MatrixOptions& options) {
    const auto small = find_by_name(small_integers, options.format);
    Matrix matrix = [&] {
        if (small)
            return matrix_of(options.place, small->value,
                             narrowed(options.place, read_from(options.place), small->value));
        if (!options.format.empty()) {
            const Format format = named(formats, "format", options.format).format;
            return matrix_of(options.place, format, read_from(options.place, format));
        }
        Tensor tensor = read_from(options.place);
        const Element element = element_of(options.name, options.place, tensor.type);
        return matrix_of(options.place, element, std::move(tensor));
    }();
    return options.transposed ? transposed(matrix) : matrix;
}

/// Scales are e8m0 or, in checkpoints, e4m3 where their format says so, and else bytes.
std::optional<Matrix> read_scales(const MatrixOptions& options, const std::string& format) {
    if (options.scales.empty()) return std::nullopt;
    Tensor tensor = read_from(options.scales);
    const std::string named_by_file = tensor.type == ElementType(e8m0)     ? "ue8m0"
                                      : tensor.type == ElementType(e4m3fn) ? "ue4m3"
                                                                           : "";
    if (named_by_file.empty() && tensor.type != ElementType(u8))
        throw InputError(fmt::format("{}: expected bytes of scales, found {}", options.scales, name_of(tensor.type)));
    if (named_by_file.empty() && format.empty())
        throw InputError(fmt::format("{}: expected a format for scales: --scale-format", options.scales));
    const Format scale = named(scale_formats, "format of scales", format.empty() ? named_by_file : format).value;
    const Matrix matrix = matrix_of(options.scales, scale, std::move(tensor));
    return options.transposed ? transposed(matrix) : matrix;
}
