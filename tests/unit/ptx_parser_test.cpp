// Claim: PTX that is not known is refused with its line and what is known, and so are the kernels, and no others, that
// could come to it.
// Oracle: messages as literals. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <halfulp/gpu/ptx/check.hpp>

#include "support/ptx.hpp"

namespace halfulp {
namespace {

using test::kernel_text;
using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(const std::string& text) {
    return test::message_of([&] { ptx::parse(text, "k.ptx"); });
}

/// What refuses a kernel of the text at its launch.
std::string refusal_of(const std::string& text, const std::string& kernel = "k") {
    const ptx::Module module = ptx::parse(text, "k.ptx");
    const test::Arguments none(module.kernel(kernel).parameters.size(), std::vector<std::byte>(8));
    return test::message_of([&] { ptx::Machine("sm_90").launch(module, kernel, {}, none); });
}

/// Of a kernel with these registers, whose statement stands in line 8.
std::string error_in(const std::string& statement, const std::string& target = "sm_90") {
    return refusal_of(kernel_text(
        ".param .u64 a",
        ".reg .b32 %r<9>; .reg .f32 %f<9>; .reg .b64 %q<9>; .reg .pred %p<9>; .reg .b16 %h<9>;\n" + statement, target));
}

TEST(PtxParser, TellsWhatItExpected) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"foo.s32 %r0, %r1;", "k.ptx:8: kernel k: foo.s32: not an opcode of PTX that is known here: see docs/ptx.md"},
        {"add.foo.s32 %r0, %r1, %r2;",
         "k.ptx:8: kernel k: add.foo.s32: expected one of .u16, .u32, .u64, .s16, .s32, .s64, "},
        {"add.sat.u32 %r0, %r1, %r2;", "add.sat.u32: expected one of .s32, .f32, .f16, .f16x2, found .u32"},
        {"add.s32 %r0, %r1;", "k.ptx:8: kernel k: add.s32: expected 3 operands, found 2"},
        {"add.s32 %r0, %r1, %r2, %r3;", "expected 3 operands, found 4"},
        {"add.s32 %r0, %f1, %r2;", "add.s32: expected .s32, found %f1 of .f32"},
        {"add.rn.f32 %f0, %f1, %h2;", "add.rn.f32: expected .f32, found %h2 of .b16"},
        {"add.s32 5, %r1, %r2;", "add.s32: expected a register for the result"},
        {"add.s32 %r0, %r1, %unknown;",
         "k.ptx:8: kernel k: add.s32: expected a register that is declared or a special one that is known here, found "},
        {"mov.u64 %q0, %clock64;",
         "mov.u64: expected a register that is declared or a special one that is known here, found \"%clock64\": %tid.x, "},
        {"ld.global.v4.u32 {%r0, %r1}, [%q0];", "ld.global.v4.u32: expected 4 elements in braces, found 2"},
        {"ld.global.u32 %r0, %q0;", "expected an address in brackets"},
        {"ld.global.u32 %r0, [%f0];", "expected an address in 64 bits, found %f0 of .f32"},
        {"bra NOWHERE;", "k.ptx:8: kernel k: bra: expected a label, found \"NOWHERE\""},
        {"brx.idx %r0, NOWHERE;", "expected a table of .branchtargets, found \"NOWHERE\""},
        {"A: A: ret;", "A: a label twice in one block"},
        {"mov.u32 %r0, nowhere;", "mov.u32: expected a variable that has a place here, found \"nowhere\""},
        {"ld.global.u32 %r0, [nowhere];", "expected a variable that has a place here, found \"nowhere\""},
        {"@%r0 ret;", "k.ptx:8: kernel k: expected a register of type .pred, found \"%r0\""},
        {"add.s32 %r0, %r1, !%r2;", "expected no !"},
        {"lop3.b32 %r0, %r1, %r2, %r3, %r4;", "expected an integer constant"},
        {"mov.b64 %q0, {%r0, %r1, %r2};", "expected a vector that has the bits of .b64"},
        {".reg .b32 %r3;", "%r3: declared twice in one block"},
        {".reg .foo %x;", "expected a type such as .b32, found \".foo\""},
        {".shared .b8 s[99999999999];", "s: expected at most"},
        {"add.s32 %r0, %r1, 0f3F800000;", "add.s32: expected .s32, found a floating-point constant"},
        {"mov.f32 %f0, 0f3F8000;", "expected 0f and 8 hexadecimal digits, found \"0f3F8000\""},
        {"add.s32 %r0, %r1, 99999999999999999999;", "expected a number, found"},
        {"wgmma.fence.sync.aligned;", "wgmma.fence.sync.aligned: not supported: matrix instructions of a group of"},
        {"tex.2d.v4.f32.f32 {%f0, %f1, %f2, %f3}, [t, {%f4, %f5}];", "tex.2d.v4.f32.f32: not supported: textures"},
        {"cvt.rs.f16x2.f32 %r0, %f0, %f1, %r1;", "cvt.rs.f16x2.f32: not supported: stochastic rounding"},
        {"cvt.rn.satfinite.tf32.f32 %r0, %f0;", "needs .target sm_100 or higher, found sm_90"},
        {"cp.async.bulk.commit_group;", "not supported: bulk copies (TMA)"},
        {"cp.async.bulkier;",
         "cp.async.bulkier: expected one of .ca, .cg, .commit_group, .wait_group, .wait_all, found .bulkier"},
        {"mma.sync.aligned.m16n8k17.row.col.f32.f16.f16.f32 {%f0};", "found .m16n8k17"},
        {"ldmatrix.sync.aligned.m8n8.x3.shared.b16 {%r0}, [%q0];", "expected one of .x1, .x2, .x4, found .x3"},
        {"bar.sync.foo 0;", "bar.sync.foo: expected the end of the modifiers, found .foo"},
        {"add;", "add: expected one of .u16, .u32, .u64, "},
        {"setp.eq %p0, %r0, %r1;", "found the end of the modifiers"},
        {"cp.async.ca.shared.global [%r0], [%q0], 5;", "expected the constant 4|8|16, found 5"},
        {"cp.async.cg.shared.global [%r0], [%q0], 8;", "expected the constant 16, found 8"},
        {"ld.global.u32 %r0, [4096];", "expected an address: a register, a variable, or a number in .local"},
        {"st.shared.u32 [4096], %r0;", "expected an address: a register, a variable, or a number in .local"},
        {"max.abs.f32 %f0, %f1, %f2;", "found .abs"},
        {"p: .callprototype _ (.param .b32 _);\ncall %q0, p;",
         "k.ptx:9: kernel k: call: expected (results), a function's name, (arguments); a call through a pointer is not supported"},
    };
    for (const auto& [statement, message] : cases) EXPECT_THAT(error_in(statement), HasSubstr(message)) << statement;
    for (const char* text : {"max.xorsign.abs.f32 %f0, %f1, %f2;", "min.NaN.xorsign.abs.bf16x2 %r0, %r1, %r2;"}) {
        EXPECT_THAT(error_in(text, "sm_86"), HasSubstr("which has no value"));
        EXPECT_THAT(error_in(text, "sm_80"), HasSubstr("needs .target sm_86 or higher, found sm_80"));
    }
    EXPECT_THAT(error_in("redux.sync.add.s32 %r0, %r1, -1;", "sm_75"),
                HasSubstr("redux.sync.add.s32: needs .target sm_80 or higher, found sm_75"));
}

