// Claim: `halfulp ptx run` takes as arguments of a kernel what C++ would pass: every type of NumPy's files, numbers, structs;
// and none of another type than its parameter's.
// Oracle: results by hand, layouts of structs by C++'s rules, files byte by byte as numpy.lib.format has them. Shared: the reader
// of .npy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "support/folder.hpp"
#include "support/ptx_program.hpp"

namespace {

using halfulp::test::content;
using halfulp::test::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;
using PtxArguments = halfulp::test::PtxProgram;

/// A file of three elements, as NumPy writes it.
std::string npy(const std::string& descr, const std::string& elements) {
    std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (3,), }";
    header.resize(117, ' ');
    return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n" + elements;
}

/// y[t] = x[t], and x[2] = x[0], of `bits` an element, whatever they stand for.
std::string copying(int bits) {
    std::string text = R"(.version 9.0
.target sm_80
.address_size 64
.entry copy(.param .u64 x, .param .u64 y)
{ .reg .b64 %q<5>; .reg .b32 %r; .reg .bBITS %v;
ld.param.u64 %q0, [x]; ld.param.u64 %q1, [y]; mov.u32 %r, %tid.x; mul.wide.u32 %q2, %r, BYTES;
add.u64 %q3, %q0, %q2; add.u64 %q4, %q1, %q2; ld.global.bBITS %v, [%q3]; st.global.bBITS [%q4], %v; ret; }
.entry spread(.param .u64 x)
{ .reg .b64 %q; .reg .bBITS %v;
ld.param.u64 %q, [x]; ld.global.bBITS %v, [%q]; st.global.bBITS [%q+TWICE], %v; ret; }
)";
    const std::pair<const char*, int> places[] = {{"BITS", bits}, {"BYTES", bits / 8}, {"TWICE", bits / 4}};
    for (const auto& [place, number] : places)
        for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place))
            text.replace(at, std::string(place).size(), std::to_string(number));
    return text;
}

struct Dtype {
    const char* descr;  ///< as .npy has it
    const char* name;   ///< as --arg has it
    int bits;
};

// Every element that NumPy writes and memory of a GPU holds, with all bytes different.
TEST_F(PtxArguments, TakesEveryDtype) {
    for (const Dtype& dtype :
         {Dtype{"|i1", "s8", 8}, Dtype{"<i2", "s16", 16}, Dtype{"<i4", "s32", 32}, Dtype{"<i8", "s64", 64},
          Dtype{"|u1", "u8", 8}, Dtype{"<u2", "u16", 16}, Dtype{"<u4", "u32", 32}, Dtype{"<u8", "u64", 64},
          Dtype{"<f2", "f16", 16}, Dtype{"<f4", "f32", 32}, Dtype{"<f8", "f64", 64}}) {
        SCOPED_TRACE(dtype.descr);
        const std::size_t bytes = static_cast<std::size_t>(dtype.bits) / 8;
        const std::string all = std::string("\x12\x34\x56\x78\x9A\xBC\xDE\xF1\x23\x45\x67\x89")
                                    .append("\xAB\xCD\xEF\xF2\xC3\xD4\xE5\xF6\x87\x98\xA9\xBA");
        const std::string elements = all.substr(all.size() - 3 * bytes);
        std::ofstream(x, std::ios::binary) << npy(dtype.descr, elements);
        std::ofstream(ptx) << copying(dtype.bits);
        const std::string command = "ptx run " + ptx + " --kernel ";
        const Outcome copy =
            halfulp::test::halfulp(command + "copy --block 3 --arg in:" + x + " --arg out:" + dtype.name + ":3:" + y);
        EXPECT_EQ(copy.status, 0) << copy.output;
        EXPECT_EQ(content(y), npy(dtype.descr, elements));
        const Outcome spread = halfulp::test::halfulp(command + "spread --block 1 --arg inout:" + x + ":" + y);
        EXPECT_EQ(spread.status, 0) << spread.output;
        EXPECT_EQ(content(y), npy(dtype.descr, elements.substr(0, 2 * bytes) + elements.substr(0, bytes)));
    }
}

TEST_F(PtxArguments, RefusesBooleans) {
    std::ofstream(x, std::ios::binary) << npy("|b1", std::string("\x01\x00\x01", 3));
    EXPECT_THAT(run("1", "").output, HasSubstr("found \"|b1\""));
    EXPECT_EQ(run("1", "").status, 2);
}

