// Claim: `halfulp ptx` runs a kernel on .npy files and says what it may not do, with the exit statuses of every
// command.
// Oracle: results by hand, files byte by byte as numpy.lib.format has them. Shared: the reader of .npy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/program.hpp"

namespace {

namespace fs = std::filesystem;
using halfulp::test::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;

// y[i] = x[i] * a for i < n, without a rounding.
const char* const scale = R"(.version 9.0
.target sm_80
.address_size 64
.entry scale(.param .u64 x, .param .u64 y, .param .u32 n, .param .f32 a)
{ .reg .b64 %q<9>; .reg .b32 %r<9>; .reg .f32 %f<9>; .reg .pred %p;
ld.param.u64 %q0, [x]; ld.param.u64 %q1, [y]; ld.param.u32 %r0, [n]; ld.param.f32 %f0, [a];
mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x; mov.u32 %r3, %tid.x; mad.lo.u32 %r4, %r1, %r2, %r3;
setp.ge.u32 %p, %r4, %r0; @%p ret;
mul.wide.u32 %q2, %r4, 4; add.u64 %q3, %q0, %q2; add.u64 %q4, %q1, %q2;
ld.global.f32 %f1, [%q3];
mul.f32 %f2, %f1, %f0;
st.global.f32 [%q4], %f2; ret; }
)";

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

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

class PtxProgram : public testing::Test {
  protected:
    fs::path folder = fs::path(testing::TempDir()) /
                      ("ptx_program_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::string ptx = (folder / "scale.ptx").string(), x = (folder / "x.npy").string(), y = (folder / "y.npy").string();

    void SetUp() override {
        fs::remove_all(folder);
        fs::create_directories(folder);
        std::ofstream(ptx) << scale;
        halfulp::write_npy(x, {{3}, halfulp::binary32, {0x3F800000, 0x40000000, 0x40400000}});
    }
    void TearDown() override { fs::remove_all(folder); }

    Outcome run(const std::string& n, const std::string& more) const {
        return halfulp::test::halfulp("ptx run " + ptx + " --kernel scale --grid 1 --block 64 --arg in:" + x +
                                      " --arg out:f32:3:" + y + " --arg u32:" + n + " --arg f32:0x1p-1 " + more);
    }
};

TEST_F(PtxProgram, RunsOnFiles) {
    const Outcome outcome = run("3", "--unsuffixed rn");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.output, HasSubstr("scale as sm_90: 1 CTAs of 64 threads"));
    EXPECT_THAT(outcome.output, HasSubstr("scale.ptx:11: function scale: mul.f32: no rounding is stated"));
    EXPECT_THAT(outcome.output, HasSubstr("written: " + y));
    EXPECT_THAT(halfulp::read_tensor(y).codes, ElementsAre(0x3F000000, 0x3F800000, 0x3FC00000));
    EXPECT_EQ(halfulp::read_tensor(y).type, halfulp::ElementType(halfulp::binary32));
}

struct Dtype {
    const char* descr;  ///< as .npy has it
    const char* name;   ///< as --arg has it
    int bits;
};

// Every element that NumPy writes and memory of a GPU holds, with all bytes different.
TEST_F(PtxProgram, TakesEveryDtype) {
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
        EXPECT_EQ(content_of(y), npy(dtype.descr, elements));
        const Outcome spread = halfulp::test::halfulp(command + "spread --block 1 --arg inout:" + x + ":" + y);
        EXPECT_EQ(spread.status, 0) << spread.output;
        EXPECT_EQ(content_of(y), npy(dtype.descr, elements.substr(0, 2 * bytes) + elements.substr(0, bytes)));
    }
}

TEST_F(PtxProgram, RefusesBooleans) {
    std::ofstream(x, std::ios::binary) << npy("|b1", std::string("\x01\x00\x01", 3));
    EXPECT_THAT(run("1", "").output, HasSubstr("found \"|b1\""));
    EXPECT_EQ(run("1", "").status, 2);
}

TEST_F(PtxProgram, ReportsAsJson) {
    const Outcome outcome = run("3", "--unsuffixed rn --json --arch A100");
    ASSERT_EQ(outcome.status, 0);
    const auto report = nlohmann::json::parse(outcome.output);
    EXPECT_EQ(report["architecture"], "A100");
    EXPECT_EQ(report["statistics"]["by_opcode"]["mul.f32"], 1);
    EXPECT_EQ(report["assumptions"].size(), 1U);
    EXPECT_EQ(report["written"][0], y);
}

