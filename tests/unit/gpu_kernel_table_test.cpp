// Claim: the table of kernels says of each what its PTX says: name, target, types of parameters, and which instruction
// does what the row promises; and no kernel leaves a rounding to the compiler or an order to chance.
// Oracle: the committed PTX, read by searches for words. Shared with the table: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include <halfulp/gpu/kernel/ptx_text.hpp>
#include <halfulp/gpu/kernel/table.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/ptx_entries.hpp"
#include "support/sections.hpp"

namespace {

using namespace halfulp;
using namespace halfulp::gpu;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::map<std::string, PtxEntry> entries_of(std::string_view file) {
    std::map<std::string, PtxEntry> entries;
    for (PtxEntry& entry : ptx_entries(ptx_text(file))) entries.emplace(entry.name, std::move(entry));
    return entries;
}

PtxEntry entry_of(const Kernel& kernel) { return entries_of(kernel.file)[std::string(kernel.name)]; }

TEST(GpuKernelTable, TheLibraryCarriesTheCommittedFiles) {
    for (const PtxText& text : ptx_texts())
        EXPECT_EQ(text.text, test::source("gpu/kernel/ptx/" + std::string(text.file) + ".ptx")) << text.file;
}

std::string ptx_type(const Parameter& p) {
    if (p.pass != Pass::SizeValue && p.pass != Pass::Value) return "u64";
    return (p.element.integer ? "u" : "f") + std::to_string(p.element.width());
}

TEST(GpuKernelTable, EveryKernelIsARowAndEveryRowAKernel) {
    std::set<std::string> in_ptx, in_table;
    for (const PtxText& text : ptx_texts())
        for (const PtxEntry& entry : ptx_entries(text.text)) {
            EXPECT_TRUE(in_ptx.insert(entry.name).second) << entry.name << " twice";
            const Kernel* row = find_kernel(entry.name);
            ASSERT_NE(row, nullptr) << entry.name;
            EXPECT_EQ(row->file, text.file) << entry.name;
        }
    for (const Kernel& kernel : kernels())
        EXPECT_TRUE(in_table.insert(std::string(kernel.name)).second) << kernel.name << " twice";
    EXPECT_EQ(in_ptx, in_table);
}

TEST(GpuKernelTable, TargetsAndParametersAreThoseOfThePtx) {
    for (const Kernel& kernel : kernels()) {
        EXPECT_NE(ptx_text(kernel.file).find("\n.target sm_" + std::to_string(kernel.target) + "\n"), std::string::npos)
            << kernel.name;
        std::vector<std::string> types;
        for (const Parameter& p : kernel.parameters) types.push_back(ptx_type(p));
        EXPECT_EQ(entry_of(kernel).parameters, types) << kernel.name;
    }
}

std::vector<std::string> opcodes_that_start(const PtxEntry& entry, std::string_view start) {
    std::vector<std::string> found;
    for (const std::string& opcode : entry.opcodes)
        if (opcode.starts_with(start)) found.push_back(opcode);
    return found;
}

/// The GPU whose matrix unit has a row for the target.
std::string_view processor_of(int target) { return target >= 89 ? "Ada" : target >= 80 ? "A100" : "T4"; }

/// What a row's instruction is, if it names one.
std::string_view instruction_of(const Meaning& meaning) {
    return std::visit(
        [](const auto& m) -> std::string_view {
            if constexpr (requires { m.instruction; })
                return m.instruction;
            else if constexpr (requires { m.name; })
                return m.name;
            else
                return {};
        },
        meaning);
}

std::size_t product(int a, int b, int c) { return static_cast<std::size_t>(a * b * c); }

TEST(GpuKernelTable, MatrixInstructionsAreThoseOfTheRowAndHaveAUnit) {
    for (const Kernel& kernel : kernels()) {
        const std::string_view instruction = instruction_of(kernel.meaning);
        const auto found = opcodes_that_start(entry_of(kernel), "mma");
        if (instruction.empty()) {
            EXPECT_THAT(found, IsEmpty()) << kernel.name;
            continue;
        }
        EXPECT_THAT(found, testing::Each(std::string(instruction))) << kernel.name;
        ASSERT_FALSE(found.empty()) << kernel.name;
        const MmaInstruction unit = find_instruction(processor_of(kernel.target), instruction);
        if (std::holds_alternative<OneInstruction>(kernel.meaning)) {
            const Sizes two_tiles{.m = 2};
            EXPECT_EQ(kernel.parameters[0].elements(two_tiles), product(2, unit.m, unit.k)) << kernel.name;
            EXPECT_EQ(kernel.parameters[1].elements(two_tiles), product(2, unit.n, unit.k)) << kernel.name;
            EXPECT_EQ(kernel.parameters[3].elements(two_tiles), product(2, unit.m, unit.n)) << kernel.name;
            EXPECT_EQ(kernel.parameters[0].element, unit.spec->a) << kernel.name;
            EXPECT_EQ(kernel.parameters[1].element, unit.spec->b) << kernel.name;
            EXPECT_THAT(found, SizeIs(1)) << kernel.name;
        }
    }
}

/// cvt with the modifiers that a row promises, but for the number of elements.
std::string conversion_of(const Conversion& c) {
    static const std::map<Rounding, std::string> roundings = {{Rounding::NearestEven, ".rn"},
                                                              {Rounding::NearestAway, ".rna"},
                                                              {Rounding::TowardZero, ".rz"},
                                                              {Rounding::Down, ".rm"},
                                                              {Rounding::Up, ".rp"}};
    const auto name = [](const Format& f) -> std::string {
        if (f == binary32) return "f32";
        return f == binary16 ? "f16" : std::string(short_name(f));
    };
    const bool exact = c.from == binary16 && c.to == binary32;
    // PTX ISA, cvt: {.relu}{.satfinite}, and of formats of 8 bits .satfinite{.relu}; ptxas takes either for both.
    const std::string satfinite = c.overflow == Overflow::Saturate ? ".satfinite" : "", relu = c.relu ? ".relu" : "";
    return "cvt" + (exact ? "" : roundings.at(c.rounding)) + (c.to.width == 8 ? satfinite + relu : relu + satfinite) +
           "." + name(c.to) + "." + name(c.from);
}

TEST(GpuKernelTable, ConversionsHaveTheModifiersOfTheRow) {
    for (const Kernel& kernel : kernels()) {
        const auto* const conversion = std::get_if<Conversion>(&kernel.meaning);
        if (conversion == nullptr) continue;
        std::set<std::string> found;
        for (const std::string& opcode : opcodes_that_start(entry_of(kernel), "cvt"))
            if (opcode.find("to.") == std::string::npos && opcode.find(".u") == std::string::npos)
                found.insert(std::regex_replace(opcode, std::regex("x2"), ""));
        EXPECT_THAT(found, ElementsAre(conversion_of(*conversion))) << kernel.name;
    }
}

TEST(GpuKernelTable, ArithmeticIsThatOfTheRow) {
    for (const Kernel& kernel : kernels()) {
        const auto* const arithmetic = std::get_if<Arithmetic>(&kernel.meaning);
        if (arithmetic == nullptr) continue;
        const bool by_fma = kernel.file == "arithmetic_bf16" && arithmetic->operation != Operation::Div;
        const std::string start = by_fma ? "fma" : std::string(name_of(arithmetic->operation));
        EXPECT_THAT(opcodes_that_start(entry_of(kernel), start + ".rn."), SizeIs(1)) << kernel.name;
    }
}

TEST(GpuKernelTable, NothingIsLeftToTheCompilerOrToChance) {
    const std::regex unrounded(R"((add|sub|mul|fma|mad|div|sqrt|rcp)\.(b?f16|f32|f64|ftz|sat|approx|full).*)"),
        loose(R"(.*\.(approx|ftz|full)(\..*)?)"), chance(R"((atom|red)\..*\.(b?f16|f32|f64)(x2)?)"),
        call(R"(call.*|ld\.local.*|st\.local.*)");
    for (const Kernel& kernel : kernels())
        for (const std::string& opcode : entry_of(kernel).opcodes)
            for (const std::regex* refused : {&unrounded, &loose, &chance, &call})
                EXPECT_FALSE(std::regex_match(opcode, *refused)) << kernel.name << ": " << opcode;
    for (const char* planted : {"add.f32", "mul.ftz.f32", "fma.rn.ftz.f32", "ex2.approx.f32", "atom.global.add.f32"})
        EXPECT_TRUE(std::regex_match(planted, unrounded) || std::regex_match(planted, loose) ||
                    std::regex_match(planted, chance))
            << planted;
}

TEST(GpuKernelTable, LaunchesCoverTheirElements) {
    const Sizes sizes{.m = 65, .n = 257, .k = 17};
    EXPECT_EQ(blocks_of({Grid::One, 32}, sizes), (Blocks{1, 1}));
    EXPECT_EQ(blocks_of({Grid::PerElement, 256}, sizes), (Blocks{2, 1}));
    EXPECT_EQ(blocks_of({Grid::PerPair, 128}, sizes), (Blocks{2, 1}));
    EXPECT_EQ(blocks_of({Grid::PerRow, 32}, sizes), (Blocks{65, 1}));
    EXPECT_EQ(blocks_of({Grid::WarpPerRow, 128}, sizes), (Blocks{17, 1}));
    EXPECT_EQ(blocks_of({Grid::PerNumber, 128}, sizes), (Blocks{3, 65}));
    EXPECT_EQ(blocks_of({Grid::PerTile, 128}, sizes), (Blocks{5, 2}));
    EXPECT_EQ(find_kernel("gemm_f16_f32")->parameters[0].elements(sizes), 65U * 32U);
    EXPECT_EQ(find_kernel("eliminate_f16")->parameters[1].elements(sizes), 9U * 257U);
    EXPECT_EQ(find_kernel("nothing"), nullptr);
    EXPECT_EQ(ptx_text("nothing"), "");
}

// 1 is 0x3F800000 in binary32, and 0x1FC00 in the 19 bits of tf32.
TEST(GpuKernelTable, Tf32IsHeldInTheUpperBitsOfAWord) {
    EXPECT_EQ(to_memory(tf32, 0x1FC00), 0x3F800000U);
    EXPECT_EQ(from_memory(tf32, 0x3F800000), 0x1FC00U);
    EXPECT_EQ(to_memory(e4m3fn, 0x7E), 0x7EU);
}

}  // namespace
