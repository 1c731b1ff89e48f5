// Claim: memory holds what was stored, and every access that must not be is reported with its place: out of bounds,
// misaligned, not initialised.
// Oracle: kernels written to have exactly one such fault, and twins of them that have none. Shared: nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "support/ptx_bodies.hpp"

namespace halfulp {
namespace {

using test::fault;
using test::run;
using test::Words;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(PtxMemory, VectorsAndNarrowElements) {
    const Words found = run(R"(setp.gt.u32 %p0, %t, 0; @%p0 exit;
ld.global.v4.u32 {%x0, %x1, %x2, %x3}, [%i+16]; st.global.v4.u32 [%o], {%x3, %x2, %x1, %x0};
st.global.v2.u32 [%o+16], {%x0, %x1};
mov.u32 %x4, 0x80FF; st.global.u16 [%o+24], %x4; ld.global.s8 %x5, [%o+24]; st.global.u32 [%o+28], %x5;
ld.global.u8 %x5, [%o+25]; st.global.u32 [%o+32], %x5; ld.global.s16 %x5, [%o+24]; st.global.u32 [%o+36], %x5;
mov.b64 %q0, {%x0, %x1}; mov.b64 {%x6, %x7}, %q0; st.global.u32 [%o+40], %x7;
mov.b32 {%h0, %h1}, %x4; mov.b32 %x8, {%h1, %h0}; st.global.u32 [%o+44], %x8;)");
    EXPECT_THAT(Words(found.begin(), found.begin() + 12), ElementsAre(1007, 1006, 1005, 1004, 1004, 1005, 0x80FF,
                                                                      0xFFFFFFFF, 0x80, 0xFFFF80FF, 1005, 0x80FF0000));
}

TEST(PtxMemory, SpacesAndGenericAddresses) {
    const Words found = run(R"(.local .align 8 .b8 mine[16]; .shared .align 4 .b8 ours[256];
mov.u64 %q0, mine; st.local.u32 [%q0+4], %t; cvta.local.u64 %q1, %q0; ld.u32 %x0, [%q1+4];
mul.wide.u32 %q2, %t, 4; mov.u64 %q3, ours; add.u64 %q3, %q3, %q2; st.shared.u32 [%q3], %x0; cvta.shared.u64 %q4, %q3;
isspacep.shared %p0, %q4; isspacep.global %p1, %q4; isspacep.global %p2, %o; isspacep.local %p3, %q1;
ld.u32 %x1, [%q4]; cvta.to.shared.u64 %q5, %q4; ld.shared.u32 %x2, [%q5]; add.u32 %x1, %x1, %x2;
selp.u32 %x3, 100, 0, %p0; add.u32 %x1, %x1, %x3; selp.u32 %x3, 1000, 0, %p1; add.u32 %x1, %x1, %x3;
selp.u32 %x3, 10000, 0, %p2; add.u32 %x1, %x1, %x3; selp.u32 %x3, 100000, 0, %p3; add.u32 %x1, %x1, %x3;
add.u64 %q2, %o, %q2; st.u32 [%q2], %x1;)");
    for (std::uint32_t i = 0; i < 64; ++i) EXPECT_EQ(found[i], 110100 + 2 * i);
}

TEST(PtxMemory, VariablesOfTheModule) {
    const std::string before =
        ".global .align 4 .u32 table[4] = {5, 6, 7}; .const .align 8 .f64 half = 0d3FE0000000000000;\n"
        ".global .align 8 .u64 place = generic(table)+8; .shared .align 4 .u32 common[4]; .extern .shared .align 16 .b8 more[];";
    const Words found = run(R"(setp.gt.u32 %p0, %t, 0; @%p0 exit;
ld.global.u32 %x0, [table+4]; st.global.u32 [%o], %x0; ld.global.u64 %q0, [place]; ld.u32 %x1, [%q0]; st.global.u32 [%o+4], %x1;
ld.const.u32 %x2, [half+4]; st.global.u32 [%o+8], %x2; st.shared.u32 [common], 3; ld.shared.u32 %x3, [common];
mov.u32 %x4, more; st.shared.u32 [%x4+12], 8; ld.shared.u32 %x5, [%x4+12]; add.u32 %x3, %x3, %x5; st.global.u32 [%o+12], %x3;
ld.global.u32 %x6, [table+12]; st.global.u32 [%o+16], %x6;)",
                            {.dynamic_shared = 16, .before = before});
    EXPECT_THAT(Words(found.begin(), found.begin() + 5), ElementsAre(6, 7, 0x3FE00000, 11, 0));
}

// Of all threads, though it stands in a function, and apart from others of its name.
TEST(PtxMemory, GlobalVariablesOfAFunction) {
    const Words found = run(R"(.const .u32 k[2] = {5, 6}; .global .u32 sum; .reg .u32 %v;
atom.global.add.u32 %v, [sum], 1; { .const .u32 k[2] = {7, 8}; ld.const.u32 %x0, [k+4]; } ld.const.u32 %x1, [k+4];
bar.sync 0; setp.gt.u32 %p0, %t, 0; @%p0 exit; ld.global.u32 %x2, [sum];
mov.u64 %q0, k; cvta.const.u64 %q0, %q0; ld.u32 %x3, [%q0];
st.global.v4.u32 [%o], {%x0, %x1, %x2, %x3};)");
    EXPECT_THAT(Words(found.begin(), found.begin() + 4), ElementsAre(8, 6, 64, 5));
}

// Without a space among the modifiers a variable's own is meant, as ptxas takes it.
TEST(PtxMemory, VariablesNameTheirSpace) {
    const Words found = run(R"(.shared .u32 s[64]; .local .u32 l[2]; setp.gt.u32 %p0, %t, 0; @%p0 exit;
st.u32 [s+4], 3; st.u32 [l+4], 4; atom.add.u32 %x0, [s+4], 5; st.u32 [g], 9;
ld.shared.u32 %x1, [s+4]; ld.local.u32 %x2, [l+4]; ld.u32 %x3, [g]; st.global.v4.u32 [%o], {%x0, %x1, %x2, %x3};)",
                            {.before = ".global .u32 g;"});
    EXPECT_THAT(Words(found.begin(), found.begin() + 4), ElementsAre(3, 8, 4, 9));
}

