// Claim: the tables of the README and of docs/ are those of the code, and its example and that of docs/ are compiled and run.
// Oracle: the tables' functions and docs/examples. With HALFULP_UPDATE_README set, the README is rewritten instead.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <halfulp/gpu/kernel/kernel_table.hpp>
#include <halfulp/lib/matrix_unit/unit_table.hpp>
#include <halfulp/lib/quantize/requantise_table.hpp>
#include <halfulp/lib/report/format_table.hpp>

namespace {

std::string read(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(std::string(HALFULP_SOURCE) + "/" + path).rdbuf();
    return text.str();
}

/// What stands between <!-- name --> and <!-- /name --> of a page must be `expected`.
void expect_section(const std::string& name, const std::string& expected, const std::string& page = "README.md") {
    const std::string readme = read(page);
    const std::string begin = "<!-- " + name + " -->\n", end = "<!-- /" + name + " -->";
    const std::size_t start = readme.find(begin), stop = readme.find(end);
    ASSERT_TRUE(start != std::string::npos && stop != std::string::npos) << name;
    const std::size_t first = start + begin.size();
    if (std::getenv("HALFULP_UPDATE_README") != nullptr)
        std::ofstream(HALFULP_SOURCE "/" + page) << readme.substr(0, first) << expected << readme.substr(stop);
    else
        EXPECT_EQ(readme.substr(first, stop - first), expected) << "run again with HALFULP_UPDATE_README=1";
}

TEST(Readme, FormatsAreCurrent) { expect_section("formats", halfulp::to_markdown(halfulp::format_table())); }

TEST(Readme, UnitsAreCurrent) { expect_section("units", halfulp::to_markdown(halfulp::unit_table())); }

TEST(Readme, KernelsAreCurrent) {
    expect_section("kernels", halfulp::to_markdown(halfulp::gpu::kernel_table()), "docs/gpu-kernels.md");
}

TEST(Readme, DifferencesOfRequantisationsAreCurrent) {
    expect_section("requantisations", halfulp::to_markdown(halfulp::quantize::requantisation_table()),
                   "docs/quantisation.md");
}

TEST(Readme, ExampleIsCompiled) {
    expect_section("example", "```cpp\n" + read("docs/examples/rounding.cpp") + "```\n");
}

TEST(Readme, ExampleOfThePropertyKitIsCompiled) {
    expect_section("property_kit", "```cpp\n" + read("docs/examples/property_kit.cpp") + "```\n",
                   "docs/property-kit.md");
}

TEST(Readme, ExampleOfBitsMatchIsCompiled) {
    expect_section("bits_match", "```cpp\n" + read("docs/examples/bits_match.cpp") + "```\n", "docs/explain.md");
}

TEST(Readme, ExampleOfTheDiscriminatingSetIsCompiled) {
    expect_section("traps", "```cpp\n" + read("docs/examples/traps.cpp") + "```\n", "docs/property-kit.md");
}

TEST(Readme, ExampleOfQuantisationIsCompiled) {
    expect_section("quantisation", "```cpp\n" + read("docs/examples/quantisation.cpp") + "```\n",
                   "docs/quantisation.md");
}

}  // namespace
