// Claim: a cubin's kernels and their instructions are read, and counted by the names of nvdisasm; a file that is none,
// or that points outside itself, is an InputError that says where, and no bytes do harm.
// Oracle: a cubin written here from the ELF specification; words of instructions beside what nvdisasm 13.5 prints for
// them. Shared with the code: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include <halfulp/gpu/sass/census.hpp>
#include <halfulp/gpu/sass/cubin.hpp>
#include <halfulp/lib/io/binary_file.hpp>
#include <halfulp/lib/io/text_file.hpp>

namespace {

using namespace halfulp;
using namespace halfulp::gpu;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

struct Section {
    std::string name, contents;
    std::uint64_t type = 1;
};

constexpr std::uint64_t header = 64;

/// An ELF file of a machine: header, contents, then the table of sections, the last of which has the names.
std::string elf(std::vector<Section> sections, std::uint64_t machine = 190) {
    sections.push_back({".shstrtab", ""});
    for (const Section& s : sections) sections.back().contents += s.name + '\0';
    std::string body, table;
    std::uint64_t name = 0;
    for (const Section& s : sections) {
        table += little_endian(name, 4) + little_endian(s.type, 4) + std::string(16, '\0') +
                 little_endian(header + body.size(), 8) + little_endian(s.contents.size(), 8) + std::string(24, '\0');
        if (s.type != 8) body += s.contents;
        name += s.name.size() + 1;
    }
    std::string start =
        "\x7F"
        "ELF\x02\x01\x01";
    start.resize(18, '\0');
    start += little_endian(machine, 2);
    start.resize(0x28, '\0');
    start += little_endian(header + body.size(), 8);
    start.resize(0x3A, '\0');
    start += little_endian(64, 2) + little_endian(sections.size(), 2) + little_endian(sections.size() - 1, 2);
    return start + body + table;
}

std::string words(std::uint64_t low, std::uint64_t high) { return little_endian(low, 8) + little_endian(high, 8); }

std::string two_kernels() {
    return elf({{".text.first", words(0x123000000000723C, 0x1810) + words(0x7223, 0)},
                {".nv.info", "x"},
                {".text.second", words(0x7237, 0x405C10)},
                {".bss", std::string(1000, 'x'), 8}});
}

TEST(Cubin, KernelsAndTheirInstructionsAreRead) {
    const auto kernels = read_cubin(two_kernels(), "x.cubin");
    ASSERT_EQ(kernels.size(), 2U);
    EXPECT_EQ(kernels[0].name, "first");
    EXPECT_EQ(kernels[1].name, "second");
    EXPECT_EQ(kernels[0].code.at(0).low, 0x123000000000723CU);
    EXPECT_EQ(kernels[0].code.at(0).high, 0x1810U);
    EXPECT_THAT(census_of(kernels[0].code), ElementsAre(Pair("FFMA", 1), Pair("HMMA.16816.F32", 1)));
    EXPECT_THAT(census_of(kernels[1].code), ElementsAre(Pair("IMMA.16832.S8.S8", 1)));
}

TEST(Cubin, SectionsDoNotTakeMemoryManyTimesOver) {
    std::string bytes = elf({{".text.first", std::string(1600, '\0')}, {".text.second", std::string(16, '\0')}});
    const std::size_t table = little_endian(std::string_view(bytes).substr(0x28, 8)), place = 0x18, both = 16;
    bytes.replace(table + 64 + place, both, bytes, table + place, both);  // the second lies where the first does
    EXPECT_THAT([&] { read_cubin(bytes, "x.cubin"); },
                testing::ThrowsMessage<InputError>(
                    HasSubstr("sections of more than the file's " + std::to_string(bytes.size()) + " bytes")));
}

// Opcode, and the lower half of the higher word, of what ptxas 13.0 makes, and what nvdisasm 13.5 prints.
TEST(Cubin, InstructionsHaveTheNamesOfNvdisasm) {
    struct Row {
        std::uint64_t opcode, high;
        std::string_view name;
    };
    constexpr Row rows[] = {
        {0x23C, 0x00000002, "HMMA.1688.F16"},
        {0x23C, 0x0000100C, "HMMA.1688.F32"},
        {0x23C, 0x00000810, "HMMA.16816.F16"},
        {0x23C, 0x00001810, "HMMA.16816.F32"},
        {0x23C, 0x000018FF, "HMMA.16816.F32"},
        {0x23C, 0x0004100C, "HMMA.1688.F32.BF16"},
        {0x23C, 0x00041810, "HMMA.16816.F32.BF16"},
        {0x23C, 0x0008500C, "HMMA.1684.F32.TF32"},
        {0x23C, 0x00081010, "HMMA.1688.F32.TF32"},
        {0x237, 0x00005408, "IMMA.8816.S8.S8"},
        {0x237, 0x00000408, "IMMA.8816.U8.U8"},
        {0x237, 0x00045408, "IMMA.8816.S8.S8.SAT"},
        {0x237, 0x0040540C, "IMMA.16816.S8.S8"},
        {0x237, 0x00405C10, "IMMA.16832.S8.S8"},
        {0x237, 0x00445C10, "IMMA.16832.S8.S8.SAT"},
        {0x237, 0x00401C10, "IMMA.16832.S8.U8"},
        {0x237, 0x00404C10, "IMMA.16832.U8.S8"},
        {0x237, 0x00400C10, "IMMA.16832.U8.U8"},
        {0x27A, 0x00000C02, "QMMA.16832.F16.E4M3.E4M3"},
        {0x27A, 0x0000CC08, "QMMA.16832.F16.E5M2.E5M2"},
        {0x27A, 0x00002C10, "QMMA.16832.F32.E4M3.E4M3"},
        {0x27A, 0x0000AC10, "QMMA.16832.F32.E4M3.E5M2"},
        {0x27A, 0x00006C10, "QMMA.16832.F32.E5M2.E4M3"},
        {0x27A, 0x0000EC10, "QMMA.16832.F32.E5M2.E5M2"},
        {0x23F, 0x00000008, "DMMA.884"},
        {0x221, 0, "FADD"},
        {0x421, 0, "FADD"},
        {0x820, 0, "FMUL"},
        {0x223, 0, "FFMA"},
        {0xE23, 0, "FFMA"},
        {0x235, 0, ""},  // HFMA2
        {0x226, 0, ""},  // IDP
    };
    for (const Row& row : rows) EXPECT_EQ(counted_name({0xABC0000000U | row.opcode, row.high}), row.name) << row.name;
}

std::string message_of(const std::string& bytes) {
    try {
        read_cubin(bytes, "x.cubin");
    } catch (const InputError& error) {
        return error.what();
    }
    return "read";
}

/// A file with some bytes replaced.
std::string with(std::string bytes, std::size_t at, const std::string& others) {
    return bytes.replace(at, others.size(), others);
}

TEST(Cubin, WhatIsNoCubinIsNamed) {
    const std::string good = two_kernels();
    const std::size_t table = good.size() - std::size_t{5} * 64;
    EXPECT_EQ(message_of(good), "read");
    EXPECT_EQ(message_of(""), "x.cubin: byte 0: no ELF file of 64 bits");
    EXPECT_EQ(message_of(elf({}, 62)), "x.cubin: byte 18: an ELF file of another machine than CUDA");
    EXPECT_EQ(message_of(with(good, 0x3A, little_endian(40, 2))),
              "x.cubin: byte 58: sections of 40 bytes, expected 64");
    EXPECT_EQ(message_of(with(good, 0x3E, little_endian(9, 2))),
              "x.cubin: byte 62: section 9 has the names; there are 5");
    EXPECT_THAT(message_of(with(good, table, little_endian(999, 4))), HasSubstr("section 0 has no name"));
    EXPECT_THAT(message_of(with(good, table + 24, little_endian(~std::uint64_t{0}, 8))),
                HasSubstr("32 bytes expected"));
    EXPECT_THAT(message_of(with(good, table + 32, little_endian(~std::uint64_t{0}, 8))), HasSubstr("bytes expected"));
    EXPECT_THAT(message_of(with(good, table + 32, little_endian(31, 8))), HasSubstr("31 bytes, no multiple of 16"));
    EXPECT_THAT(message_of(with(good, 0x28, little_endian(~std::uint64_t{0} - 32, 8))), HasSubstr("bytes expected"));
}

TEST(Cubin, NoBytesDoHarm) {
    const std::string good = two_kernels();
    for (std::size_t size = 0; size < good.size(); ++size) EXPECT_NE(message_of(good.substr(0, size)), "read") << size;
    std::mt19937_64 random(13);
    int refused = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string bytes = good;
        for (std::uint64_t changes = random() % 4; changes <= 4; ++changes)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        refused += message_of(bytes) == "read" ? 0 : 1;
    }
    EXPECT_GT(refused, 5000);
    EXPECT_LT(refused, 20000);
}