TEST(PtxMemory, HowMuchSharedMemoryTheLaunchAdds) {
    const Words found = run("mov.u32 %r, %dynamic_smem_size;" + test::store_result, {.dynamic_shared = 48});
    EXPECT_EQ(found[5], 48U);
}

// PTX ISA 8.8, ld and st: vectors of 32 bytes.
TEST(PtxMemory, AccessesOf32Bytes) {
    const ptx::Module module = test::kernel_module(".param .u64 out, .param .u64 in", test::start + R"(
.reg .u32 %v<8>; mad.wide.u32 %q4, %t, 32, %i; mad.wide.u32 %q5, %t, 32, %o; and.b32 %x0, %t, 1; setp.eq.u32 %p0, %x0, 0;
@%p0 bra EVEN; ld.global.v8.u32 {%v0, %v1, %v2, %v3, %v4, %v5, %v6, %v7}, [%q4];
st.global.v8.u32 [%q5], {%v7, %v6, %v5, %v4, %v3, %v2, %v1, %v0}; ret;
EVEN: ld.global.v4.u64 {%q0, %q1, %q2, %q3}, [%q4]; st.global.v4.b64 [%q5], {%q3, %q2, %q1, %q0};)",
                                                   "sm_100");
    ptx::Machine machine("sm_100");
    const ptx::Address in = test::put(machine, Words{0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17}),
                       out = machine.allocate(64);
    const auto launch = [&](ptx::Address from) {
        machine.launch(module, "k", {{}, {2, 1, 1}}, test::Arguments{test::argument(out), test::argument(from)});
    };
    launch(in);
    EXPECT_THAT(test::get<std::uint32_t>(machine, out, 16),
                ElementsAre(6, 7, 4, 5, 2, 3, 0, 1, 17, 16, 15, 14, 13, 12, 11, 10));
    EXPECT_THAT(test::message_of([&] { launch(in + 16); }), HasSubstr("is no multiple of 32"));
}

