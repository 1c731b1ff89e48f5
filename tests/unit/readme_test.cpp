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

TEST(Readme, FormatsAreCurrent) {
    expect_section("formats", halfulp::to_markdown(halfulp::format_table()), "docs/concepts.md");
}

TEST(Readme, UnitsAreCurrent) {
    expect_section("units", halfulp::to_markdown(halfulp::unit_table()), "docs/matrix-units.md");
}

TEST(Readme, KernelsAreCurrent) {
    expect_section("kernels", halfulp::to_markdown(halfulp::gpu::kernel_table()), "docs/gpu-kernels.md");
}

TEST(Readme, DifferencesOfRequantisationsAreCurrent) {
    expect_section("requantisations", halfulp::to_markdown(halfulp::quantize::requantisation_table()),
                   "docs/quantisation.md");
}

/// An example of docs/examples, shown on a page between marks of its name.
struct Example {
    const char* name;
    const char* page;
};

TEST(Readme, ExamplesAreThoseThatAreBuilt) {
    for (const auto& [name, page] :
         {Example{"rounding", "README.md"}, Example{"property_kit", "docs/test-a-conversion.md"},
          Example{"traps", "docs/test-a-conversion.md"}, Example{"all_codes", "docs/test-a-conversion.md"},
          Example{"bits_match", "docs/explain.md"}, Example{"predict", "docs/validate-a-gemm.md"},
          Example{"ecosystem", "docs/using-the-library.md"}, Example{"quantisation", "docs/quantisation.md"},
          Example{"training", "docs/training.md"}})
        expect_section(name, "```cpp\n" + source(std::string("docs/examples/") + name + ".cpp") + "```\n", page);
}

}  // namespace
