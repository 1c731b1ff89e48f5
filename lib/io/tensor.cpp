#include <halfulp/lib/io/tensor.hpp>

#include <fmt/format.h>

#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/matrix_market.hpp>
#include <halfulp/lib/io/npy.hpp>
#include <halfulp/lib/io/safetensors.hpp>

namespace halfulp {
namespace {

/// Whether elements of this type can be codes of that other format.
bool may_be(const ElementType& type, const Format& format) {
    const bool integer = std::holds_alternative<IntegerType>(type);
    return (integer || (format == tf32 && type == ElementType(binary32))) && width_of(type) == storage_of(format).width;
}

/// The tensor as codes of a format.
Tensor as_codes(const BinaryFile& file, Tensor tensor, const Format& format) {
    if (tensor.type == ElementType(format)) return tensor;
    const Storage storage = storage_of(format);
    if (!may_be(tensor.type, format))
        throw file.error(fmt::format("expected elements of {} or integers of {} bits, found {}", short_name(format),
                                     storage.width, name_of(tensor.type)));
    for (std::size_t i = 0; i < tensor.codes.size(); ++i) {
        const std::uint64_t stored = tensor.codes[i];
        tensor.codes[i] = stored >> storage.shift;
        if ((stored & ~(format.code_mask() << storage.shift)) != 0)
            throw file.error(
                fmt::format("element {}: expected a code of {}, found {:#x}", i, short_name(format), stored));
    }
    tensor.type = format;
    return tensor;
}

Tensor read(BinaryFile& file, const std::filesystem::path& path, const std::string& name) {
    if (path.extension() == ".safetensors") return read_safetensors(file, name);
    const std::string kind = path.extension().string();
    if (kind != ".npy" && kind != ".mtx") throw file.error("expected a name that ends in .npy, .safetensors or .mtx");
    if (!name.empty()) throw file.error("expected no name of a tensor, as " + kind + " has none, found " + shown(name));
    return kind == ".npy" ? read_npy(file) : read_matrix_market(path);
}

}  // namespace

std::string name_of(const ElementType& type) {
    if (const auto* format = std::get_if<Format>(&type)) return std::string(short_name(*format));
    const auto& integer = std::get<IntegerType>(type);
    return fmt::format("{}int{}", integer.is_signed ? "" : "u", integer.width);
}

Tensor read_tensor(const std::filesystem::path& path, const TensorRequest& request) {
    BinaryFile file(path);
    Tensor tensor = read(file, path, request.name);
    return request.format ? as_codes(file, std::move(tensor), *request.format) : tensor;
}

}  // namespace halfulp
