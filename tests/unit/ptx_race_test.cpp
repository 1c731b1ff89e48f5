// Claim: races are reported with their place, whatever the seed: of the threads of a CTA in shared and in global memory, of CTAs,
// of copies that nobody has waited for; so are barriers that deadlock.
// Oracle: kernels written to have exactly one such fault, and twins of them that have none. Shared: nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>

#include <halfulp/gpu/ptx/fault.hpp>
#include <halfulp/gpu/ptx/global_memory.hpp>

#include "support/ptx_bodies.hpp"

namespace halfulp {
namespace {

using test::argument;
using test::Arguments;
using test::exchange;
using test::fault;
using test::run;
using test::Run;
using test::store_result;
using test::Words;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(PtxRace, BarriersOrderTheThreadsOfACta) {
    const Words found = run(exchange("bar.sync 0;") + store_result);
    for (std::uint32_t i = 0; i < 64; ++i) EXPECT_EQ(found[i], i ^ 32);
    EXPECT_THAT(fault(exchange("")),
                testing::AnyOf(HasSubstr("ld.shared.u32: race: reads shared memory"), HasSubstr("nobody has written")));
    EXPECT_THAT(fault(exchange("bar.warp.sync -1;")),
                testing::AnyOf(HasSubstr("race: reads"), HasSubstr("nobody has written")));
    EXPECT_EQ(fault(exchange("barrier.sync 3;")), "no error");
    EXPECT_EQ(fault(exchange("bar.sync 1, 64;")), "no error");
}

TEST(PtxRace, WritingWhatOthersStillRead) {
    const std::string again = "st.shared.u32 [%x1], %r;";
    EXPECT_THAT(fault(exchange("bar.sync 0;") + again), HasSubstr("race: "));
    EXPECT_EQ(fault(exchange("bar.sync 0;") + "bar.sync 0;" + again), "no error");
    // The same for two lanes of a warp.
    const std::string lanes =
        ".shared .align 4 .b8 s[256]; mov.u32 %x0, s; mad.lo.u32 %x1, %t, 4, %x0; st.shared.u32 [%x1], %t;";
    const std::string neighbour = "xor.b32 %x2, %t, 1; mad.lo.u32 %x2, %x2, 4, %x0; ld.shared.u32 %r, [%x2];";
    EXPECT_THAT(fault(lanes + neighbour), HasSubstr("race: reads shared memory"));
    EXPECT_EQ(fault(lanes + "bar.warp.sync -1;" + neighbour), "no error");
    EXPECT_THAT(fault(lanes + "bar.warp.sync -1;" + neighbour + "st.shared.u32 [%x1], %r;"),
                HasSubstr("race: writes shared memory"));
    // Threads that write one value do not race, those that write several do.
    EXPECT_EQ(fault(".shared .u32 s; st.shared.u32 [s], 7;"), "no error");
    EXPECT_THAT(fault(".shared .u32 s; st.shared.u32 [s], %t;"), HasSubstr("race: writes shared memory"));
}

// In every order of the warps: who read before the writer did so himself is not forgotten.
TEST(PtxRace, AllReadersCount) {
    const std::string body = R"(.shared .u32 s; setp.eq.u32 %p0, %t, 0; @%p0 st.shared.u32 [s], 7; bar.sync 0;
setp.gt.u32 %p1, %t, 31; or.pred %p1, %p1, %p0; @%p1 ld.shared.u32 %r, [s]; @%p0 st.shared.u32 [s], 8;)";
    for (std::uint64_t seed = 0; seed < 8; ++seed)
        EXPECT_THAT(fault(body, {.options = {.seed = seed}}), HasSubstr("race: ")) << seed;
}

TEST(PtxRace, NamedBarriersOrderThoseWhoCome) {
    // Warp 0 produces and arrives, warp 1 waits and consumes.
    const std::string
        produce = R"(.shared .align 4 .b8 s[128]; mov.u32 %x0, s; and.b32 %x1, %t, 31; mad.lo.u32 %x1, %x1, 4, %x0;
setp.gt.u32 %p0, %t, 31; @%p0 bra CONSUME; st.shared.u32 [%x1], %t;
)",
        consume = "ld.shared.u32 %r, [%x1]; sub.u32 %t, %t, 32; " + store_result;
    EXPECT_EQ(run(produce + "bar.arrive 2, 64; bra END; CONSUME: bar.sync 2, 64; " + consume + "END:")[31], 31U);
    EXPECT_THAT(fault(produce + "bar.arrive 2, 64; bra END; CONSUME: " + consume + "END:"),
                testing::AnyOf(HasSubstr("race"), HasSubstr("nobody has written")));
}

