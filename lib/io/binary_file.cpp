#include <halfulp/lib/io/binary_file.hpp>

#include <fmt/format.h>

namespace halfulp {

BinaryFile::BinaryFile(const std::filesystem::path& path) : path_(path) {
    std::error_code missing;
    if (std::filesystem::is_regular_file(path, missing)) {
        file_.open(path, std::ios::binary);
        size_ = std::filesystem::file_size(path, missing);
    }
    if (!file_.is_open() || missing) throw error("expected a regular file that can be read, found none");
}

std::string BinaryFile::read(std::uint64_t offset, std::uint64_t count, std::string_view what) {
    const std::uint64_t left = offset < size_ ? size_ - offset : 0;
    if (count > left) throw error(offset, fmt::format("expected {} bytes of {}, found {}", count, what, left));
    std::string bytes(count, '\0');
    file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(bytes.data(), static_cast<std::streamsize>(count));
    if (!file_) throw error(offset, "reading stopped with an error");
    return bytes;
}

InputError BinaryFile::error(std::uint64_t offset, std::string_view message) const {
    return error(fmt::format("byte {}: {}", offset, message));
}

InputError BinaryFile::error(std::string_view message) const {
    return InputError(fmt::format("{}: {}", path_.string(), message));
}

std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
    return number;
}

std::string little_endian(std::uint64_t number, std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(number >> 8 * i & 0xFF);
    return bytes;
}

}  // namespace halfulp
