#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/io/text_file.hpp>

// Files that a test reads, and what reading them says.

namespace halfulp {

/// What InputError says of the file, from the place after its path on; "read" if it says nothing.
inline std::string refusal(const std::filesystem::path& path, const TensorRequest& request = {}) {
    try {
        (void)read_tensor(path, request);
    } catch (const InputError& error) {
        const std::string text = error.what();
        return text.starts_with(path.string() + ": ") ? text.substr(path.string().size() + 2) : "elsewhere: " + text;
    }
    return "read";
}

/// A header of .npy: the dictionary padded to `length` bytes. What NumPy pads it to is for the test to say.
inline std::string npy_bytes(std::string_view dictionary, std::size_t length, std::string_view elements,
                             char major = 1) {
    std::string bytes = std::string("\x93NUMPY") + major + '\0' + static_cast<char>(length & 0xFF) +
                        static_cast<char>(length >> 8) + std::string(major == 1 ? 0 : 2, '\0');
    bytes.append(dictionary).append(length - 1 - dictionary.size(), ' ').append("\n");
    return bytes.append(elements);
}

/// A file of safetensors: the header's length, the header, the elements.
inline std::string safetensors_bytes(std::string_view header, std::string_view elements) {
    std::string bytes;
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(header.size() >> shift & 0xFF);
    return bytes.append(header).append(elements);
}

}  // namespace halfulp