// struct { u8 a; f32 b; struct { u16 c; const u32* d; u8 e; } s; u8 f; }: 1, 3 of padding, 4; s has 2, 6 of padding, 8,
// 1, 7 of padding; 1, 7 of padding. The kernel copies members, and the first word that d points to.
TEST_F(PtxArguments, TakesStructs) {
    std::ofstream(ptx) << R"(.version 9.0
.target sm_80
.address_size 64
.entry members(.param .align 8 .b8 p[40], .param .u64 y)
{ .reg .b64 %q<3>; .reg .b32 %r<9>; .reg .b16 %v<9>;
ld.param.u64 %q0, [y]; ld.param.u8 %v0, [p]; ld.param.b32 %r0, [p+4]; ld.param.u16 %v1, [p+8];
ld.param.u64 %q1, [p+16]; ld.param.u8 %v2, [p+24]; ld.param.u8 %v3, [p+32];
cvt.u32.u16 %r1, %v0; cvt.u32.u16 %r2, %v1; cvt.u32.u16 %r3, %v2; cvt.u32.u16 %r4, %v3; ld.global.b32 %r5, [%q1];
st.global.b32 [%q0], %r1; st.global.b32 [%q0+4], %r0; st.global.b32 [%q0+8], %r2; st.global.b32 [%q0+12], %r5;
st.global.b32 [%q0+16], %r3; st.global.b32 [%q0+20], %r4; ret; }
.entry bytes(.param .align 1 .b8 p[5], .param .u64 y)
{ .reg .b64 %q; .reg .b32 %r<5>; ld.param.u64 %q, [y];
ld.param.u8 %r0, [p]; ld.param.u8 %r1, [p+1]; ld.param.u8 %r2, [p+4];
st.global.u32 [%q], %r0; st.global.u32 [%q+4], %r1; st.global.u32 [%q+8], %r2; ret; }
.entry writes(.param .align 8 .b8 p[8]) { .reg .b64 %q; .reg .b32 %r;
ld.param.u64 %q, [p]; mov.b32 %r, 5; st.global.u32 [%q], %r; ret; }
)";
    const std::string command = "ptx run " + ptx + " --block 1 --kernel ";
    const Outcome members =
        halfulp::test::halfulp(command + "members --arg 'struct:(u8:17,f32:-2,struct:(u16:300,in:" + x +
                               ",u8:18),bytes:F3)' --arg out:u32:6:" + y);
    EXPECT_EQ(members.status, 0) << members.output;
    EXPECT_THAT(halfulp::read_tensor(y).codes, ElementsAre(17, 0xC0000000, 300, 0x3F800000, 18, 0xF3));
    const Outcome bytes = halfulp::test::halfulp(command + "bytes --arg bytes:01aB0000fe --arg out:u32:3:" + y);
    EXPECT_EQ(bytes.status, 0) << bytes.output;
    EXPECT_THAT(halfulp::read_tensor(y).codes, ElementsAre(0x01, 0xAB, 0xFE));
    const Outcome writes = halfulp::test::halfulp(command + "writes --arg 'struct:(out:u32:1:" + y + ")'");
    EXPECT_THAT(writes.output, HasSubstr("written: " + y));
    EXPECT_THAT(halfulp::read_tensor(y).codes, ElementsAre(5));
    EXPECT_THAT(halfulp::test::halfulp(command + "writes --arg 'struct:(out:u32:2:" + y + ")'").output,
                HasSubstr("argument 0, struct:(out:u32:2:" + y + "), member 0, element (1,): nobody has written it"));
    EXPECT_THAT(halfulp::test::halfulp(command + "bytes --arg bytes:00000000 --arg out:u32:3:" + y).output,
                HasSubstr("argument 0, p, is .b8[5]: expected 5 bytes, found bytes:00000000"));
}

TEST_F(PtxArguments, RefusesWhatIsNoStruct) {
    for (const std::string list :
         {"", "u8:1", "(u8:1", "(u8:1)u8:2", "(u8:1)(u8:2)", "(u8:1))", "u8:1)", ")(", "u(8:1)"}) {
        const Outcome outcome =
            halfulp::test::halfulp("ptx run " + ptx + " --kernel scale --arg 'struct:" + list + "'");
        EXPECT_EQ(outcome.status, 2);
        EXPECT_THAT(outcome.output, HasSubstr("--arg: expected struct:(ARGUMENT,...), found \"struct:" + list + "\""));
    }
    for (const std::string list : {"()", "(u8:1,)", "(,u8:1)"})
        EXPECT_THAT(halfulp::test::halfulp("ptx run " + ptx + " --kernel scale --arg 'struct:" + list + "'").output,
                    HasSubstr("--arg: expected TYPE:NUMBER, in:FILE.npy"));
    for (const std::string digits : {"", "0", "0x12", "0g"})
        EXPECT_THAT(halfulp::test::halfulp("ptx run " + ptx + " --kernel scale --arg bytes:" + digits).output,
                    HasSubstr("--arg: expected bytes of two hexadecimal digits each, found \"" + digits + "\""));
}