// Who arrives and does not wait learns nothing, and others do not learn what he does afterwards.
TEST(PtxRace, WhoOnlyArrivesLearnsNothing) {
    const std::string mine = ".shared .align 4 .b8 s[256]; mov.u32 %x0, s; mad.lo.u32 %x1, %t, 4, %x0;\n",
                      other = "xor.b32 %x2, %t, 32; mad.lo.u32 %x2, %x2, 4, %x0; ld.shared.u32 %r, [%x2];",
                      write = "st.shared.u32 [%x1], %t;", is_last = "setp.gt.u32 %p0, %t, 31;";
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const test::Run how{.options = {.seed = seed}};
        const std::string come = mine + is_last + write + "@%p0 bra A; bar.sync 1, 64;";
        EXPECT_EQ(fault(come + other + "bra E; A: bar.arrive 1, 64; E:", how), "no error");
        EXPECT_THAT(fault(come + "bra E; A: bar.arrive 1, 64;" + other + "E:", how),
                    testing::AnyOf(HasSubstr("race: "), HasSubstr("nobody has written")));
        EXPECT_THAT(
            fault(mine + is_last + "@%p0 bra A; bar.sync 1, 64;" + other + "bra E; A: bar.arrive 1, 64;" + write + "E:",
                  how),
            testing::AnyOf(HasSubstr("race: "), HasSubstr("nobody has written")));
    }
}

// PTX ISA, bar.warp.sync: "guarantees memory ordering among threads participating in the barrier". Each lane writes its
// word and reads that of a lane at a distance.
TEST(PtxRace, WarpBarriersOrderTheLanesOfTheirMask) {
    const auto read_at = [](const std::string& distance) {
        return "xor.b32 %x2, %t, " + distance + "; mad.lo.u32 %x2, %x2, 4, %x0; ld.shared.u32 %r, [%x2];";
    };
    const std::string write =
                          ".shared .align 4 .b8 s[128]; mov.u32 %x0, s; mad.lo.u32 %x1, %t, 4, %x0;\n"
                          "st.shared.u32 [%x1], %t; setp.gt.u32 %p0, %t, 15;\n",
                      pairs = "and.b32 %x3, %t, 30; shl.b32 %x3, 3, %x3; bar.warp.sync %x3;",
                      quads = "and.b32 %x3, %t, 28; shl.b32 %x3, 15, %x3; bar.warp.sync %x3;",
                      odd_and_even = "and.b32 %x3, %t, 1; shl.b32 %x3, 0x55555555, %x3; bar.warp.sync %x3;",
                      halves = "selp.b32 %x3, 0xFFFF0000, 0xFFFF, %p0; bar.warp.sync %x3;";
    const auto legal = [&](const std::string& body) { EXPECT_EQ(fault(write + body, {.threads = 32}), "no error"); };
    const auto race = [&](const std::string& body) {
        EXPECT_THAT(fault(write + body, {.threads = 32}), HasSubstr("race: reads shared memory")) << body;
    };
    legal(pairs + read_at("1"));
    race(pairs + read_at("2"));
    race("shl.b32 %x3, 1, %t; bar.warp.sync %x3;" + read_at("31"));
    legal(halves + read_at("15"));
    race(halves + read_at("16"));
    // What one of them knows of a third, all do.
    legal(pairs + odd_and_even + read_at("3"));
    race(odd_and_even + read_at("3"));
    race(odd_and_even + pairs + "st.shared.u32 [%x1], 99;" + quads + read_at("4"));
    legal(quads + read_at("3") + "bar.warp.sync -1; st.shared.u32 [%x1], 99;" + quads + read_at("2"));
    // Those in one half alone.
    legal("@%p0 bra E; bar.warp.sync 0xFFFF;" + read_at("8") + "E:");
    race("@!%p0 bra E; bar.warp.sync 0xFFFF0000;" + read_at("8") + "E: " + read_at("16"));
    // Lanes that have exited and are named count as come.
    legal("@%p0 exit; bar.warp.sync -1;" + read_at("16"));
    race("@%p0 exit; bar.warp.sync 0xFFFF;" + read_at("16"));
}