TEST(PtxMemory, SwapsHalfWords) {
    const Words found = run(R"(setp.gt.u32 %p0, %t, 0; @%p0 exit; mov.b32 %x0, 0x00070005; st.global.u32 [%o], %x0;
mov.b16 %h0, 7; mov.b16 %h1, 9; atom.global.cas.b16 %h2, [%o+2], %h0, %h1; atom.global.cas.b16 %h3, [%o], %h0, %h1;
cvt.u32.u16 %x1, %h2; cvt.u32.u16 %x2, %h3; st.global.v2.u32 [%o+8], {%x1, %x2};)");
    EXPECT_EQ(found[0], 0x00090005U);
    EXPECT_THAT(Words(found.begin() + 2, found.begin() + 4), ElementsAre(7, 5));
}

TEST(PtxMemory, Atomics) {
    const Words found = run(R"(mov.u32 %x1, 1; atom.global.add.u32 %x2, [%o], %x1; red.global.max.s32 [%o+4], %t;
red.global.or.b32 [%o+8], %t; setp.gt.u32 %p0, %t, 0; @%p0 exit;
atom.global.exch.b32 %x3, [%o+12], 77; atom.global.cas.b32 %x3, [%o+12], 77, 5;
atom.global.inc.u32 %x3, [%o+20], 3; atom.global.dec.u32 %x3, [%o+24], 9; red.global.xor.b32 [%o+28], 6;
red.global.min.u32 [%o+32], 4; red.global.add.u64 [%o+40], %i;)",
                            {.ctas = 3, .options = {.threads = 2}});
    EXPECT_EQ(found[0], 192U);
    EXPECT_EQ(found[1], 63U);
    EXPECT_EQ(found[2], 63U);
    EXPECT_EQ(found[3], 5U);
    EXPECT_EQ(found[5], 3U);
    EXPECT_EQ(found[6], 7U);
    EXPECT_EQ(found[7], 6U);
    EXPECT_EQ(found[8], 0U);
}

// ptxas takes modifiers in any order; nvcc writes the first of these for cuda::atomic_ref.
TEST(PtxMemory, ModifiersStandInAnyOrder) {
    const Words found = run(R"(atom.add.acquire.gpu.s32 %x2, [%o], 1; atom.max.relaxed.gpu.s32 %x2, [%o+4], %t;
red.global.relaxed.gpu.or.b32 [%o+8], %t; atom.global.gpu.add.u32 %x2, [%o+12], 2;
setp.gt.u32 %p0, %t, 0; @%p0 exit; atom.exch.acquire.gpu.b32 %x3, [%o+16], 77;
atom.cas.acquire.gpu.b32 %x3, [%o+16], 77, 5; atom.global.relaxed.gpu.add.u32 %x3, [%o+16], 2;
st.global.release.gpu.u32 [%o+20], 9; ld.global.relaxed.gpu.u32 %x3, [%o+20]; st.gpu.relaxed.global.u32 [%o+24], %x3;)");
    EXPECT_THAT(Words(found.begin(), found.begin() + 7), ElementsAre(64, 63, 63, 128, 7, 9, 9));
    EXPECT_THAT(fault("atom.add.relaxed.gpu.f16 %x2, [%o], %x1;"), HasSubstr("atom.add.relaxed.gpu.f16: "));
}

