// Claim: the tables of the README and of docs/ are those of the code, and its example and that of docs/ are compiled and run.
// Oracle: the tables' functions and docs/examples. With HALFULP_UPDATE_README set, the README is rewritten instead.
#include <gtest/gtest.h>

#include <halfulp/gpu/kernel/kernel_table.hpp>
#include <halfulp/lib/matrix_unit/unit_table.hpp>
#include <halfulp/lib/quantize/requantise_table.hpp>
#include <halfulp/lib/report/format_table.hpp>

#include "support/sections.hpp"

namespace {

using halfulp::test::expect_section;
using halfulp::test::source;

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
    expect_section("example", "```cpp\n" + source("docs/examples/rounding.cpp") + "```\n");
}

TEST(Readme, ExampleOfThePropertyKitIsCompiled) {
    expect_section("property_kit", "```cpp\n" + source("docs/examples/property_kit.cpp") + "```\n",
                   "docs/property-kit.md");
}

TEST(Readme, ExampleOfBitsMatchIsCompiled) {
    expect_section("bits_match", "```cpp\n" + source("docs/examples/bits_match.cpp") + "```\n", "docs/explain.md");
}

TEST(Readme, ExampleOfTheDiscriminatingSetIsCompiled) {
    expect_section("traps", "```cpp\n" + source("docs/examples/traps.cpp") + "```\n", "docs/property-kit.md");
}

TEST(Readme, ExampleOfTheEcosystemIsCompiled) {
    expect_section("ecosystem", "```cpp\n" + source("docs/examples/ecosystem.cpp") + "```\n",
                   "docs/using-the-library.md");
}

TEST(Readme, ExampleOfQuantisationIsCompiled) {
    expect_section("quantisation", "```cpp\n" + source("docs/examples/quantisation.cpp") + "```\n",
                   "docs/quantisation.md");
}

}  // namespace