TEST(PtxRace, BarriersDeliverReductions) {
    for (const char* barrier : {"bar.red.popc.u32 %r, 0, %p0;", "bar.red.popc.u32 %r, 0, 64, %p0;",
                                "barrier.red.popc.u32 %r, 0, %p0;", "barrier.cta.red.popc.aligned.u32 %r, 2, 64, %p0;"})
        EXPECT_THAT(Words(run("setp.lt.u32 %p0, %t, 40;" + (barrier + store_result)))[63], 40U) << barrier;
    // Each lane may come to it by itself, and from elsewhere.
    EXPECT_THAT(Words(run("setp.lt.u32 %p0, %t, 40; @%p0 bra A; barrier.red.popc.u32 %r, 0, !%p0; bra B;\n"
                          "A: barrier.red.popc.u32 %r, 0, !%p0;\nB: " +
                          store_result))[63],
                24U);
    EXPECT_EQ(run("setp.lt.u32 %p0, %t, 40; bar.red.and.pred %p1, 0, !%p0; selp.u32 %r, 1, 2, %p1;" + store_result)[0],
              2U);
    EXPECT_EQ(run("setp.lt.u32 %p0, %t, 40; bar.red.or.pred %p1, 0, %p0; selp.u32 %r, 1, 2, %p1;" + store_result)[0],
              1U);
}

TEST(PtxRace, BarriersThatNotAllReach) {
    EXPECT_THAT(fault("setp.gt.u32 %p0, %t, 31; @%p0 bra END; bar.sync 0, 64; END:"),
                HasSubstr("bar.sync: deadlock: barrier 0 waits for 64 threads, 32 have come; 32 have exited"));
    // More than there are; not as many as others say.
    EXPECT_THAT(fault("bar.sync 1, 128;"), HasSubstr("deadlock: barrier 1 waits for 128 threads, 64 have come"));
    EXPECT_THAT(fault("setp.gt.u32 %p0, %t, 31; @%p0 bra B; bar.sync 1, 96; bra END; B: bar.sync 1, 64; END:"),
                testing::AnyOf(HasSubstr("barrier 1: others came to it for 96 threads, this one for 64"),
                               HasSubstr("barrier 1: others came to it for 64 threads, this one for 96")));
    EXPECT_THAT(fault("setp.gt.u32 %p0, %t, 31; @%p0 bra B; bar.red.and.pred %p1, 1, 64, %p0; bra END;\n"
                      "B: bar.red.or.pred %p1, 1, 64, %p0; END:"),
                HasSubstr("barrier 1: others came to it for another reduction"));
    EXPECT_THAT(fault("setp.gt.u32 %p0, %t, 31; @%p0 bra B; bar.sync 0; bra END; B: bar.sync 1; END:"),
                HasSubstr("deadlock: barrier 0"));
    EXPECT_THAT(
        fault("and.b32 %x0, %t, 1; setp.eq.u32 %p0, %x0, 0; @%p0 bra B; bar.sync 0; bra END; B: bar.sync 0; END:"),
        HasSubstr("divergence"));
    EXPECT_THAT(fault("mov.u32 %x0, 16; bar.sync %x0;"), HasSubstr("barrier 16: expected one of 0 to 15"));
    EXPECT_THAT(fault("mov.u32 %x0, 33; bar.sync 0, %x0;"), HasSubstr("33 threads: expected a multiple of 32"));
}

