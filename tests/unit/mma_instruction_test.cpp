// Claim: instructions are found by the names that compilers print, and a tile is the dot product of each row and column.
// Oracle: names and shapes as PTX ISA and AMD's ISA guides print them; integer matrix products. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/row_instructions.hpp"

namespace halfulp {
namespace {

using testing::HasSubstr;
using Codes = std::vector<std::uint64_t>;

struct Known {
    const char *processor, *name, *unit;
    int m, n, k;
};

const std::vector<Known> known = {
    {"V100", "mma.sync.aligned.m8n8k4.row.col.f32.f16.f16.f32", "V100 mma.sync fp16->fp32", 8, 8, 4},
    {"V100", "mma.sync.aligned.m8n8k4.col.row.f16.f16.f16.f16", "V100 mma.sync fp16->fp16", 8, 8, 4},
    {"V100", "wmma.mma.sync.aligned.row.row.m32n8k16.f32.f32", "V100 wmma fp16->fp32", 32, 8, 16},
    {"sm_75", "mma.sync.aligned.m8n8k16.row.col.satfinite.s32.u8.s8.s32", "T4 mma.sync.satfinite u8*s8->s32", 8, 8, 16},
    {"A100", "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32", "A100 mma.sync fp16->fp32", 16, 8, 16},
    {"Orin", "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", "A100 mma.sync tf32->fp32", 16, 8, 8},
    {"A100", "mma.sync.aligned.m16n8k64.row.col.s32.s4.u4.s32", "A100 mma.sync s4*u4->s32", 16, 8, 64},
    {"A100", "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64", "A100 mma.sync fp64->fp64", 8, 8, 4},
    {"Ada", "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e5m2.f32", "Ada mma.sync e4m3*e5m2->fp32", 16, 8, 32},
    {"H200", "wgmma.mma_async.sync.aligned.m64n8k16.f32.bf16.bf16", "H100 wgmma bf16->fp32", 64, 8, 16},
    {"H100", "wgmma.mma_async.sync.aligned.m64n256k32.f16.e5m2.e4m3", "H100 wgmma e5m2*e4m3->fp16", 64, 256, 32},
    {"H100", "wgmma.mma_async.sync.aligned.m64n24k32.s32.s8.s8", "H100 wgmma s8->s32", 64, 24, 32},
    {"B200", "tcgen05.mma.cta_group::1.kind::f8f6f4.m128n64k32.f32.e3m2.e2m1", "B200 tcgen05 e3m2*e2m1->fp32", 128, 64,
     32},
    {"sm_120", "mma.sync.aligned.kind::mxf4nvf4.block_scale.scale_vec::4X.m16n8k64.row.col.f32.e2m1.e2m1.f32.ue4m3",
     "RTX5090 mma.sync.mxf4nvf4.4X.ue4m3 e2m1->fp32", 16, 8, 64},
    {"gfx908", "v_mfma_f32_16x16x16f16", "MI100 mfma fp16->fp32", 16, 16, 16},
    {"MI300X", "v_mfma_f32_16x16x16_f16", "MI300X mfma fp16->fp32", 16, 16, 16},
    {"MI300X", "v_mfma_f32_32x32x16_fp8_bf8", "MI300X mfma e4m3fnuz*e5m2fnuz->fp32", 32, 32, 16},
    {"MI100", "v_mfma_f32_4x4x1f32", "MI100 mfma fp32->fp32", 4, 4, 1},
    {"gfx90a", "v_mfma_f32_16x16x4bf16_1k", "MI250X mfma_1k bf16->fp32", 16, 16, 4},
    {"MI250", "v_mfma_i32_32x32x8i8", "MI250X mfma s8->s32", 32, 32, 8},
    {"gfx942", "v_mfma_f32_4x4x4_16b_bf16", "MI300X mfma bf16->fp32", 4, 4, 4},
    {"MI300A", "v_mfma_i32_16x16x32_i8", "MI300X mfma s8->s32", 16, 16, 32},
    {"x86", "TDPBF16PS", "x86 TDPBF16PS bf16->fp32", 16, 16, 32},
    {"Arm", "BFMMLA", "Arm BFMMLA bf16->fp32", 2, 2, 4},
    {"Arm", "BFMLALT", "Arm BFMLALT bf16->fp32", 1, 4, 1},
};

TEST(MmaInstruction, IsFoundByItsName) {
    for (const Known& x : known) {
        const MmaInstruction found = find_instruction(x.processor, x.name);
        EXPECT_EQ(found.spec, &mma_unit(x.unit)) << x.name;
        EXPECT_EQ((std::vector{found.m, found.n, found.k}), (std::vector{x.m, x.n, x.k})) << x.name;
    }
}

/// m16n8k16 of PTX, 16x16x16 of AMD.
TEST(MmaInstruction, NamesTellTheShape) {
    const std::regex shape("m([0-9]+)n([0-9]+)k([0-9]+)|_([0-9]+)x([0-9]+)x([0-9]+)");
    int seen = 0;
    for (const MmaSpec& spec : mma_specs())
        for (const MmaInstruction& instruction : test::instructions_of(spec)) {
            std::smatch found;
            if (!std::regex_search(instruction.name, found, shape)) continue;
            ++seen;
            const auto number = [&](std::size_t i) { return found[found[1].matched ? i : i + 3].str(); };
            EXPECT_EQ(number(1) + "," + number(2) + "," + number(3), std::to_string(instruction.m) + "," +
                                                                         std::to_string(instruction.n) + "," +
                                                                         std::to_string(instruction.k))
                << instruction.name;
        }
    EXPECT_GE(seen, 300);
}

TEST(MmaInstruction, UnknownNamesAreAnsweredWithThePatterns) {
    const auto message = [](const char* processor, const char* name) -> std::string {
        try {
            find_instruction(processor, name);
        } catch (const InputError& error) {
            return error.what();
        }
        return "found";
    };
    EXPECT_THAT(message("V100", "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32"),
                HasSubstr("expected one of V100: mma.sync.aligned.m8n8k4.row.col.{d}.{a}.{b}.{d}"));
    EXPECT_THAT(message("V101", "x"), HasSubstr("processor \"V101\": expected one of V100, T4, A100 (also A2"));
    for (const char* n : {"m64n4k16", "m64n264k16", "m64n08k16", "m64nk16", "m64n8xk16", "m64n0k16"})
        EXPECT_THAT(message("H100", ("wgmma.mma_async.sync.aligned." + std::string(n) + ".f32.f16.f16").c_str()),
                    HasSubstr("expected one of H100"))
            << n;
    EXPECT_THAT(message("H100", "wgmma.mma_async.sync.aligned.m64n40k32.s32.s8.s8"), HasSubstr("expected one of H100"));
    EXPECT_THAT(message("A100", "wmma.mma.sync.aligned.row.col.m16n16k16.s32.s8.u8.s32"), HasSubstr("expected one of"));
}

// Each row of the table is reached by an instruction, and each pattern reaches a row, on each of its processors.
TEST(MmaInstruction, PatternsAndUnitsMeet) {
    std::set<std::pair<std::string_view, std::string>> idle;
    for (const Processor& processor : processors)
        for (const std::string& pattern : instruction_patterns(processor.name)) idle.emplace(processor.name, pattern);
    for (const MmaSpec& spec : mma_specs()) {
        EXPECT_FALSE(test::instructions_of(spec).empty()) << name_of(spec);
        for (const std::string& pattern : instruction_patterns(spec.processor)) {
            try {
                find_instruction(spec.processor, test::with_elements(pattern, spec));
                idle.erase({spec.processor, pattern});
            } catch (const InputError&) {
            }
        }
    }
    for (const auto& [processor, pattern] : idle) ADD_FAILURE() << processor << " " << pattern;
}

TEST(MmaUnit, NamesAreUniqueAndFound) {
    std::set<std::string> names;
    for (const MmaSpec& spec : mma_specs())
        for (const std::string_view word : split_words(spec.instruction)) {
            const std::string name = std::string(spec.processor) + " " + std::string(word) + " " + formats_of(spec);
            EXPECT_TRUE(names.insert(name).second) << name;
            EXPECT_EQ(&mma_unit(name), &spec);
        }
}

TEST(MmaUnit, UnknownOnesAreAnsweredWithTheList) {
    const auto message = [](std::string_view name) -> std::string {
        try {
            mma_unit(name);
        } catch (const InputError& error) {
            return error.what();
        }
        return "found";
    };
    EXPECT_THAT(message("K80 mma.sync fp16->fp32"), HasSubstr("a processor being one of V100, T4, "));
    EXPECT_THAT(message(""), HasSubstr("expected PROCESSOR INSTRUCTION FORMATS"));
    EXPECT_THAT(message("V100 mma.sync bf16->fp32"),
                HasSubstr("expected one of V100: mma.sync wmma: fp16->fp32, fp16->fp16"));
}

// Small integers, which every format has and every sum keeps: the product is that of integer matrices.
TEST(MmaTile, IsTheMatrixProduct) {
    const MmaInstruction instruction = find_instruction("A100", "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32");
    const auto element = [](int i, int j) { return (3 * i + 5 * j) % 7 - 3; };
    Codes a, b, c, expected;
    for (int i = 0; i < 16; ++i)
        for (int k = 0; k < 8; ++k) a.push_back(from_integer(binary16, element(i, k)).code);
    for (int k = 0; k < 8; ++k)
        for (int j = 0; j < 8; ++j) b.push_back(from_integer(binary16, element(k, j + 1)).code);
    for (int i = 0; i < 16; ++i)
        for (int j = 0; j < 8; ++j) {
            int sum = 10 * i - j;
            c.push_back(from_integer(binary32, sum).code);
            for (int k = 0; k < 8; ++k) sum += element(i, k) * element(k, j + 1);
            expected.push_back(from_integer(binary32, sum).code);
        }
    EXPECT_EQ(mma_tile(instruction, {.a = a, .b = b, .c = c}), expected);
}

Codes matrix(std::size_t rows, std::size_t columns, std::uint64_t code = 0) { return Codes(rows * columns, code); }

// 1 x 1 scaled by 2^i of A's row i and by 2^(j + 4) of B's column j, in the one block that has an element.
TEST(MmaTile, TakesTheScalesOfRowAndColumn) {
    const MmaInstruction instruction = find_instruction(
        "sm_120", "mma.sync.aligned.kind::mxf4.block_scale.scale_vec::2X.m16n8k64.row.col.f32.e2m1.e2m1.f32.ue8m0");
    Codes a = matrix(16, 64), b = matrix(64, 8, 2), a_scales = matrix(16, 2), b_scales = matrix(2, 8);
    const Codes c = matrix(16, 8);
    for (std::size_t i = 0; i < 16; ++i) a[i * 64 + 33] = 2, a_scales[2 * i + 1] = 127 + i, a_scales[2 * i] = 0;
    for (std::size_t j = 0; j < 8; ++j) b_scales[8 + j] = 131 + j, b_scales[j] = 254;
    const Codes d = mma_tile(instruction, {a, b, c, a_scales, b_scales});
    for (std::size_t i = 0; i < 16; ++i)
        for (std::size_t j = 0; j < 8; ++j) EXPECT_EQ(d[i * 8 + j], (127 + i + j + 4) << 23);
}

TEST(MmaTile, RefusesWhatTheInstructionDoesNotTake) {
    const MmaInstruction instruction = find_instruction("A100", "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32");
    const Codes a = matrix(16, 8), longer = matrix(16, 16), b = matrix(8, 8), c = matrix(16, 8), one(1);
    const auto message = [&](const MmaTile& tile) -> std::string {
        try {
            mma_tile(instruction, tile);
        } catch (const InputError& error) {
            return error.what();
        }
        return "taken";
    };
    const std::string name = instruction.name;
    EXPECT_EQ(message({longer, b, c}), name + ": a: expected 16 x 8 codes (m 16, n 8, k 8), found 256");
    EXPECT_EQ(message({a, longer, c}), name + ": b: expected 8 x 8 codes (m 16, n 8, k 8), found 256");
    EXPECT_EQ(message({a, b, longer}), name + ": c: expected 16 x 8 codes (m 16, n 8, k 8), found 256");
    EXPECT_EQ(message({a, b, c, one}), name + ": a_scales: expected 16 x 0 codes (m 16, n 8, k 8), found 1");
    EXPECT_EQ(message({a, b, c, {}, one}), name + ": b_scales: expected 0 x 8 codes (m 16, n 8, k 8), found 1");
    EXPECT_EQ(message({a, b, c}), "taken");
}

}  // namespace
}  // namespace halfulp