TEST(PtxMemory, AccessesThatMustNotBe) {
    EXPECT_THAT(fault("mad.wide.u32 %q0, %t, 4, %o; st.global.u32 [%q0+772], %t;"),
                HasSubstr("k.ptx:9: kernel k, CTA (0, 0, 0), thread (63, 0, 0): st.global.u32: 4 bytes at"));
    EXPECT_THAT(fault("mad.wide.u32 %q0, %t, 4, %o; st.global.u32 [%q0+772], %t;"),
                HasSubstr("which is not allocated: 0 bytes behind argument 0 (out), the 1024 bytes allocated at 0x5"));
    EXPECT_THAT(fault("ld.global.u32 %x0, [%i+-4];"),
                HasSubstr("4 bytes before argument 1 (in), the 1024 bytes allocated"));
    EXPECT_THAT(fault("mov.u64 %q0, 0; st.global.u32 [%q0+8], %t;"), HasSubstr("4 bytes at 0x8: a null pointer"));
    EXPECT_THAT(fault("mov.u64 %q8, 0; ld.global.u32 %x0, [%q8]; "), HasSubstr("4 bytes at 0x0: a null pointer"));
    EXPECT_THAT(fault("mov.u64 %q0, 0; ld.global.u32 %x0, [%q0+-4];"), HasSubstr("4 bytes at -0x4: a null pointer"));
    EXPECT_THAT(fault("mov.u64 %q0, c; ld.global.u32 %x0, [%q0+8];", {.before = ".global .u64 c = 4;"}),
                HasSubstr("which is not allocated: 0 bytes behind c, the 8 bytes allocated at"));
    EXPECT_THAT(fault("st.global.u32 [%o+2], %t;"), HasSubstr("is no multiple of 4"));
    EXPECT_THAT(fault("ld.global.v4.u32 {%x0, %x1, %x2, %x3}, [%i+8];"), HasSubstr("is no multiple of 16"));
    EXPECT_THAT(fault(".shared .align 4 .b8 s[64]; mov.u32 %x0, s; st.shared.u32 [%x0+64], %t;"),
                HasSubstr("4 bytes at 0x40 of shared memory, of which the CTA has 64 bytes"));
    EXPECT_THAT(fault(".shared .align 4 .b8 s[64]; ld.shared.u32 %x0, [s];"),
                HasSubstr("reads shared memory 0x0, which nobody has written"));
    EXPECT_THAT(fault(".local .align 4 .b8 s[64]; ld.local.u32 %x0, [s+4];"),
                HasSubstr("reads local memory 0x4, which the thread has not written"));
    EXPECT_THAT(fault(".local .align 4 .b8 s[64]; st.local.u32 [s+64], %t;"),
                HasSubstr("4 bytes at 0x40 of local memory, of which the thread has 64 bytes"));
    EXPECT_THAT(fault(".local .align 4 .b8 s[64]; st.local.u32 [s+-8], %t;"),
                HasSubstr("4 bytes at -0x8 of local memory, of which the thread has 64 bytes"));
    EXPECT_THAT(fault(".shared .align 4 .b8 s[64]; st.shared.u32 [s+-8], %t;"),
                HasSubstr("4 bytes at -0x8 of shared memory, of which the CTA has 64 bytes"));
    EXPECT_THAT(fault("ld.param.u64 %q0, [out+-8];"), HasSubstr("8 bytes at -0x8 of the kernel's parameters"));
    EXPECT_THAT(fault("mov.u64 %q0, c; st.global.u32 [%q0], %t;", {.before = ".const .u32 c = 4;"}),
                HasSubstr("in constant memory"));
    EXPECT_THAT(fault("cvta.to.shared.u64 %q0, %o;"), HasSubstr("the generic address does not lie in that space"));
}

