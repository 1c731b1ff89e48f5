#include <halfulp/lib/io/element.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include <halfulp/lib/io/binary_file.hpp>

namespace halfulp {

Tensor as_integers(const Tensor& tensor) {
    const Storage storage = storage_of(std::get<Format>(tensor.type));
    Tensor stored = tensor;
    stored.type = IntegerType{.width = storage.width, .is_signed = false};
    for (std::uint64_t& code : stored.codes) code <<= storage.shift;
    return stored;
}

std::optional<std::uint64_t> element_count(const std::vector<std::size_t>& shape) {
    std::uint64_t count = 1;
    for (const std::uint64_t size : shape) {
        if (size != 0 && count > std::numeric_limits<std::uint64_t>::max() / size) return std::nullopt;
        count *= size;
    }
    return count;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

std::vector<std::uint64_t> unpack(std::string_view bytes, int width, bool big_endian) {
    const auto size = static_cast<std::size_t>(width / 8);
    std::vector<std::uint64_t> codes(bytes.size() / size);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        std::string code(bytes.substr(i * size, size));
        if (big_endian) std::reverse(code.begin(), code.end());
        codes[i] = little_endian(code);
    }
    return codes;
}

std::string pack(const std::vector<std::uint64_t>& codes, int width) {
    const auto size = static_cast<std::size_t>(width / 8);
    std::string bytes;
    bytes.reserve(codes.size() * size);
    for (const std::uint64_t code : codes) bytes += little_endian(code, size);
    return bytes;
}

}  // namespace halfulp