TEST_F(PtxProgram, RefusesWhatIsWrong) {
    EXPECT_EQ(run("3", "").status, 2);
    EXPECT_THAT(run("3", "").output, HasSubstr("scale.ptx:11: kernel scale: mul.f32: refused: no rounding is stated"));
    EXPECT_EQ(run("4", "--unsuffixed rn").status, 2);
    EXPECT_THAT(run("4", "--unsuffixed rn").output,
                HasSubstr("scale.ptx:10: kernel scale, CTA (0, 0, 0), thread (3, 0, 0): ld.global.f32: 4 bytes at"));
    EXPECT_FALSE(fs::exists(y));
    EXPECT_THAT(
        run("2", "--unsuffixed rn").output,
        HasSubstr("argument 1, out:f32:3:" + y +
                  ", element (2,): nobody has written it, or not all of it; inout: says what stands there before"));
    EXPECT_THAT(run("3", "--unsuffixed rn --arg u32:1").output, HasSubstr("expected 4 arguments, found 5"));
    EXPECT_THAT(run("-3", "").output, HasSubstr("--arg: expected an integer of 32 bits, found \"-3\""));
    EXPECT_THAT(run("3", "--arch sm_1").output, HasSubstr("architecture \"sm_1\""));
    EXPECT_THAT(run("3", "--arg what").output, HasSubstr("--arg: expected TYPE:NUMBER, in:FILE.npy"));
    EXPECT_THAT(run("3", "--arg out:f32:3y:z.npy").output, HasSubstr("--arg: expected a shape such as 16x8"));
    EXPECT_THAT(run("3", "--arg f99:3").output, HasSubstr("--arg: expected a type such as f32"));
    EXPECT_THAT(halfulp::test::halfulp("ptx run " + ptx + " --kernel scale --grid 1,2,3,4").output,
                HasSubstr("--grid: expected X or X,Y or X,Y,Z, found \"1,2,3,4\""));
    EXPECT_THAT(halfulp::test::halfulp("ptx run " + ptx + " --kernel other").output,
                HasSubstr("kernel \"other\": expected one of scale"));
}

TEST_F(PtxProgram, RefusesWhatIsTooLargeOrMissing) {
    const auto output = [&](const std::string& more) {
        const Outcome outcome = halfulp::test::halfulp("ptx run " + ptx + " --kernel scale " + more);
        EXPECT_EQ(outcome.status, 2);
        return outcome.output;
    };
    for (const std::string size : {"2147483648", "4294967296", "18446744073709551616"})
        EXPECT_THAT(output("--grid 1," + size),
                    HasSubstr("--grid: expected sizes of at most 2147483647, found " + size));
    EXPECT_THAT(output("--grid 1,,2"), HasSubstr("--grid: expected X or X,Y or X,Y,Z, found \"1,,2\""));
    EXPECT_THAT(output("--arg out:u8:1048576x1048577:" + y), HasSubstr("expected a shape of at most 2^40 elements"));
    for (const std::string argument : {"in:", "inout::y.npy", "out:f16:1:"})
        EXPECT_THAT(output("--arg " + argument),
                    HasSubstr("--arg: expected a file's name, found none in \"" + argument + "\""));
    EXPECT_THAT(output("--arg inout:" + x + ":"), HasSubstr("--arg: expected a file's name, found none in"));
}

// CLI11 alone would wrap what is negative, and clamp what is too large.
TEST_F(PtxProgram, RefusesNumbersThatAreNone) {
    const std::pair<std::string, std::string> cases[] = {{"shared", "-1"},     {"shared", "99999999999999999999"},
                                                         {"shared", "1e3"},    {"step-limit", "0"},
                                                         {"step-limit", "-1"}, {"step-limit", "1.5"},
                                                         {"seed", "-1"},       {"seed", "x"}};
    for (const auto& [option, number] : cases) {
        const Outcome outcome = run("3", "--unsuffixed rn --" + option + " " + number);
        EXPECT_EQ(outcome.status, 2);
        EXPECT_EQ(outcome.output, "halfulp: --" + option + ": expected a whole number from " +
                                      (option == "step-limit" ? "1" : "0") + " to 2^64 - 1, found \"" + number +
                                      "\"; see --help\n");
    }
}

