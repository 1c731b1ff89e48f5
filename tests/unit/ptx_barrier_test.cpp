// Claim: barriers order what threads did before with what those do that wait there, and nothing else; they deliver reductions; one that
// not all reach is a deadlock.
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

TEST(PtxBarrier, BarriersOrderTheThreadsOfACta) {
    const Words found = run(exchange("bar.sync 0;") + store_result);
    for (std::uint32_t i = 0; i < 64; ++i) EXPECT_EQ(found[i], i ^ 32);
    EXPECT_THAT(fault(exchange("")),
                testing::AnyOf(HasSubstr("ld.shared.u32: race: reads shared memory"), HasSubstr("nobody has written")));
    EXPECT_THAT(fault(exchange("bar.warp.sync -1;")),
                testing::AnyOf(HasSubstr("race: reads"), HasSubstr("nobody has written")));
    EXPECT_EQ(fault(exchange("barrier.sync 3;")), "no error");
    EXPECT_EQ(fault(exchange("bar.sync 1, 64;")), "no error");
}

TEST(PtxBarrier, NamedBarriersOrderThoseWhoCome) {
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
TEST(PtxBarrier, WhoOnlyArrivesLearnsNothing) {
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
TEST(PtxBarrier, WarpBarriersOrderTheLanesOfTheirMask) {
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

TEST(PtxBarrier, BarriersDeliverReductions) {
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

TEST(PtxBarrier, BarriersThatNotAllReach) {
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
TEST(PtxBarrier, BarriersCountWholeWarps) {
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
TEST(PtxBarrier, BarriersDoNotWaitForThreadsThatHaveExited) {
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

}  // namespace
}  // namespace halfulp
