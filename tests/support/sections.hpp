#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/folder.hpp"

// Pages that show a table of the code's.

namespace halfulp::test {

/// A file of this repository.
inline std::string source(const std::string& path) { return content(std::filesystem::path(HALFULP_SOURCE) / path); }

/// What stands between <!-- name --> and <!-- /name --> of a page must be `expected`.
inline void expect_section(const std::string& name, const std::string& expected,
                           const std::string& page = "README.md") {
    const std::string readme = source(page);
    const std::string begin = "<!-- " + name + " -->\n", end = "<!-- /" + name + " -->";
    const std::size_t start = readme.find(begin), stop = readme.find(end);
    ASSERT_TRUE(start != std::string::npos && stop != std::string::npos) << name;
    const std::size_t first = start + begin.size();
    if (std::getenv("HALFULP_UPDATE_README") != nullptr)
        std::ofstream(HALFULP_SOURCE "/" + page) << readme.substr(0, first) << expected << readme.substr(stop);
    else
        EXPECT_EQ(readme.substr(first, stop - first), expected) << "run again with HALFULP_UPDATE_README=1";
}

}  // namespace halfulp::test