// PTX ISA, barrier: a warp counts as 32 threads when those of it that have not exited have come, however many it has.
TEST(PtxRace, BarriersCountWholeWarps) {
    EXPECT_EQ(fault("setp.gt.u32 %p0, %t, 40; @%p0 bra END; bar.sync 0, 64; END:"), "no error");
    EXPECT_EQ(fault("setp.gt.u32 %p0, %t, 31; @%p0 bra B; bar.sync 1, 32; bra END; B: bar.sync 2, 32; END:"),
              "no error");
    // By itself each half of a warp is no warp: 16 have come until the others have come, too, or have exited.
    EXPECT_EQ(fault("and.b32 %x0, %t, 16; setp.eq.u32 %p0, %x0, 0; @%p0 bra B; barrier.sync 1, 64; bra END;\n"
                    "B: barrier.sync 1, 64; END:"),
              "no error");
    EXPECT_EQ(fault("and.b32 %x0, %t, 16; setp.eq.u32 %p0, %x0, 0; @%p0 bra B; bra END; B: barrier.sync 1, 64; END:"),
              "no error");
    EXPECT_THAT(
        fault("setp.gt.u32 %p0, %t, 31; @%p0 bra END; setp.gt.u32 %p0, %t, 15; @%p0 bra END; bar.sync 1, 64; END:"),
        HasSubstr("deadlock: barrier 1 waits for 64 threads, 32 have come"));
}

// CUDA programming guide, compute capability 7.x: "all non-exited threads in the block". Of 128, those from 70 on exit.
TEST(PtxRace, BarriersDoNotWaitForThreadsThatHaveExited) {
    const std::string body = R"(.shared .align 4 .b8 s[512]; mov.u32 %x0, s; mad.lo.u32 %x1, %t, 4, %x0;
setp.gt.u32 %p0, %t, 69; @%p0 exit; st.shared.u32 [%x1], %t; )";
    const std::string read = "sub.u32 %x2, 69, %t; mad.lo.u32 %x2, %x2, 4, %x0; ld.shared.u32 %r, [%x2];";
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const test::Run how{.threads = 128, .options = {.seed = seed}};
        const Words found = run(body + "bar.sync 0;" + read + store_result, how);
        for (std::uint32_t i = 0; i < 70; ++i) EXPECT_EQ(found[i], 69 - i);
        EXPECT_EQ(run(body + "setp.lt.u32 %p1, %t, 40; bar.red.popc.u32 %r, 0, %p1;" + store_result, how)[69], 40U);
        EXPECT_THAT(fault(body + "setp.lt.u32 %p1, %t, 32; @%p1 bra B; bar.sync 1; bra E; B: bar.sync 0; E:", how),
                    HasSubstr("deadlock: barrier 0"));
    }
}