// Whatever is wrong with a modifier, it is said in a line that can be read.
TEST(PtxParser, NamesAWrongModifierInAShortLine) {
    for (const char* text :
         {"ld.foo.u32 %r0, [%q0];", "ld.global.foo.u32 %r0, [%q0];", "cvt.foo.f32.f16 %f0, %h0;",
          "cvt.rn.f16.foo %h0, %f0;", "mma.sync.foo {%f0};", "mma.sync.aligned.m16n8k16.row.col.foo;",
          "setp.foo.f32 %p0, %f0, %f1;", "atom.global.foo.u32 %r0, [%q0], 1;"}) {
        EXPECT_THAT(error_in(text), testing::AllOf(HasSubstr("expected "), HasSubstr("found .foo"))) << text;
        EXPECT_LE(error_in(text).size(), 250U) << error_in(text);
    }
}

// ptxas takes these, and inline assembly of cuda_fp16 is written so.
TEST(PtxParser, NeedsNoBlankBetweenDirectives) {
    EXPECT_EQ(error_in(".reg.b32 x; .reg.pred c; .shared.align 4.b8 s[4]; .local.v2.f32 l; mov.f32 %f0, 1.5e-3; "
                       "mov.u32 x, s; setp.eq.u32 c, x, 0; mov.f64 %q0, 2.E1;"),
              "no error");
}