TEST_F(PtxArguments, LimitsHowDeepStructsAre) {
    std::ofstream(ptx) << ".version 9.0\n.target sm_80\n.address_size 64\n.entry k(.param .u32 n) { ret; }\n";
    const auto nested = [&](std::size_t depth) {
        std::string argument;
        for (std::size_t i = 0; i < depth; ++i) argument += "struct:(";
        return halfulp::test::halfulp("ptx run " + ptx + " --kernel k --arg '" + argument + "u32:7" +
                                      std::string(depth, ')') + "'");
    };
    EXPECT_EQ(nested(16).status, 0) << nested(16).output;
    for (const std::size_t depth : {std::size_t{17}, std::size_t{12000}}) {  // Linux takes arguments of at most 128 KiB
        EXPECT_EQ(nested(depth).status, 2);
        EXPECT_THAT(nested(depth).output, HasSubstr("--arg: expected at most 16 structs within each other, found \""));
    }
}

struct Typed {
    const char* parameter;
    std::vector<const char*> fit, misfit;
};

// A kernel that does nothing with its one parameter.
TEST_F(PtxArguments, ComparesTypes) {
    const std::string array = "in:" + x;
    const std::vector<Typed> rows = {
        {".u32 p", {"u32:1", "s32:-1", "b32:1"}, {"f32:1", "tf32:1", "u16:1", "u64:1", "b64:1", array.c_str()}},
        {".s32 p", {"u32:1", "s32:-1", "b32:1"}, {"f32:1"}},
        {".b32 p", {"u32:1", "f32:1", "b32:1", "tf32:1"}, {"f64:1", array.c_str()}},
        {".f32 p", {"f32:1", "b32:1"}, {"u32:1", "s32:1", "f64:1", "tf32:1", "f16:1"}},
        {".f16x2 p", {"b32:1"}, {"f32:1", "u32:1"}},
        {".u64 p", {"u64:1", "s64:1", "b64:1", array.c_str()}, {"f64:0", "u32:0"}},
        {".s64 p", {"u64:1", "s64:1", "b64:1"}, {"f64:0", array.c_str()}},
        {".b64 p", {"u64:1", "f64:1", "b64:1", array.c_str()}, {"f32:0"}},
        {".f64 p", {"f64:1", "b64:1"}, {"u64:1", array.c_str()}},
        {".f16 p", {"f16:1", "b16:1"}, {"bf16:1", "u16:1"}},
        {".b16 p", {"f16:1", "bf16:1", "u16:1"}, {"u8:1"}},
        {".u8 p", {"u8:1", "s8:1", "b8:1"}, {"e4m3:1", "u16:1"}},
        {".align 2 .b8 p[2]", {"f16:1", "bf16:1", "u16:1"}, {"u8:1", "u32:1"}},
        {".align 8 .b8 p[8]",
         {"f64:1", "bytes:0123456789abcdef", "'struct:(u8:1,u32:1)'"},
         {array.c_str(), "f32:1", "bytes:01234567"}},
    };
    for (const auto& [parameter, fit, misfit] : rows) {
        std::ofstream(ptx) << ".version 9.0\n.target sm_80\n.address_size 64\n.entry none(.param .f32 a, .param "
                           << parameter << ")\n{ ret; }\n";
        const std::string command = "ptx run " + ptx + " --kernel none --arg f32:1 --arg ";
        for (const char* argument : fit) {
            const Outcome outcome = halfulp::test::halfulp(command + argument);
            EXPECT_EQ(outcome.status, 0) << parameter << " " << argument << ": " << outcome.output;
        }
        for (const char* argument : misfit) {
            const Outcome outcome = halfulp::test::halfulp(command + argument);
            EXPECT_EQ(outcome.status, 2) << parameter << " " << argument;
            EXPECT_THAT(outcome.output, HasSubstr("scale.ptx:4: kernel none: argument 1, p, is .")) << argument;
            EXPECT_THAT(outcome.output, HasSubstr(std::string(", found ") + argument + "\n"));
        }
    }
}

TEST_F(PtxArguments, SaysWhichTypesFit) {
    const std::string command = "ptx run " + ptx + " --kernel scale ";
    EXPECT_THAT(halfulp::test::halfulp(command + "--arg f64:0").output,
                HasSubstr("argument 0, x, is .u64: expected u64, s64 or b64, or in, out or inout, found f64:0"));
    EXPECT_THAT(halfulp::test::halfulp(command + "--arg in:" + x + " --arg in:" + x + " --arg f32:1").output,
                HasSubstr("argument 2, n, is .u32: expected u32, s32 or b32, found f32:1"));
}

}  // namespace