TEST(PtxRace, CtasDependOnNoOrder) {
    // Each CTA writes its word and reads that of the other.
    const std::string text =
                          "setp.gt.u32 %p0, %t, 0; @%p0 exit; mad.wide.u32 %q0, %c, 4, %o; st.global.u32 [%q0], 5;\n",
                      other = "xor.b32 %x0, %c, 1; mad.wide.u32 %q1, %x0, 4, %o; ld.global.u32 %x1, [%q1];";
    EXPECT_THAT(fault(text + other, {.ctas = 2}), HasSubstr("race: "));
    const std::string flag =
        "setp.gt.u32 %p0, %t, 0; @%p0 exit; setp.eq.u32 %p1, %c, 0; @%p1 bra GIVE;\n"
        "ld.volatile.global.u32 %x0, [%o+4]; setp.eq.u32 %p2, %x0, 1; @%p2 ld.global.u32 %x1, [%o]; exit;\n"
        "GIVE: st.global.u32 [%o], 5;";
    EXPECT_EQ(fault(flag + "membar.gl; st.volatile.global.u32 [%o+4], 1;", {.ctas = 2}), "no error");
    EXPECT_THAT(fault(flag + "st.volatile.global.u32 [%o+4], 1;", {.ctas = 2}), HasSubstr("race: reads"));
    // What releases is a fence too, for those in its scope.
    for (const char* signal :
         {"st.release.gpu.global.u32 [%o+4], 1;", "red.release.gpu.global.add.u32 [%o+4], 1;",
          "atom.acq_rel.sys.global.exch.b32 %x0, [%o+4], 1;", "atom.exch.release.gpu.b32 %x0, [%o+4], 1;"})
        EXPECT_EQ(fault(flag + signal, {.ctas = 2}), "no error") << signal;
    for (const char* signal : {"st.release.cta.global.u32 [%o+4], 1;", "red.relaxed.gpu.global.add.u32 [%o+4], 1;",
                               "atom.acquire.gpu.global.exch.b32 %x0, [%o+4], 1;"})
        EXPECT_THAT(fault(flag + signal, {.ctas = 2}), HasSubstr("race: reads")) << signal;
    EXPECT_EQ(fault(text, {.ctas = 2}), "no error");
    EXPECT_THAT(fault("setp.gt.u32 %p0, %t, 0; @%p0 exit; st.global.u32 [%o], %c;", {.ctas = 2}),
                HasSubstr("race: writes"));
    // Bytes of one word are of several CTAs, as they may.
    EXPECT_EQ(
        fault("setp.gt.u32 %p0, %t, 0; @%p0 exit; cvt.u64.u32 %q0, %c; add.u64 %q0, %q0, %o; st.global.u8 [%q0], %c;",
              {.ctas = 4}),
        "no error");
}

// Whichever of reader and writer comes first, and whoever has read besides.
TEST(PtxRace, CtasDoNotWriteWhatOthersRead) {
    const std::string one_thread = "setp.gt.u32 %p0, %t, 0; @%p0 exit; ", write = "st.global.u32 [%o], 7;";
    const std::string reads = one_thread + "setp.gt.u32 %p1, %c, 0; @!%p1 ld.global.u32 %x0, [%o]; ";
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const ptx::MachineOptions options{.seed = seed};
        EXPECT_THAT(fault(reads + "@%p1 " + write, {.ctas = 2, .options = options}), HasSubstr("race: ")) << seed;
        EXPECT_EQ(fault(one_thread + "ld.global.u32 %x0, [%o];", {.ctas = 4, .options = options}), "no error");
        // All read, one writes: the first, or the last.
        for (const char* writer : {"0", "2"})
            EXPECT_THAT(
                fault(one_thread + "ld.global.u32 %x0, [%o]; setp.eq.u32 %p1, %c, " + writer + "; @%p1 " + write,
                      {.ctas = 3, .options = options}),
                HasSubstr("race: "))
                << seed;
        // Each its own half of one word.
        EXPECT_EQ(fault(one_thread + "mad.wide.u32 %q0, %c, 2, %o; ld.global.u16 %h0, [%q0]; st.global.u16 [%q0], %c;",
                        {.ctas = 4, .options = options}),
                  "no error");
    }
    EXPECT_THAT(fault(reads + "@%p1 " + write, {.ctas = 2}),
                HasSubstr("st.global.u32: race: writes 0x50000001400, which CTA number 0 read in this launch"));
    EXPECT_THAT(fault(one_thread + "ld.global.u32 %x0, [%o]; setp.eq.u32 %p1, %c, 2; @!%p1 bra END; " + write + "END:",
                      {.ctas = 3}),
                HasSubstr("which CTA number 0 read"));
    // A fence of the reader is enough: what comes behind it may be a signal to the writer.
    EXPECT_EQ(fault(reads + "membar.gl; @%p1 " + write, {.ctas = 2}), "no error");
    EXPECT_THAT(fault(reads + "membar.cta; @%p1 " + write, {.ctas = 2}), HasSubstr("race: "));
}