TEST(Cubin, LoweringsAreNamed) {
    const auto sass = [](std::string_view instruction, int target) {
        const Lowering l = lowering_of(instruction, target);
        return std::to_string(l.count) + " " + l.sass + (l.additions == 0 ? "" : " + " + std::to_string(l.additions));
    };
    EXPECT_EQ(sass("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", 80), "1 HMMA.16816.F32.BF16");
    EXPECT_EQ(sass("mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e5m2.f32", 89), "1 QMMA.16832.F32.E4M3.E5M2");
    EXPECT_EQ(sass("mma.sync.aligned.m16n8k32.row.col.f16.e4m3.e4m3.f16", 90), "2 HMMA.16816.F16");
    EXPECT_EQ(sass("mma.sync.aligned.m16n8k32.row.col.f32.e5m2.e5m2.f32", 100), "2 HMMA.16816.F32 + 4");
    EXPECT_EQ(sass("mma.sync.aligned.m8n8k16.row.col.satfinite.s32.s8.s8.s32", 75), "1 IMMA.8816.S8.S8.SAT");
    EXPECT_EQ(sass("mma.sync.aligned.m8n8k16.row.col.s32.u8.u8.s32", 120), "1 IMMA.16816.U8.U8");
    EXPECT_EQ(lowering_of("ldmatrix.sync.aligned.m8n8.x4.shared.b16", 80).sass, "");
}

}  // namespace