TEST_F(PtxProgram, ReportsRaces) {
    std::ofstream(ptx) << R"(.version 9.0
.target sm_80
.address_size 64
.entry count(.param .u64 x)
{ .reg .b64 %q; .reg .b32 %r<3>; .reg .pred %p;
ld.param.u64 %q, [x]; ld.global.u32 %r0, [%q];
LOOP: add.u32 %r1, %r0, 1; atom.global.cas.b32 %r2, [%q], %r0, %r1; setp.ne.u32 %p, %r0, %r2; mov.u32 %r0, %r2; @%p bra LOOP;
ret; }
)";
    const auto count = [&](const std::string& more) {
        return halfulp::test::halfulp("ptx run " + ptx + " --kernel count --block 64 --arg inout:" + x + ":" + y + " " +
                                      more);
    };
    halfulp::write_npy(x, {{1}, halfulp::binary32, {0}});
    const Outcome refused = count("");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.output, HasSubstr("scale.ptx:7: kernel count, CTA (0, 0, 0), thread ("));
    EXPECT_FALSE(fs::exists(y));
    const Outcome reported = count("--races report");
    EXPECT_EQ(reported.status, 1);
    EXPECT_THAT(reported.output, HasSubstr("scale.ptx:7: kernel count, CTA (0, 0, 0), thread ("));
    EXPECT_THAT(reported.output, HasSubstr(": atom.global.cas.b32: race: writes 0x"));
    EXPECT_THAT(reported.output, HasSubstr("written: " + y));
    EXPECT_THAT(halfulp::read_tensor(y).codes, ElementsAre(64));
    const auto report = nlohmann::json::parse(count("--races report --json").output);
    const auto& race = report["races"].back();  // the first is that of the load, which the other warp comes late to
    EXPECT_EQ(race["line"], 7);
    EXPECT_GE(race["count"], 1);
    EXPECT_THAT(std::string(race["first"]), HasSubstr("atom.global.cas.b32: race: writes 0x"));
    EXPECT_THAT(count("--races perhaps").output, HasSubstr("--races"));
    EXPECT_EQ(count("--races perhaps").status, 2);
}

