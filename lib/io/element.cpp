#include <halfulp/lib/io/element.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include <halfulp/lib/io/binary_file.hpp>

namespace halfulp {
namespace {

constexpr int half_byte = 4;

std::vector<std::uint64_t> halves(std::string_view bytes) {
    std::vector<std::uint64_t> codes;
    codes.reserve(2 * bytes.size());
    for (const char byte : bytes)
        for (const int at : {0, half_byte}) codes.push_back(static_cast<std::uint8_t>(byte) >> at & 0xF);
    return codes;
}

std::string in_halves(const std::vector<std::uint64_t>& codes) {
    std::string bytes(codes.size() / 2, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(codes[2 * i] | codes[2 * i + 1] << half_byte);
    return bytes;
}

}  // namespace

Tensor as_integers(const Tensor& tensor) {
    const Storage storage = storage_of(tensor.type);
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
    if (width == half_byte) return halves(bytes);
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
    if (width == half_byte) return in_halves(codes);
    const auto size = static_cast<std::size_t>(width / 8);
    std::string bytes;
    bytes.reserve(codes.size() * size);
    for (const std::uint64_t code : codes) bytes += little_endian(code, size);
    return bytes;
}

}  // namespace halfulp