// The first reader writes, when others have read: on one host thread CTAs do not come between each other so.
TEST(PtxRace, TheFirstReaderDoesNotWriteWhatOthersRead) {
    ptx::GlobalMemory memory;
    ptx::Allocation& word = memory.allocate(4);
    std::vector<std::atomic<std::uint32_t>> fences(2);
    const ptx::NoteRace race = [](std::uint32_t, const std::string& what) { throw ptx::Fault{-1, what}; };
    const auto by = [&](std::uint64_t cta) { return ptx::GlobalAccess{1, cta, fences, race, 0, false}; };
    std::array<std::byte, 4> bytes{}, old{};
    std::fill(word.defined.begin(), word.defined.end(), 1);
    for (const std::uint64_t cta : {0U, 1U}) ptx::read_global(word, word.address, bytes, by(cta));
    try {
        ptx::write_global(word, word.address, bytes, old, by(0));
        ADD_FAILURE() << "no fault";
    } catch (const ptx::Fault& fault) {
        EXPECT_THAT(fault.message, HasSubstr("which other CTAs than number 0 read"));
    }
}

TEST(PtxRace, WritersOfOneValueAreInNoOrder) {
    EXPECT_EQ(fault("st.global.u32 [%o], 7;", {.ctas = 2}), "no error");
    EXPECT_THAT(fault("st.global.u32 [%o], 7; ld.global.u32 %x0, [%o];", {.threads = 1, .ctas = 2}),
                HasSubstr("race: "));
    EXPECT_THAT(fault("st.global.u32 [%o], 7; ld.global.u32 %x0, [%o];"), HasSubstr("race: "));
    EXPECT_EQ(fault("red.global.add.u32 [%o], 7;", {.ctas = 2}), "no error");
}

TEST(PtxRace, ThreadsOfACtaInGlobalMemory) {
    const std::string mine = "mad.wide.u32 %q0, %t, 4, %o; st.global.u32 [%q0], %t;";
    const auto other = [](const char* far) {
        return fmt::format("xor.b32 %x0, %t, {}; mad.wide.u32 %q1, %x0, 4, %o; ld.global.u32 %r, [%q1];", far);
    };
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const struct Run how {
            .options = {.seed = seed }
        };
        EXPECT_THAT(fault("st.global.u32 [%o], %t;", how), HasSubstr("race: writes"));
        EXPECT_THAT(fault(mine + other("32"), how), HasSubstr("race: "));
        EXPECT_EQ(fault(mine + "bar.sync 0;" + other("32"), how), "no error");
        EXPECT_THAT(fault(mine + other("1"), how), HasSubstr("race: reads"));
        EXPECT_EQ(fault(mine + "bar.warp.sync -1;" + other("1"), how), "no error");
        // Whichever of reader and writer comes first.
        EXPECT_THAT(fault("setp.ge.u32 %p0, %t, 32; @!%p0 ld.global.u32 %x0, [%o]; @%p0 st.global.u32 [%o], 7;", how),
                    HasSubstr("race: "));
        // What others have read.
        EXPECT_THAT(fault(other("32") + mine, how), HasSubstr("race: "));
        EXPECT_EQ(fault(other("32") + "bar.sync 0;" + mine, how), "no error");
    }
    EXPECT_THAT(fault(mine + other("1"), {.threads = 32}),
                HasSubstr("which thread number 1 wrote, with no barrier or fence between"));
    EXPECT_EQ(fault(mine + "membar.cta;" + other("1")), "no error");
}