// struct { u8 a; f32 b; struct { u16 c; const u32* d; u8 e; } s; u8 f; }: 1, 3 of padding, 4; s has 2, 6 of padding, 8,
// 1, 7 of padding; 1, 7 of padding. The kernel copies members, and the first word that d points to.
TEST_F(PtxProgram, TakesStructs) {
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

TEST_F(PtxProgram, RefusesWhatIsNoStruct) {
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

TEST_F(PtxProgram, LimitsHowDeepStructsAre) {
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
TEST_F(PtxProgram, ComparesTypes) {
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

TEST_F(PtxProgram, SaysWhichTypesFit) {
    const std::string command = "ptx run " + ptx + " --kernel scale ";
    EXPECT_THAT(halfulp::test::halfulp(command + "--arg f64:0").output,
                HasSubstr("argument 0, x, is .u64: expected u64, s64 or b64, or in, out or inout, found f64:0"));
    EXPECT_THAT(halfulp::test::halfulp(command + "--arg in:" + x + " --arg in:" + x + " --arg f32:1").output,
                HasSubstr("argument 2, n, is .u32: expected u32, s32 or b32, found f32:1"));
}

// A matrix of 2 x 3 of which all is written but the element in row 1 and column 1.
TEST_F(PtxProgram, NamesTheElementThatNobodyHasWritten) {
    std::ofstream(ptx) << R"(.version 9.0
.target sm_80
.address_size 64
.entry most(.param .u64 y)
{ .reg .b64 %q<3>; .reg .b32 %r; .reg .pred %p; .reg .b16 %v;
ld.param.u64 %q0, [y]; mov.u32 %r, %tid.x; setp.eq.u32 %p, %r, 4; @%p ret;
mul.wide.u32 %q1, %r, 2; add.u64 %q2, %q0, %q1; mov.b16 %v, 7; st.global.b16 [%q2], %v; ret; }
)";
    const Outcome outcome =
        halfulp::test::halfulp("ptx run " + ptx + " --kernel most --block 6 --arg out:u16:2x3:" + y);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.output, HasSubstr("argument 0, out:u16:2x3:" + y + ", element (1, 1): nobody has written it"));
}

// Less address space than the local memory of 1024 threads takes.
TEST_F(PtxProgram, SaysThatMemoryIsMissing) {
    std::ofstream(ptx) << R"(.version 9.0
.target sm_80
.address_size 64
.entry large()
{ .local .align 4 .b8 s[524288]; st.local.u32 [s], 1; ret; }
)";
    const std::string program = "ulimit -v 400000; '" + std::string(HALFULP_PROGRAM) + "' ";
    if (halfulp::test::shell(program + "--version").status != 0) GTEST_SKIP() << "a build that reserves more";
    for (const std::string launch : {"--grid 1", "--grid 8 --threads 2"}) {
        const Outcome outcome =
            halfulp::test::shell(program + "ptx run " + ptx + " --kernel large --block 1024 " + launch);
        EXPECT_EQ(outcome.status, 2);
        EXPECT_EQ(outcome.output,
                  "halfulp: " + ptx +
                      ":4: kernel large: this computer has not enough memory for 1024 threads of a "
                      "CTA, each with 524288 bytes of local memory and 12 bytes of registers and constants\n");
    }
}

TEST_F(PtxProgram, Checks) {
    const std::string check = "ptx check " + ptx;
    EXPECT_EQ(halfulp::test::halfulp(check).status, 1);
    EXPECT_THAT(halfulp::test::halfulp(check).output, HasSubstr("scale.ptx: sm_80, kernels scale: 1 remarks"));
    std::string rounded = scale;
    rounded.replace(rounded.find("mul.f32"), 7, "mul.rn.f32");
    std::ofstream(ptx) << rounded;
    EXPECT_EQ(halfulp::test::halfulp(check).status, 0);
    EXPECT_EQ(nlohmann::json::parse(halfulp::test::halfulp(check + " --json").output)["kernels"][0], "scale");
    rounded.replace(rounded.find("mul.rn.f32"), 10, "mul.up.f32");
    std::ofstream(ptx) << rounded;
    EXPECT_EQ(halfulp::test::halfulp(check).status, 1);
    EXPECT_THAT(halfulp::test::halfulp(check).output,
                HasSubstr("scale.ptx:11: function scale: mul.up.f32: expected one of .lo, .hi, .wide, .rn, "));
    EXPECT_THAT(run("3", "").output,
                HasSubstr("scale.ptx:11: kernel scale: mul.up.f32: expected one of .lo, .hi, .wide, .rn, "));
}

TEST_F(PtxProgram, ChecksEveryKernel) {
    std::ofstream(ptx) << R"(.version 9.0
.target sm_80
.address_size 64
.extern .func (.param .b32 r) vprintf(.param .b64 a, .param .b64 b);
.entry print() { .param .b64 a; .param .b64 b; .param .b32 r;
call (r), vprintf, (a, b); ret; }
.entry multiply() {
wmma.load.a.sync.aligned.row.m16n16k16.global.f16 {%r0}, [%rd0], %r1;
wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32 {%r0}, {%r1}; .reg .foo %x; ret; }
.entry nothing() { ret; }
)";
    const Outcome checked = halfulp::test::halfulp("ptx check " + ptx);
    EXPECT_EQ(checked.status, 1);
    for (const char* remark : {"6: function print: call: function \"vprintf\" has no body here",
                               "8: function multiply: wmma.load.a.sync.aligned.row.m16n16k16.global.f16: not supported",
                               "9: function multiply: wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32: not supported",
                               "9: function multiply: expected a type such as .b32, found \".foo\""})
        EXPECT_THAT(checked.output, HasSubstr("scale.ptx:" + std::string(remark)));
    EXPECT_THAT(checked.output, HasSubstr("kernels multiply, nothing, print: 4 remarks"));
    EXPECT_EQ(halfulp::test::halfulp("ptx run " + ptx + " --kernel nothing").status, 0);
    const Outcome refused = halfulp::test::halfulp("ptx run " + ptx + " --kernel print");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.output, HasSubstr("scale.ptx:6: kernel print: call: function \"vprintf\" has no body here"));
}

TEST_F(PtxProgram, PrintsTheFirstHundredRemarks) {
    std::ofstream file(ptx);
    file << ".version 9.0\n.target sm_80\n.address_size 64\n.entry k() {\n";
    for (int i = 0; i < 103; ++i) file << "foo;\n";
    file << "ret; }\n";
    file.close();
    const std::string output = halfulp::test::halfulp("ptx check " + ptx).output;
    EXPECT_THAT(output, HasSubstr("scale.ptx:104: function k: foo: not an opcode"));
    EXPECT_THAT(output, testing::Not(HasSubstr("scale.ptx:105:")));
    EXPECT_THAT(output, HasSubstr("and 3 more\n"));
    EXPECT_THAT(output, HasSubstr("103 remarks"));
    const auto json = nlohmann::json::parse(halfulp::test::halfulp("ptx check --json " + ptx).output);
    EXPECT_EQ(json["remarks"].size(), 103U);
}

}  // namespace
