#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

// Files that a test writes and reads.

namespace halfulp::test {

/// Of a file; empty if there is none.
inline std::string content(const std::filesystem::path& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

/// A folder of the running process's own, as tests, and whole builds of them, run at the same time: there before the members
/// of a fixture that derives from this one, and removed after them.
class FolderTest : public testing::Test {
  protected:
    const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / name_of_test();

    FolderTest() {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    ~FolderTest() override { std::filesystem::remove_all(folder); }

    std::filesystem::path file(std::string_view name, std::string_view bytes) const {
        std::filesystem::remove(folder / name);  // ext4 would flush a file that replaces its content, each time
        std::ofstream(folder / name, std::ios::binary) << bytes;
        return folder / name;
    }

  private:
    static std::string name_of_test() {
        const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
        std::string name = std::string(test.test_suite_name()) + "_" + test.name();
        std::ranges::replace(name, '/', '_');  // of a test with parameters
        return name + '_' + std::to_string(getpid());
    }
};

}  // namespace halfulp::test