TEST(PtxParser, ModulesThatAreNone) {
    EXPECT_THAT(error_of(""), HasSubstr("k.ptx:1: expected \".version\", found the end of the file"));
    EXPECT_THAT(error_of(".version 5.0 .target sm_80"),
                HasSubstr("expected a version of PTX, 6.0 to 6.5, 7.0 to 7.8, 8.0 to 8.8 or from 9.0 on, found 5.0"));
    EXPECT_THAT(error_of(".version 9.0 .target compute_80 .address_size 64"),
                HasSubstr("expected a target of PTX from sm_50 to sm_121, found \"compute_80\""));
    EXPECT_THAT(error_of(".version 9.0 .target sm_80 .address_size 32"),
                HasSubstr("expected addresses of 64 bits, found \"32\""));
    const std::string begin = ".version 9.0\n.target sm_80\n.address_size 64\n";
    EXPECT_EQ(error_of(begin), "no error");
    EXPECT_THAT(error_of(begin + "/* open"), HasSubstr("k.ptx:4: expected */, found the end of the file"));
    EXPECT_THAT(error_of(begin + ".entry k() {"), HasSubstr("expected an instruction, found the end of the file"));
    EXPECT_THAT(error_of(begin + ".entry k() { add.s32 5 } .entry l() {"),
                HasSubstr("expected an instruction, found the end of the file"));
    EXPECT_THAT(error_of(begin + ".entry k() { ret; } .entry k() { ret; }"), HasSubstr("k: defined before, in line 4"));
    EXPECT_THAT(error_of(begin + ".global .u32 a[2] = {1, 2, 3};"), HasSubstr("a: more initial values than elements"));
    EXPECT_THAT(
        error_of(
            begin +
            ".file 1 \"x.cu\"\n.section .debug_str { a: .b8 1 }\n.entry k() .maxntid 32, 1, 1 { .loc 1 2 3, function_name X\nret; }"),
        "no error");
}

TEST(PtxParser, RefusesWhatPtxLeavesOpen) {
    const auto refused = [](const std::string& statement, const ptx::MachineOptions& options = {}) {
        const ptx::Module module =
            test::kernel_module("", ".reg .f32 %f<9>; .reg .b64 %q;\nmov.f32 %f1, 0f3F800000;\n" + statement);
        return test::message_of([&] { ptx::Machine("sm_90", options).launch(module, "k", {}, {}); });
    };
    EXPECT_EQ(
        refused("add.f32 %f0, %f1, %f1;"),
        "k.ptx:9: kernel k: add.f32: refused: no rounding is stated, so ptxas may contract it with another operation (PTX ISA, add and mul)");
    EXPECT_EQ(refused("add.f32 %f0, %f1, %f1;", {.unsuffixed = ptx::Unsuffixed::Nearest}), "no error");
    EXPECT_THAT(refused("ex2.approx.ftz.f32 %f0, %f1;", {.unsuffixed = ptx::Unsuffixed::Nearest}),
                HasSubstr("refused: an approximation"));
    EXPECT_THAT(refused("add.rn.ftz.f32 %f0, %f1, %f1;"), HasSubstr("refused: subnormal numbers are flushed"));
    EXPECT_THAT(refused("atom.global.add.f32 %f0, [%q], %f1;"),
                HasSubstr("refused: floating-point sums in an order that nothing states"));
    const ptx::Module module = test::kernel_module(
        "", ".reg .f32 %f<9>;\nmul.f32 %f1, %f2, %f3;\nrcp.approx.f32 %f1, %f2;\nadd.rn.f32 %f1, %f1, %f1;");
    const std::vector<ptx::Remark> remarks = ptx::remarks(module);
    ASSERT_EQ(remarks.size(), 2U);
    EXPECT_EQ(remarks[0].line, 8);
    EXPECT_EQ(remarks[1].instruction, "rcp.approx.f32");
    EXPECT_THAT(module.kernels(), ElementsAre("k"));
}

/// The remarks, a line each: function, line, instruction, reason.
std::vector<std::string> remarks_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const ptx::Remark& x : ptx::remarks(ptx::parse(text, "k.ptx")))
        lines.push_back(x.function + ":" + std::to_string(x.line) + ":" + x.instruction + ": " + x.reason);
    return lines;
}

const std::string start = ".version 9.0 .target sm_80 .address_size 64\n";