// A page that was read by words is then written by bytes, and looked at in words again.
TEST(PtxRace, ThreadsOfACtaMayShareAWord) {
    const std::string bytes =
                          "cvt.u64.u32 %q0, %t; add.u64 %q0, %q0, %o; st.global.u8 [%q0], %t; ld.global.u8 %x0, [%q0];",
                      words = "mad.wide.u32 %q1, %t, 4, %o; ld.global.u32 %x1, [%q1];";
    EXPECT_EQ(fault(bytes), "no error");
    EXPECT_EQ(fault(words + "bar.sync 0;" + bytes), "no error");
    EXPECT_THAT(fault(words + bytes), HasSubstr("race: "));
    EXPECT_THAT(fault(bytes + words), HasSubstr("race: reads"));
    // One warp: what was known of the word is known of its bytes.
    EXPECT_THAT(fault("ld.global.u32 %x1, [%o];" + bytes, {.threads = 32}), HasSubstr(" read, with no barrier"));
    EXPECT_THAT(fault("st.global.u32 [%o], 7;" + bytes, {.threads = 32}), HasSubstr(" wrote, with no barrier"));
    EXPECT_EQ(fault(bytes + "bar.sync 0;" + words), "no error");
}

TEST(PtxRace, LaunchesAreInOrder) {
    const ptx::Module module = test::kernel_module(
        ".param .u64 out, .param .u32 shift",
        ".reg .b64 %q; .reg .b32 %c, %s; mov.u32 %c, %ctaid.x; ld.param.u32 %s, [shift]; xor.b32 %c, %c, %s;\n"
        "ld.param.u64 %q, [out]; mad.wide.u32 %q, %c, 4, %q; st.global.u32 [%q], %c;");
    ptx::Machine machine("sm_90");
    const ptx::Address out = machine.allocate(16);
    for (const std::uint32_t shift : {0U, 1U, 2U})
        machine.launch(module, "k", {{4, 1, 1}, {}}, Arguments{argument(out), argument(shift)});
    EXPECT_THAT(test::get<std::uint32_t>(machine, out, 4), ElementsAre(0, 1, 2, 3));
}

const std::string copy_in = R"(.shared .align 16 .b8 s[1024]; mov.u32 %x0, s; mad.lo.u32 %x1, %t, 16, %x0;
mad.wide.u32 %q0, %t, 16, %i; setp.gt.u32 %p0, %t, 31; @%p0 exit;
cp.async.cg.shared.global [%x1], [%q0], 16;
)";
const std::string read_back = "ld.shared.u32 %r, [%x1+4];" + store_result;

TEST(PtxCopy, ArrivesWhenItIsWaitedFor) {
    const std::string commit = "cp.async.commit_group;";
    const Words found = run(copy_in + commit + "cp.async.wait_group 0;" + read_back);
    for (std::uint32_t i = 0; i < 32; ++i) EXPECT_EQ(found[i], 1001 + 4 * i);
    EXPECT_EQ(run(copy_in + "cp.async.wait_all;" + read_back)[3], 1013U);
    const std::string too_early = "on its way that has not been waited for";
    EXPECT_THAT(fault(copy_in + read_back), HasSubstr(too_early));
    EXPECT_THAT(fault(copy_in + commit + "cp.async.wait_group 1;" + read_back), HasSubstr(too_early));
    EXPECT_THAT(fault(copy_in + "cp.async.wait_group 0;" + read_back), HasSubstr(too_early));
    EXPECT_THAT(fault(copy_in + "st.shared.u32 [%x1], 0;"), HasSubstr("is on its way"));
    // Two groups, of which the older one has arrived.
    EXPECT_EQ(run(copy_in + commit + "cp.async.ca.shared.global [%x1+512], [%q0], 4, 2;" + commit +
                  "cp.async.wait_group 1;" + read_back)[1],
              1005U);
    EXPECT_EQ(run(copy_in + commit + "cp.async.ca.shared.global [%x1+512], [%q0], 4, 1;" + commit +
                  "cp.async.wait_group 0; ld.shared.u32 %r, [%x1+512];" + store_result)[0],
              1000U & 0xFF);
    // What a thread has waited for, others may read behind a barrier.
    const std::string neighbour = "xor.b32 %x2, %x1, 16; ld.shared.u32 %r, [%x2+4];" + store_result;
    EXPECT_EQ(run(copy_in + "cp.async.wait_all; bar.warp.sync -1;" + neighbour)[0], 1005U);
    EXPECT_THAT(fault(copy_in + "cp.async.wait_all;" + neighbour),
                testing::AnyOf(HasSubstr("race"), HasSubstr(too_early)));
}

