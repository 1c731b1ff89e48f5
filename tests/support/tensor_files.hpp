#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/io/text_file.hpp>

// Files that a test reads, and what reading them says.

namespace halfulp {

/// A folder of the running test's own.
class FolderTest : public testing::Test {
  protected:
    std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) /
        (std::string(testing::UnitTest::GetInstance()->current_test_info()->test_suite_name()) + "_" +
         testing::UnitTest::GetInstance()->current_test_info()->name());
    void SetUp() override {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    std::filesystem::path file(std::string_view name, std::string_view bytes) const {
        std::filesystem::remove(folder / name);  // ext4 would flush a file that replaces its content, each time
        std::ofstream(folder / name, std::ios::binary) << bytes;
        return folder / name;
    }

    static std::string bytes_of(const std::filesystem::path& path) {
        std::ostringstream bytes;
        bytes << std::ifstream(path, std::ios::binary).rdbuf();
        return bytes.str();
    }

    /// What InputError says of the file, from the place after its path on; "read" if it says nothing.
    static std::string refusal(const std::filesystem::path& path, const TensorRequest& request = {}) {
        try {
            (void)read_tensor(path, request);
        } catch (const InputError& error) {
            const std::string text = error.what();
            return text.starts_with(path.string() + ": ") ? text.substr(path.string().size() + 2)
                                                          : "elsewhere: " + text;
        }
        return "read";
    }
};

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
