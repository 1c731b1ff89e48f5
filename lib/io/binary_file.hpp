#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp {

/// A regular file of known size, read in pieces.
class BinaryFile {
  public:
    /// Throws InputError if there is no regular file that can be read.
    explicit BinaryFile(const std::filesystem::path& path);

    std::uint64_t size() const { return size_; }  ///< in bytes

    /// The `count` bytes from `offset` on. If the file ends before them, throws InputError with what they are, and takes
    /// no memory.
    std::string read(std::uint64_t offset, std::uint64_t count, std::string_view what);

    /// The error that says "PATH: byte OFFSET: message"; bytes count from 0.
    InputError error(std::uint64_t offset, std::string_view message) const;
    /// The error that says "PATH: message".
    InputError error(std::string_view message) const;

  private:
    std::filesystem::path path_;
    std::ifstream file_;
    std::uint64_t size_ = 0;
};

/// The little-endian number that these bytes are. Pre: at most 8 of them.
std::uint64_t little_endian(std::string_view bytes);

/// The lowest `size` bytes of a number, little-endian.
std::string little_endian(std::uint64_t number, std::size_t size);

}  // namespace halfulp