// The hardware may read the source as late as at the wait.
TEST(PtxCopy, ReadsItsSourceUntilItIsWaitedFor) {
    const std::string overwrite = "st.global.u32 [%q0+4], 5;", wait = "cp.async.wait_all;";
    EXPECT_THAT(fault(copy_in + overwrite + wait),
                HasSubstr("cp.async.wait_all: the asynchronous copy from 0x50000000000 that it waits for: somebody has "
                          "written there since it began"));
    EXPECT_THAT(
        fault(copy_in + "cp.async.commit_group; bar.warp.sync -1; st.global.u32 [%i], 5; cp.async.wait_group 0;"),
        HasSubstr("somebody has written there since it began"));
    EXPECT_EQ(run(copy_in + wait + overwrite + read_back)[2], 1009U);
}

// CUDA programming guide, "Atomic Functions": any operation by a loop around atomicCAS, whose first read is an ordinary
// one. Each thread adds 3.
const std::string compare_and_swap_loop = R"(ld.global.u32 %x0, [%o];
LOOP: mad.lo.u32 %x1, %x0, 1, 3; atom.global.cas.b32 %x2, [%o], %x0, %x1; setp.ne.u32 %p0, %x2, %x0; mov.u32 %x0, %x2;
@%p0 bra LOOP;)";

TEST(PtxRace, ReportedRatherThanRefused) {
    EXPECT_THAT(fault(compare_and_swap_loop), HasSubstr("atom.global.cas.b32: race: writes 0x5000000"));
    for (const unsigned threads : {1U, 4U}) {
        const ptx::Module module =
            test::kernel_module(".param .u64 out, .param .u64 in", test::start + compare_and_swap_loop);
        ptx::Machine machine("sm_90", {.threads = threads, .races = ptx::Races::Report});
        const ptx::Address out = test::put(machine, Words{0});
        const ptx::Statistics statistics =
            machine.launch(module, "k", {{3, 1, 1}, {64, 1, 1}}, Arguments{argument(out), argument(out)});
        EXPECT_THAT(test::get<std::uint32_t>(machine, out, 1), ElementsAre(3 * 3 * 64));
        ASSERT_FALSE(statistics.races.empty());
        for (const ptx::Race& race : statistics.races) {
            EXPECT_THAT(race.first, testing::AnyOf(HasSubstr(": ld.global.u32: race: reads 0x5000000"),
                                                   HasSubstr(": atom.global.cas.b32: race: writes 0x5000000")));
            EXPECT_THAT(race.first, testing::StartsWith("k.ptx:" + std::to_string(race.line) + ": kernel k, CTA ("));
            EXPECT_GE(race.count, 1U);
        }
    }
}

TEST(PtxRace, ReportsEachInstructionOnce) {
    const ptx::Module module = test::kernel_module(
        ".param .u64 out, .param .u64 in",
        test::start +
            ".shared .align 4 .b8 s[4]; mul.lo.u32 %x0, %t, 0x01010101; st.shared.u32 [s], %x0; bar.sync 0;\nst.shared.u32 [s], 1; bar.sync 0;\n"
            "ld.shared.u32 %r, [s];" +
            store_result);
    ptx::Machine machine("sm_90", {.races = ptx::Races::Report});
    const ptx::Address out = test::put(machine, Words(64));
    const ptx::Statistics statistics =
        machine.launch(module, "k", {{}, {64, 1, 1}}, Arguments{argument(out), argument(out)});
    EXPECT_THAT(test::get<std::uint32_t>(machine, out, 64), Each(1U));
    ASSERT_EQ(statistics.races.size(), 1U);
    EXPECT_EQ(statistics.races[0].count, 63U);  // each thread with the one before, in all bytes
    EXPECT_EQ(statistics.races[0].line, 9);
    EXPECT_THAT(statistics.races[0].first, HasSubstr("st.shared.u32: race: writes shared memory 0x0, which thread"));
}

}  // namespace
}  // namespace halfulp
