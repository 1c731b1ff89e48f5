// Claim: lanes of a warp part and meet as PTX says, and what they do together is what its instructions define.
// Oracle: values written out by hand from PTX ISA and from CUDA's documented __shfl, __ballot, __match and __reduce;
// loops on the host. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/ptx.hpp"

namespace halfulp {
namespace {

using test::argument;
using test::Arguments;
using testing::Each;
using testing::HasSubstr;
using Words = std::vector<std::uint32_t>;

/// What 32 threads store of %r, which `body` computes from %t, the thread, and %l, its lane.
Words words_of(const std::string& body, std::uint32_t threads = 32, const std::string& before = "") {
    const std::string text =
        ".reg .b64 %o; .reg .b32 %t, %l, %r, %x<9>; .reg .pred %p<9>;\nmov.u32 %t, %tid.x; mov.u32 %l, "
        "%laneid; ld.param.u64 %o, [out]; mad.wide.u32 %o, %t, 4, %o;\n" +
        body + "\nst.global.u32 [%o], %r;";
    const ptx::Module module = test::kernel_module(".param .u64 out", text, "sm_90", before);
    ptx::Machine machine("sm_90", {.step_limit = 100000});
    const ptx::Address out = machine.allocate(sizeof(std::uint32_t) * threads);
    machine.launch(module, "k", {.grid = {}, .block = {threads, 1, 1}}, Arguments{argument(out)});
    return test::get<std::uint32_t>(machine, out, threads);
}

template <class F>
Words expected(const F& f, std::uint32_t threads = 32) {
    Words words;
    for (std::uint32_t i = 0; i < threads; ++i) words.push_back(static_cast<std::uint32_t>(f(static_cast<int>(i))));
    return words;
}

TEST(PtxWarp, BranchesPartAndMeet) {
    // Collatz steps from the lane: every lane leaves the loop at its own time.
    const Words found = words_of(R"(
mov.u32 %r, 0; add.u32 %x0, %l, 1;
LOOP: setp.eq.u32 %p0, %x0, 1; @%p0 bra DONE;
and.b32 %x1, %x0, 1; setp.eq.u32 %p1, %x1, 0; @%p1 bra EVEN;
mad.lo.u32 %x0, %x0, 3, 1; bra NEXT;
EVEN: shr.u32 %x0, %x0, 1;
NEXT: add.u32 %r, %r, 1; bra LOOP;
DONE: bar.warp.sync -1;)");
    EXPECT_EQ(found, expected([](int lane) {
                  int steps = 0;
                  for (int x = lane + 1; x != 1; x = x % 2 == 0 ? x / 2 : 3 * x + 1) ++steps;
                  return steps;
              }));
}

TEST(PtxWarp, GuardsAndTablesOfLabels) {
    EXPECT_EQ(words_of("setp.lt.u32 %p0, %l, 5; mov.u32 %r, 1; @%p0 mov.u32 %r, 2; @!%p0 add.u32 %r, %r, 6;"),
              expected([](auto lane) { return lane < 5 ? 2 : 7; }));
    EXPECT_EQ(words_of(R"(and.b32 %x0, %l, 3; mov.u32 %r, 0;
TABLE: .branchtargets A, B, A, C;
brx.idx %x0, TABLE;
A: add.u32 %r, %r, 1;
B: add.u32 %r, %r, 10;
C: add.u32 %r, %r, 100;)"),
              expected([](auto lane) { return lane % 4 == 1   ? 110
                                              : lane % 4 == 3 ? 100
                                                              : 111; }));
}

TEST(PtxWarp, Functions) {
    const std::string functions = R"(
.func (.param .b32 result) square_plus(.param .b32 x, .param .align 4 .b8 pair[8])
{ .reg .b32 %a<4>; ld.param.u32 %a0, [x]; ld.param.u32 %a1, [pair+4]; mad.lo.u32 %a2, %a0, %a0, %a1;
st.param.b32 [result], %a2; ret; }
.func (.param .b32 result) twice(.param .b32 x)
{ .reg .b32 %a<3>; .reg .pred %p; ld.param.u32 %a0, [x]; setp.gt.u32 %p, %a0, 15; @%p bra BIG;
{ .param .b32 in; .param .align 4 .b8 both[8]; .param .b32 out;
st.param.b32 [in], %a0; st.param.b32 [both+0], 1; st.param.b32 [both+4], 7; call (out), square_plus, (in, both);
ld.param.b32 %a1, [out]; }
st.param.b32 [result], %a1; ret;
BIG: st.param.b32 [result], 3; ret; })";
    EXPECT_EQ(
        words_of(
            "{ .param .b32 a; .param .b32 b; st.param.b32 [a], %l; call.uni (b), twice, (a); ld.param.b32 %r, [b]; }",
            32, functions),
        expected([](auto lane) { return lane > 15 ? 3 : lane * lane + 7; }));
}

TEST(PtxWarp, Shuffles) {
    const auto shfl = [](const std::string& rest) {
        return words_of("add.u32 %x0, %l, 100; shfl.sync." + rest + ", -1;");
    };
    EXPECT_EQ(shfl("down.b32 %r, %x0, 4, 31"), expected([](int l) { return 100 + (l + 4 < 32 ? l + 4 : l); }));
    EXPECT_EQ(shfl("up.b32 %r, %x0, 3, 0"), expected([](int l) { return 100 + (l >= 3 ? l - 3 : l); }));
    EXPECT_EQ(shfl("bfly.b32 %r, %x0, 16, 31"), expected([](int l) { return 100 + (l ^ 16); }));
    EXPECT_EQ(shfl("idx.b32 %r, %x0, 5, 31"), expected([](int) { return 105; }));
    // In segments of 8 lanes, as __shfl_sync(..., 8) makes them: c = (32 - 8) << 8 | 31.
    EXPECT_EQ(shfl("down.b32 %r, %x0, 4, 6175"), expected([](int l) { return 100 + (l % 8 + 4 < 8 ? l + 4 : l); }));
    EXPECT_EQ(shfl("idx.b32 %r, %x0, 2, 6175"), expected([](int l) { return 100 + l / 8 * 8 + 2; }));
    EXPECT_EQ(shfl("up.b32 %r, %x0, 3, 6144"), expected([](int l) { return 100 + (l % 8 >= 3 ? l - 3 : l); }));
    EXPECT_EQ(words_of("shfl.sync.down.b32 %x1|%p0, %l, 4, 31, -1; selp.u32 %r, 1, 0, %p0;"),
              expected([](int l) { return l + 4 < 32 ? 1 : 0; }));
}

TEST(PtxWarp, VotesMatchesAndReductions) {
    const std::string low = "setp.lt.u32 %p0, %l, 5; ";
    EXPECT_THAT(words_of(low + "vote.sync.ballot.b32 %r, %p0, -1;"), Each(0x1F));
    EXPECT_THAT(words_of(low + "vote.sync.ballot.b32 %r, !%p0, -1;"), Each(0xFFFFFFE0));
    EXPECT_THAT(words_of(low + "vote.sync.any.pred %p1, %p0, -1; selp.u32 %r, 1, 0, %p1;"), Each(1));
    EXPECT_THAT(words_of(low + "vote.sync.all.pred %p1, %p0, -1; selp.u32 %r, 1, 0, %p1;"), Each(0));
    EXPECT_THAT(words_of(low + "vote.sync.uni.pred %p1, %p0, -1; selp.u32 %r, 1, 0, %p1;"), Each(0));
    EXPECT_EQ(words_of("and.b32 %x0, %l, 1; match.any.sync.b32 %r, %x0, -1;"),
              expected([](auto l) { return l % 2 == 0 ? 0x55555555U : 0xAAAAAAAAU; }));
    EXPECT_THAT(words_of("mov.u32 %x0, 4; match.all.sync.b32 %r|%p0, %x0, -1;"), Each(0xFFFFFFFF));
    EXPECT_THAT(words_of("match.all.sync.b32 %r|%p0, %l, -1;"), Each(0));
    EXPECT_THAT(words_of("redux.sync.add.u32 %r, %l, -1;"), Each(496));
    EXPECT_THAT(words_of("sub.s32 %x0, %l, 9; redux.sync.min.s32 %r, %x0, -1;"), Each(0xFFFFFFF7));
    EXPECT_THAT(words_of("sub.s32 %x0, %l, 9; redux.sync.max.u32 %r, %x0, -1;"), Each(0xFFFFFFFF));
    EXPECT_THAT(words_of("redux.sync.xor.b32 %r, %l, -1;"), Each(0));
    EXPECT_EQ(words_of("elect.sync %x0|%p0, -1; selp.u32 %r, 1, %x0, %p0;"),
              expected([](auto l) { return l == 0 ? 1 : 0; }));
    // Parts of a warp with masks of their own, in a branch and at one instruction.
    const auto among = [](const std::string& statement, int from) {
        return words_of("mov.u32 %r, 9; setp.lt.u32 %p0, %l, 4; setp.ge.u32 %p1, %l, " + std::to_string(from) +
                        "; @%p1 bra END; " + statement + " END:");
    };
    const auto below_8 = [](std::uint32_t value) { return expected([=](auto l) { return l < 8 ? value : 9; }); };
    EXPECT_EQ(among("vote.sync.ballot.b32 %r, %p0, 0xFF;", 8), below_8(0xF));
    EXPECT_EQ(among("vote.sync.all.pred %p2, %p0, 0xFF; selp.u32 %r, 1, 0, %p2;", 8), below_8(0));
    EXPECT_EQ(among("redux.sync.add.s32 %r, %l, 0xFF;", 8), below_8(28));
    EXPECT_EQ(among("match.any.sync.b32 %r, 3, 0xFF;", 8), below_8(0xFF));
    EXPECT_EQ(among("match.all.sync.b32 %r|%p2, 3, 0xFF;", 8), below_8(0xFF));
    EXPECT_EQ(among("match.all.sync.b32 %r|%p2, %l, 0xFF;", 8), below_8(0));
    EXPECT_EQ(among("selp.b32 %x0, 0xF, 0xF0, %p0; vote.sync.ballot.b32 %r, %p0, %x0;", 8), expected([](auto l) {
                  return l < 4 ? 0xF : l < 8 ? 0 : 9;
              }));
    EXPECT_EQ(among("selp.b32 %x0, 0xF, 0xF0, %p0; match.any.sync.b32 %r, 3, %x0;", 8), expected([](auto l) {
                  return l < 4 ? 0xF : l < 8 ? 0xF0 : 9;
              }));
    EXPECT_EQ(
        words_of("setp.lt.u32 %p0, %l, 16; selp.b32 %x0, 0xFFFF, 0xFFFF0000, %p0; redux.sync.add.u32 %r, %l, %x0;"),
        expected([](auto l) { return l < 16 ? 120 : 376; }));
}

TEST(PtxWarp, LanesWaitForEachOther) {
    // Half of the lanes come later, by another way.
    EXPECT_THAT(words_of(R"(setp.lt.u32 %p0, %l, 16; mov.u32 %x0, 1; @%p0 bra MEET;
mov.u32 %x1, 0; L: add.u32 %x1, %x1, 1; setp.lt.u32 %p1, %x1, 50; @%p1 bra L;
MEET: redux.sync.add.u32 %r, %x0, -1;)"),
                Each(32));
    // Those that have exited are not waited for.
    EXPECT_EQ(
        words_of(
            "mov.u32 %r, 0; st.global.u32 [%o], %r; setp.gt.u32 %p0, %l, 7; @%p0 exit; redux.sync.add.u32 %r, %l, -1;"),
        expected([](auto l) { return l > 7 ? 0 : 28; }));
    // Nor those that exit while others wait for them already.
    EXPECT_EQ(words_of("mov.u32 %r, 0; st.global.u32 [%o], %r; setp.gt.u32 %p0, %l, 15; @%p0 bra FAR;\n"
                       "redux.sync.add.u32 %r, %l, -1; bra END; FAR: exit; END:"),
              expected([](auto l) { return l > 15 ? 0 : 120; }));
    // A lock that one lane takes after another: those that wait must not keep the one that has it from going on.
    EXPECT_THAT(words_of(R"(.shared .u32 lock; .shared .u32 sum; .reg .b32 %old;
st.volatile.shared.u32 [lock], 0; st.volatile.shared.u32 [sum], 0; bar.warp.sync -1;
TAKE: atom.shared.cas.b32 %old, [lock], 0, 1; setp.ne.u32 %p0, %old, 0; @%p0 bra TAKE;
ld.volatile.shared.u32 %x0, [sum]; add.u32 %x0, %x0, %l; st.volatile.shared.u32 [sum], %x0;
atom.shared.exch.b32 %old, [lock], 0; bar.warp.sync -1; ld.volatile.shared.u32 %r, [sum];)"),
                Each(496));
}

/// Two ways, of lanes below 16 and of the others, and what they have in common afterwards.
std::string parted(const std::string& low, const std::string& high, const std::string& after = "") {
    return "setp.lt.u32 %p0, %l, 16; @%p0 bra LOW;\n" + high + "\nbra MEET; LOW:\n" + low + "\nMEET: " + after;
}

// PTX ISA, bar.warp.sync, shfl.sync, vote.sync, match.sync, redux.sync: a lane waits for the others of its mask to execute
// one of the same qualifiers and mask, wherever it stands.
TEST(PtxWarp, LanesMeetAtInstructionsOfTheSameQualifiers) {
    EXPECT_EQ(
        words_of(
            ".shared .u32 s[32]; mov.u32 %x0, s; mad.lo.u32 %x0, %l, 4, %x0;" +
            parted("st.shared.u32 [%x0], %l; bar.warp.sync -1; ld.shared.u32 %r, [%x0+64];",
                   "add.u32 %x1, %l, %l; st.shared.u32 [%x0], %x1; bar.warp.sync -1; ld.shared.u32 %r, [%x0+-64];")),
        expected([](int l) { return l < 16 ? 2 * (l + 16) : l - 16; }));
    // In registers of their own, one of them its own source; each with its own distance.
    EXPECT_EQ(words_of(parted("add.u32 %x0, %l, 100; mov.u32 %x1, 16; shfl.sync.bfly.b32 %r, %x0, %x1, 31, -1;",
                              "add.u32 %r, %l, 200; shfl.sync.bfly.b32 %r, %r, 17, 31, -1;")),
              expected([](int l) { return l < 16 ? 200 + (l ^ 16) : 100 + (l ^ 17); }));
    EXPECT_EQ(
        words_of("mov.u32 %r, 7;" + parted("shfl.sync.idx.b32 %x1|%p1, %l, 20, 31, -1;",
                                           "mov.u32 %x2, 9; shfl.sync.idx.b32 %x3, %x2, 3, 31, -1; mov.u32 %x1, %x3;",
                                           "add.u32 %r, %r, %x1;")),
        expected([](int l) { return l < 16 ? 16 : 10; }));
    const std::string odd = "and.b32 %x0, %l, 1; setp.eq.u32 %p1, %x0, 1;";
    EXPECT_THAT(words_of(odd + parted("vote.sync.ballot.b32 %r, %p1, -1;", "vote.sync.ballot.b32 %r, !%p1, -1;")),
                Each(0x5555AAAA));
    EXPECT_THAT(words_of(parted("redux.sync.add.u32 %r, %l, -1;", "redux.sync.add.u32 %r, 1000, -1;")), Each(16120));
    EXPECT_EQ(words_of(parted("match.any.sync.b32 %r, 5, -1;", "and.b32 %x0, %l, 7; match.any.sync.b32 %r, %x0, -1;")),
              expected([](int l) { return l < 16 || l % 8 == 5 ? 0x2020FFFF : 0x01010000 << l % 8; }));
    EXPECT_THAT(words_of(parted("elect.sync %r|%p1, 0xFFFFFFFF;", "elect.sync %r|%p2, -1;")), Each(0));
}

std::string fault(const std::string& body, std::uint32_t threads = 32) {
    return test::message_of([&] { words_of("mov.u32 %r, 0; " + body, threads); });
}

TEST(PtxWarp, LanesThatDoNotMeet) {
    const char* const never = "divergence: lanes wait here for others that do not come";
    // Other qualifiers, another mask, another opcode.
    EXPECT_THAT(fault(parted("shfl.sync.up.b32 %r, %l, 1, 0, -1;", "shfl.sync.down.b32 %r, %l, 1, 31, -1;")),
                HasSubstr(never));
    EXPECT_THAT(fault(parted("bar.warp.sync -1;", "bar.warp.sync 0xFFFF0001;")), HasSubstr(never));
    EXPECT_THAT(fault(parted("bar.warp.sync -1;", "redux.sync.add.u32 %r, %l, -1;")), HasSubstr(never));
    // .aligned: the same instruction. Before sm_70 it is asked of all of them.
    EXPECT_THAT(fault(parted("barrier.sync.aligned 0;", "barrier.sync.aligned 0;")), HasSubstr(never));
    EXPECT_THAT(test::message_of([] {
                    const std::string body = ".reg .pred %p0; .reg .b32 %l, %r; mov.u32 %l, %laneid;" +
                                             parted("bar.warp.sync -1;", "bar.warp.sync -1;");
                    ptx::Machine("sm_90").launch(test::kernel_module("", body, "sm_60"), "k", {{}, {32, 1, 1}}, {});
                }),
                HasSubstr(never));
    // The line is that of the lane's own instruction, whichever came last.
    EXPECT_THAT(
        fault(parted("redux.sync.add.u32 %r, %x7, -1;", "redux.sync.add.u32 %r, %l, -1;")),
        HasSubstr("k.ptx:12: kernel k, CTA (0, 0, 0), thread (0, 0, 0): redux.sync.add.u32: reads %x7, which has "
                  "no value"));
    EXPECT_THAT(
        fault(parted("redux.sync.add.u32 %r, %l, -1;", "redux.sync.add.u32 %r, %x7, -1;")),
        HasSubstr("k.ptx:10: kernel k, CTA (0, 0, 0), thread (16, 0, 0): redux.sync.add.u32: reads %x7, which has "
                  "no value"));
    // One that the mask names never comes.
    EXPECT_THAT(fault("setp.eq.u32 %p0, %l, 9; @%p0 bra L;\n" + parted("bar.warp.sync -1;", "bar.warp.sync -1;") +
                      "\nL: setp.eq.u32 %p0, %l, 9; @%p0 bra L;"),
                HasSubstr("no end after"));
    EXPECT_THAT(fault("setp.eq.u32 %p0, %l, 9;\n" +
                      parted("@!%p0 bar.warp.sync -1; bar.sync 0;", "bar.warp.sync -1; bar.sync 0;")),
                HasSubstr("divergence"));
}

TEST(PtxWarp, WhatMayNotBe) {
    EXPECT_THAT(
        fault("setp.lt.u32 %p0, %l, 16;\n@%p0 shfl.sync.down.b32 %r, %l, 1, 31, -1;\nbar.warp.sync -1;"),
        HasSubstr(
            "k.ptx:10: kernel k, CTA (0, 0, 0), thread (0, 0, 0): shfl.sync.down.b32: divergence: lanes wait "
            "here for others that do not come; of warp 0 lanes 0x0000ffff wait in line 10 (shfl.sync.down.b32), lanes "
            "0xffff0000 wait in line 11 (bar.warp.sync)"));
    EXPECT_THAT(fault("setp.lt.u32 %p0, %l, 16; @%p0 bra A; bar.warp.sync 1; A: bar.warp.sync -1;"),
                HasSubstr("the member mask 0x00000001 does not name lane 16"));
    EXPECT_THAT(fault("shfl.sync.idx.b32 %r, %l, 9, 31, 0xFFFF; add.u32 %r, %r, 1;", 16), testing::Eq("no error"));
    EXPECT_THAT(fault("shfl.sync.idx.b32 %r, %l, 20, 31, 0xFFFF; add.u32 %r, %r, 1;", 16),
                HasSubstr("thread (0, 0, 0): add.u32: reads %r, which has no value"));
    EXPECT_THAT(fault("setp.ne.u32 %p0, %l, 3; @%p0 mov.u32 %x7, 1; shfl.sync.idx.b32 %r, %x7, 3, 31, -1;"),
                HasSubstr("thread (0, 0, 0): st.global.u32: reads %r, which has no value"));
    EXPECT_THAT(fault("add.u32 %r, %x7, 1;"), HasSubstr("add.u32: reads %x7, which has no value"));
    EXPECT_THAT(fault("setp.eq.u32 %p0, %l, 3; @%p0 mov.u32 %x7, 1; add.u32 %r, %x7, 1;"),
                HasSubstr("thread (0, 0, 0): add.u32: reads %x7"));
    EXPECT_THAT(fault("@%p7 mov.u32 %r, 1;"), HasSubstr("reads its predicate, which has no value"));
    // Copies of what has no value are no error as long as nobody looks.
    EXPECT_EQ(fault("mov.u32 %x1, %x7; setp.eq.u32 %p0, %l, 99; selp.b32 %r, %x1, 5, %p0;"), "no error");
    EXPECT_THAT(fault("mov.u32 %x1, %x7; setp.eq.u32 %p0, %l, 4; selp.b32 %r, %x1, 5, %p0;"),
                HasSubstr("thread (4, 0, 0): st.global.u32: reads %r"));
    const std::string packed = ".reg .b64 %q; mov.b64 %q, {%r, %x7}; mov.b64 {%x1, %x2}, %q; ";
    EXPECT_EQ(fault(packed), "no error");
    EXPECT_THAT(fault(packed + "add.u32 %r, %x1, 1;"), HasSubstr("add.u32: reads %x1, which has no value"));
    EXPECT_THAT(
        fault("setp.lt.u32 %p0, %l, 5; @%p0 bra END; L: bra L; END: mov.u32 %r, 0;"),
        HasSubstr("thread (5, 0, 0): bra: no end after 100000 instructions of the CTA's warps (the step limit)"));
    EXPECT_THAT(fault("trap;"), HasSubstr("trap: executed, which ends the kernel"));
    EXPECT_THAT(fault("T: .branchtargets A; brx.idx %l, T; A:"),
                HasSubstr("thread (1, 0, 0): brx.idx: index 1 of a table of 1"));
}

}  // namespace
}  // namespace halfulp