// The bases that nvcc writes for s[63 - t] lie 4t below the array: of 32 bits, they wrap, and the offset leads back.
TEST(PtxMemory, AddressesOf32BitsWrap) {
    const std::string store = R"(.shared .align 4 .b8 s[256]; .shared .align 4 .b8 more[8]; mov.u32 %x0, s;
shl.b32 %x1, %t, 2; add.u32 %x2, %x0, %x1; st.shared.u32 [%x2], %t; bar.sync 0; )";
    const Words found = run(store + "sub.u32 %x3, %x0, %x1; ld.shared.u32 %r, [%x3+252];" + test::store_result);
    for (std::uint32_t i = 0; i < 64; ++i) EXPECT_EQ(found[i], 63 - i);
    EXPECT_EQ(run(store + "add.u32 %x3, %x2, 512; ld.shared.u32 %r, [%x3+-512];" + test::store_result)[63], 63U);
    EXPECT_THAT(fault(store + "sub.u32 %x3, %x0, %x1; ld.shared.u32 %r, [%x3+248];"),
                HasSubstr("thread (63, 0, 0): ld.shared.u32: 4 bytes at 0xfffffffc of shared memory, of which the CTA "
                          "has 272 bytes"));
    EXPECT_THAT(fault(store + "ld.shared.u32 %r, [%x0+-8];"), HasSubstr("4 bytes at 0xfffffff8 of shared memory"));
    // Of 64 bits they do not.
    EXPECT_THAT(fault(store + "mov.u64 %q0, 0xFFFFFFFC; ld.shared.u32 %r, [%q0+8];"),
                HasSubstr("4 bytes at 0x100000004 of shared memory"));
}

// CUDA programming guide, "Technical specifications per compute capability": 512 KiB of local memory a thread. What
// functions are given lies there, too. PTX ISA, "Kernel Function Parameter Attributes": 32764 bytes of a kernel's own.
TEST(PtxMemory, SizesOfAThread) {
    EXPECT_EQ(fault(".local .align 4 .b8 s[524288]; st.local.u32 [s+524284], %t;", {.threads = 1}), "no error");
    EXPECT_THAT(fault(".local .b8 s[524288];\n.local .u32 more;"),
                HasSubstr("k.ptx:10: kernel k: more: expected at most 524288 bytes of local memory and parameters of "
                          "calls a thread, found 524292"));
    EXPECT_THAT(
        fault("{ .param .b8 z[524288]; call f, (z); }", {.before = ".func f(.param .b8 a[524288]) { ret; }"}),
        HasSubstr("expected at most 524288 bytes of local memory and parameters of calls a thread, found 1048576"));
    const auto parameter = [](const std::string& size) {
        return test::message_of([&] {
            ptx::Machine("sm_90").launch(test::kernel_module(".param .b8 a[" + size + "]", ""), "k", {},
                                         test::Arguments{std::vector<std::byte>(32764)});
        });
    };
    EXPECT_EQ(parameter("32764"), "no error");
    EXPECT_THAT(parameter("32765"),
                HasSubstr("k.ptx:5: kernel k: a: expected at most 32764 bytes of a kernel's parameters, found 32765"));
}

// Of 3 and of 8 bytes, with padding between them and behind.
TEST(PtxMemory, ParametersEndWhereEachOfThemDoes) {
    const auto read = [](const std::string& what) {
        return test::message_of([&] {
            const std::string body = ".reg .b32 %r; .reg .b64 %q; .param .b32 z; st.param.b32 [z], 1; ld.param." + what;
            ptx::Machine("sm_90").launch(
                test::kernel_module(".param .align 1 .b8 o[3], .param .u64 p", body), "k", {},
                test::Arguments{test::argument(std::array<char, 3>{}), test::argument(std::uint64_t{5})});
        });
    };
    for (const char* what : {"u32 %r, [p+4];", "u64 %q, [p];", "u8 %r, [o+2];", "u16 %r, [o];", "u32 %r, [z];"})
        EXPECT_EQ(read(what), "no error") << what;
    EXPECT_THAT(read("u32 %r, [p+8];"), HasSubstr("ld.param.u32: 4 bytes at 0x10 of the kernel's parameters, none of "
                                                  "which has them all"));
    for (const char* what :
         {"u32 %r, [p+12];", "u8 %r, [o+3];", "u16 %r, [o+2];", "u32 %r, [o];", "u64 %q, [o];", "u8 %r, [p+-1];"})
        EXPECT_THAT(read(what), HasSubstr("of the kernel's parameters, none of which")) << what;
}