TEST(PtxParser, RefusesTheKernelsAloneThatComeToAFlaw) {
    const std::string text = start + R"(.func bad() { .reg .b32 %r; wmma.mma.x %r, [%r, {%r}];
foo; ret; }
.func between() { call bad; ret; }
.entry near() { wgmma.x; ret; }
.entry far() { call between; ret; }
.entry good() { ret; }
.entry broken() { .reg .b32 %r; add.s32 %r;
L: L: add.s32 %unread; { } {
} bar.sync 0; }
.entry behind() { ret; }
)";
    EXPECT_THAT(remarks_of(text), ElementsAre(HasSubstr("bad:2:wmma.mma.x: not supported: matrix fragments"),
                                              "bad:3:foo: not an opcode of PTX that is known here: see docs/ptx.md",
                                              HasSubstr("near:5:wgmma.x: not supported: matrix instructions"),
                                              "broken:8:add.s32: expected 3 operands, found 1",
                                              "broken:9:: L: a label twice in one block"));
    EXPECT_EQ(refusal_of(text, "good"), "no error");
    EXPECT_EQ(refusal_of(text, "behind"), "no error");
    EXPECT_THAT(refusal_of(text, "near"),
                HasSubstr("k.ptx:5: kernel near: wgmma.x: not supported: matrix instructions"));
    EXPECT_THAT(refusal_of(text, "far"), HasSubstr("k.ptx:2: kernel far: wmma.mma.x: not supported: matrix fragments"));
    EXPECT_EQ(refusal_of(text, "broken"), "k.ptx:8: kernel broken: add.s32: expected 3 operands, found 1");
    const std::string unread = start + ".entry k() { .reg .foo %x;\nret; } .entry l() { ret; }";
    EXPECT_EQ(refusal_of(unread), "k.ptx:2: kernel k: expected a type such as .b32, found \".foo\"");
    EXPECT_EQ(refusal_of(unread, "l"), "no error");
}

TEST(PtxParser, RefusesCallsThatItCannotFollow) {
    const auto launched = [](const std::string& functions, const std::string& statement) {
        const std::string text = kernel_text("", statement, "sm_90", functions);
        const std::string message = refusal_of(text);
        EXPECT_EQ(remarks_of(text).empty(), message == "no error") << message;
        return message;
    };
    EXPECT_THAT(launched(".func f() { call f; ret; }", "call f;"),
                HasSubstr("k.ptx:4: kernel k: call: function \"f\" calls itself, which is not supported"));
    EXPECT_THAT(launched(".func g(); .func f() { call g; ret; }\n.func g() { call f; ret; }", "call g;"),
                HasSubstr("calls itself, which is not supported"));
    EXPECT_THAT(launched(".func f() { ret; } .func g() { call f; call f; ret; }", "call f; call g;"), "no error");
    EXPECT_THAT(launched(".func f();", "call k;"),
                HasSubstr("k.ptx:7: kernel k: call: expected a function, found \"k\""));
    EXPECT_THAT(launched(".extern .func vprintf();", "call vprintf;"),
                HasSubstr("k.ptx:7: kernel k: call: function \"vprintf\" has no body here"));
    EXPECT_THAT(launched("", "call g;"), HasSubstr("k.ptx:7: kernel k: call: expected a function, found \"g\""));
    EXPECT_THAT(launched(".func f(.param .b32 x) { ret; }", "call f;"), HasSubstr("call: expected 1 values, found 0"));
    EXPECT_THAT(launched(".func f(.param .b32 x) { ret; }", ".param .b64 y; call f, (y);"),
                HasSubstr("call: y has 8 bytes, expected 4"));
    EXPECT_THAT(launched(".func (.param .b32 x) f() { ret; }", "call f;"), HasSubstr("expected 1 values, found 0"));
    EXPECT_THAT(launched(".func f(.param .b32 x) { ret; }", ".local .b32 y; call f, (y);"),
                HasSubstr("call: expected variables of .param, found \"y\""));
}

/// f0 calls f1, which calls f2, ...: `count` functions.
std::string chain(int count) {
    std::string text;
    for (int i = count; i-- > 0;) {
        const std::string next = i + 1 < count ? "call f" + std::to_string(i + 1) + "; " : "";
        text += ".func f" + std::to_string(i) + "() { " + next + "ret; }\n";
    }
    return text;
}

TEST(PtxParser, LimitsTheDepthOfCalls) {
    const auto launched = [](int count) { return refusal_of(kernel_text("", "call f0;", "sm_90", chain(count))); };
    EXPECT_EQ(launched(255), "no error");
    EXPECT_THAT(launched(256), HasSubstr("expected calls of at most 256 functions within each other"));
    EXPECT_THAT(launched(100000), HasSubstr("expected calls of at most 256 functions within each other"));
}

// 2 GiB declared, and as much memory taken as there are values.
TEST(PtxParser, AnInitialValueTakesNoMoreThanItHas) {
    const ptx::Module module = ptx::parse(
        ".version 9.0\n.target sm_80\n.address_size 64\n.global .align 1 .b8 big[2147483647] = {1, 2, 3};\n", "x.ptx");
    EXPECT_EQ(module.code().variables.at(0).initial, (std::vector<std::uint8_t>{1, 2, 3}));
}

}  // namespace
}  // namespace halfulp