TEST(PtxMemory, VariablesEndWhereEachOfThemDoes) {
    const auto read = [](const std::string& what) {
        return test::message_of([&] {
            ptx::Machine("sm_90").launch(
                test::kernel_module(
                    "", ".reg .b32 %r; ld." + what, "sm_90",
                    ".const .u8 c[3] = {1, 2, 3}; .const .u32 d = 4; .global .u16 g = 5; .global .u32 h;"),
                "k", {}, {});
        });
    };
    for (const char* what : {"const.u8 %r, [c+2];", "const.u32 %r, [d];", "global.u16 %r, [g];", "global.u32 %r, [h];"})
        EXPECT_EQ(read(what), "no error") << what;
    for (const char* what :
         {"const.u8 %r, [c+3];", "const.u16 %r, [c+2];", "const.u32 %r, [d+4];", "global.u32 %r, [g];",
          "global.u16 %r, [g+2];", "global.u8 %r, [h+-1];", "global.u32 %r, [h+4];"})
        EXPECT_THAT(read(what), HasSubstr("which is not allocated")) << what;
}

struct Constant {
    const char* text;
    std::int64_t value;
};

// PTX ISA, "Integer Constant Expression Evaluation": as C has them, of 64 bits.
TEST(PtxMemory, ConstantExpressions) {
    const Constant constants[] = {
        {"4*8", 32},
        {"(1<<3)", 1 << 3},
        {"-1", -1},
        {"~5", ~5},
        {"1+2*3", 7},
        {"(1+2)*3", 9},
        {"20-3-4", 13},
        {"-(2-7)", 5},
        {"-7/2", -3},
        {"100/5/4", 5},
        {"-16>>2", -4},
        {"1<<2+1", 8},
        {"0xF0|3&1^7", 0xF0 | ((3 & 1) ^ 7)},
        {"0x10 - -2", 18},
        {"(-16U)>>60", 15},
        {"0xFFFFFFFFFFFFFFF0/16", 0x0FFFFFFFFFFFFFFF},
        {"((((3))))", 3},
    };
    std::string body = "mov.u64 %q8, %o;", list;
    for (const Constant& x : constants) {
        body += fmt::format("mov.u64 %q0, {}; st.global.u64 [%q8+0+4*2+-8], %q0; add.u64 %q8, %q8, 4*2;\n", x.text);
        list += fmt::format("{}{}", list.empty() ? "" : ", ", x.text);
    }
    const Words words = run(body, {.threads = 1});
    const ptx::Module module = test::kernel_module("", "", "sm_90", ".global .s64 g[17] = {" + list + "};");
    ptx::Machine machine("sm_90");
    const auto initial = test::get<std::int64_t>(machine, machine.address_of(module, "g"), std::size(constants));
    for (std::size_t i = 0; i < std::size(constants); ++i) {
        const auto found = static_cast<std::int64_t>(std::uint64_t{words[2 * i + 1]} << 32 | words[2 * i]);
        EXPECT_EQ(found, constants[i].value) << constants[i].text;
        EXPECT_EQ(initial[i], constants[i].value) << constants[i].text;
    }
    EXPECT_THAT(fault("add.u32 %r, %t, 1/0;"), HasSubstr("expected a quotient that there is"));
    EXPECT_THAT(fault("mov.u64 %q0, -0x8000000000000000/-1U;"), testing::EndsWith("no error"));
    EXPECT_THAT(fault("mov.u64 %q0, (-0x7FFFFFFFFFFFFFFF-1)/-1;"), HasSubstr("expected a quotient that there is"));
    EXPECT_THAT(fault("add.u32 %r, %t, 1<<64;"), HasSubstr("expected a shift by 0 to 63"));
    EXPECT_THAT(fault("add.u32 %r, %t, 4*;"), HasSubstr("expected a number, found \";\""));
    EXPECT_THAT(fault("add.u32 %r, %t, " + std::string(100, '(') + "1;"), HasSubstr("not nested so deep"));
    EXPECT_THAT(fault("ld.global.u32 %r, [%i+(1<<49)];"), HasSubstr("expected an offset below 2^48"));
}

TEST(PtxMemory, WeakAccessesAreTheOrdinaryOnes) {
    const std::string body = "mad.wide.u32 %q0, %t, 4, %o; ld.weak.global.u32 %r, [%i]; st.weak.global.u32 [%q0], %r;";
    EXPECT_EQ(run(body, {.threads = 3})[2], 1000U);
    EXPECT_THAT(fault("st.weak.global.u32 [%o], %t;"), HasSubstr("race"));
}

// The third of four arguments is a struct of a number and a pointer.
TEST(PtxMemory, NamesTheArgumentThatNobodyWrote) {
    const ptx::Module module = test::kernel_module(
        ".param .u32 n, .param .u64 a, .param .align 8 .b8 s[16], .param .u64 b",
        ".reg .b64 %q<9>; .reg .b32 %r<9>; .reg .pred %p<2>; ld.param.u64 %q0, [a]; ld.param.u64 %q1, [s+8]; ld.param.u64 %q2, [b];\n"
        "ld.param.u32 %r0, [n]; ld.global.u32 %r1, [%q0+4]; setp.eq.u32 %p0, %r0, 0;\n"
        "@%p0 ld.global.u32 %r1, [%q1+8]; ld.global.u32 %r1, [%q2+12];",
        "sm_90", "");
    ptx::Machine machine("sm_90");
    const ptx::Address written = test::put(machine, Words(4));
    const auto launched = [&](std::uint32_t n) {
        std::vector<std::byte> both = test::argument(std::uint64_t{5});
        for (const std::byte x : test::argument(machine.allocate(16) + 4)) both.push_back(x);
        return test::message_of([&] {
            machine.launch(module, "k", {},
                           test::Arguments{test::argument(n), test::argument(written), both,
                                           test::argument(machine.allocate(16))});
        });
    };
    EXPECT_THAT(launched(0), HasSubstr("nobody has written: byte 12 of argument 2 (s), the 16 bytes allocated at 0x5"));
    EXPECT_THAT(launched(1), HasSubstr("nobody has written: byte 12 of argument 3 (b), the 16 bytes allocated at 0x5"));
}

TEST(PtxMemory, HostSeesWhatNobodyWrote) {
    ptx::Machine machine("sm_80");
    const ptx::Address at = machine.allocate(16);
    const std::array<std::byte, 4> four{};
    machine.write(at, four);
    std::array<std::byte, 8> eight{};
    EXPECT_THAT(test::message_of([&] { machine.read(at, eight); }), HasSubstr("nobody has written byte 4"));
    EXPECT_THAT(test::message_of([&] { machine.read(at + 12, eight); }),
                HasSubstr("not allocated; byte 12 of the 16 bytes"));
    EXPECT_THAT(test::message_of([&] { machine.write(at + 16, four); }), HasSubstr("0 bytes behind the 16 bytes"));
    EXPECT_THAT(test::message_of([&] { machine.release(at + 1); }), HasSubstr("expected where an allocation begins"));
    machine.release(at);
    EXPECT_THAT(test::message_of([&] { machine.write(at, four); }), HasSubstr("nothing is allocated"));
}

}  // namespace
}  // namespace halfulp
