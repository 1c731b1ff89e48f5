// Claim: a launch takes what the kernel and the architecture allow, leaves the same bits for every seed and any number of host
// threads, reports the first error in the order of CTAs, and counts what it executes.
// Oracle: small kernels, whose counts are made by hand. Shared: nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "support/ptx_bodies.hpp"

namespace halfulp {
namespace {

using test::argument;
using test::Arguments;
using test::exchange;
using test::fault;
using test::run;
using test::Words;
using testing::HasSubstr;

TEST(PtxLaunch, WhatMayNotBe) {
    const ptx::Module module =
        test::kernel_module(".param .u64 a, .param .u32 b", "", "sm_90", ".entry other() { ret; }");
    ptx::Machine machine("sm_90");
    const auto launch = [&](const ptx::LaunchShape& shape, std::vector<std::vector<std::byte>> arguments,
                            const char* kernel = "k") {
        return test::message_of([&] { machine.launch(module, kernel, shape, arguments); });
    };
    const auto a = argument(std::uint64_t{0}), b = argument(std::uint32_t{0});
    EXPECT_EQ(launch({}, {a, b}), "no error");
    EXPECT_THAT(launch({}, {a}), HasSubstr("kernel k: expected 2 arguments, found 1"));
    EXPECT_THAT(launch({}, {a, a}), HasSubstr("argument 1, b: expected 4 bytes, found 8"));
    EXPECT_THAT(launch({}, {}, "kk"), HasSubstr("kernel \"kk\": expected one of k, other"));
    EXPECT_THAT(launch({{0, 1, 1}, {}}, {a, b}), HasSubstr("grid (0, 1, 1): expected 1 to 2^31 - 1 CTAs"));
    EXPECT_THAT(launch({{}, {33, 32, 1}}, {a, b}), HasSubstr("block (33, 32, 1): expected 1 to 1024 threads"));
    EXPECT_THAT(launch({{}, {1, 1, 65}}, {a, b}), HasSubstr("at most 64 in z"));
    EXPECT_THAT(launch({{}, {}, 300000}, {a, b}),
                HasSubstr("300000 bytes of shared memory: a CTA of sm_90 has at most"));
    EXPECT_THAT(test::message_of([] { ptx::Machine("sm_12345"); }), HasSubstr("architecture \"sm_12345\""));
    EXPECT_THAT(test::message_of([&] {
                    ptx::Machine("sm_80").launch(module, "k", {}, Arguments{a, b});
                }),
                HasSubstr("k.ptx: kernel k: the PTX is for sm_90 and later, which sm_80 is not"));
}

// The bits do not depend on the seed, nor on how many threads of the computer there are.
TEST(PtxLaunch, SeedsAndThreadsChangeNothing) {
    const std::string body =
        exchange("bar.sync 0;") + "mad.lo.u32 %x3, %c, 64, %t; mad.wide.u32 %q0, %x3, 4, %o; st.global.u32 [%q0], %r;";
    const Words first = run(body, {.ctas = 4});
    for (std::uint64_t seed = 1; seed < 6; ++seed)
        EXPECT_EQ(run(body, {.ctas = 4, .options = {.seed = seed, .threads = 3}}), first);
}

// Of two lanes that come to the same memory at one instruction either may be the first, as on a GPU; without a seed the lower.
TEST(PtxLaunch, SeedsShuffleLanes) {
    const std::string body =
        "mad.wide.u32 %q0, %t, 4, %o; atom.global.add.u32 %r, [%i], 1; st.global.u32 [%q0], %r; "
        "st.volatile.global.u32 [%o+128], %t;";
    std::set<std::pair<std::size_t, std::size_t>> orders;
    std::set<std::uint32_t> last;
    const auto found_by = [&](std::uint64_t seed) { return run(body, {.threads = 32, .options = {.seed = seed}}); };
    for (std::uint64_t seed = 1; seed < 100; ++seed) {
        const Words found = found_by(seed);
        for (std::size_t a = 0; a < 32; ++a)
            for (std::size_t b = 0; b < 32; ++b)
                if (found[a] < found[b]) orders.emplace(a, b);
        last.insert(found[32]);
    }
    EXPECT_EQ(orders.size(), 32U * 31U);
    EXPECT_GT(last.size(), 16U);
    const Words unshuffled = found_by(0);
    EXPECT_TRUE(std::is_sorted(unshuffled.begin(), unshuffled.begin() + 32));
    EXPECT_EQ(unshuffled[32], 31U);
}

// So that a kernel that is run again and again is run in several orders.
TEST(PtxLaunch, SeedsHaveAnotherOrderInEachLaunch) {
    const ptx::Module module = test::kernel_module(
        ".param .u64 out",
        ".reg .b64 %q; .reg .b32 %t; ld.param.u64 %q, [out]; mov.u32 %t, %tid.x; st.volatile.global.u32 [%q], %t;");
    const auto last_lanes = [&](std::uint64_t seed) {
        ptx::Machine machine("sm_90", {.seed = seed});
        const ptx::Address out = machine.allocate(4);
        std::set<std::uint32_t> lanes;
        for (int i = 0; i < 20; ++i) {
            machine.launch(module, "k", {{}, {32, 1, 1}}, Arguments{argument(out)});
            lanes.insert(test::get<std::uint32_t>(machine, out, 1)[0]);
        }
        return lanes;
    };
    EXPECT_EQ(last_lanes(0), std::set<std::uint32_t>{31});
    EXPECT_GT(last_lanes(1).size(), 5U);
}

/// Every CTA adds one to in[0] and waits until it is so many: a barrier of the grid, at the label.
std::string grid_barrier(std::uint32_t until, const std::string& label) {
    return "membar.gl; atom.global.add.u32 %x1, [%i], 1;\n" + label +
           ": ld.volatile.global.u32 %x1, [%i]; setp.lt.u32 %p1, %x1, " + std::to_string(until) + "; @%p1 bra " +
           label + "; membar.gl;\n";
}

/// Each CTA writes, and reads what the next one has written, between barriers of the grid.
std::string grid_exchange(std::uint32_t ctas) {
    return "mad.wide.u32 %q0, %c, 4, %o; mul.lo.u32 %x0, %c, 7; st.global.u32 [%q0], %x0;" +
           grid_barrier(1000 + ctas, "FIRST") + "add.u32 %x2, %c, 1; rem.u32 %x2, %x2, " + std::to_string(ctas) +
           "; mad.wide.u32 %q1, %x2, 4, %o; ld.global.u32 %r, [%q1];" + grid_barrier(1000 + 2 * ctas, "SECOND") +
           "st.global.u32 [%q0], %r;";
}

// As many as this are under way at once, on however many threads of the computer, and in whatever order.
TEST(PtxLaunch, CtasMayWaitForEachOther) {
    Words expected(256);
    for (std::uint32_t i = 0; i < 32; ++i) expected[i] = 7 * ((i + 1) % 32);
    for (const unsigned threads : {1U, 3U})
        for (const std::uint64_t seed : {0U, 12345U})
            EXPECT_EQ(run(grid_exchange(32), {.threads = 1, .ctas = 32, .options = {.seed = seed, .threads = threads}}),
                      expected)
                << threads << " threads, seed " << seed;
}

TEST(PtxLaunch, CtasThatWaitForOneThatCannotBegin) {
    const std::string body =
        "L: ld.volatile.global.u32 %x1, [%i]; setp.lt.u32 %p1, %x1, " + std::to_string(1000 + 257) + "; @%p1 bra L;";
    const std::string come = "atom.global.add.u32 %x1, [%i], 1; ";
    for (const unsigned threads : {1U, 2U}) {
        const auto fault_of = [&](std::uint32_t ctas, const std::string& text) {
            return fault(text, {.threads = 1, .ctas = ctas, .options = {.step_limit = 20000, .threads = threads}});
        };
        EXPECT_THAT(fault_of(257, come + body),
                    HasSubstr("no end after 20000 instructions of the CTA's warps (the step limit); if it waits for "
                              "another CTA: of the 257 at most 256 are under way at once"));
        EXPECT_THAT(fault_of(1, body), testing::EndsWith("(the step limit)"));
        // Those that have ended make room.
        EXPECT_EQ(fault_of(600, come + "setp.ge.u32 %p1, %x1, 1500;"), "no error");
    }
}

// Whoever is first in the order of CTAs is reported, though others fail later in time.
TEST(PtxLaunch, TheFirstErrorIsReported) {
    const std::string body = R"(setp.eq.u32 %p0, %c, 0; selp.u32 %x1, 40000, 200000, %p0; mov.u32 %x0, 0;
L: add.u32 %x0, %x0, 1; setp.lt.u32 %p1, %x0, %x1; @%p1 bra L;
trap;)";
    EXPECT_THAT(fault(body, {.ctas = 8, .options = {.threads = 4}}), HasSubstr("CTA (0, 0, 0)"));
}

TEST(PtxLaunch, BlocksAreAsTheKernelSays) {
    const ptx::Module module = ptx::parse(
        ".version 9.0 .target sm_80 .address_size 64\n.entry most() .maxntid 64 { ret; }\n.entry just() .reqntid 8, 4 { ret; }",
        "k.ptx");
    ptx::Machine machine("sm_80");
    const auto launch = [&](const char* kernel, const ptx::Dim3& block) {
        return test::message_of([&] { machine.launch(module, kernel, {{}, block}, {}); });
    };
    EXPECT_EQ(launch("most", {64, 1, 1}), "no error");
    EXPECT_THAT(launch("most", {65, 1, 1}),
                HasSubstr("k.ptx:2: kernel most: block (65, 1, 1): expected at most 64 threads"));
    EXPECT_EQ(launch("just", {8, 4, 1}), "no error");
    EXPECT_THAT(launch("just", {4, 8, 1}), HasSubstr("block (4, 8, 1): expected (8, 4, 1) (.reqntid)"));
}

TEST(PtxLaunch, CountsWhatItExecutes) {
    const ptx::Module module = test::kernel_module(
        "", ".reg .b32 %r<3>; .reg .pred %p; mov.u32 %r0, %tid.x; setp.lt.u32 %p, %r0, 8; @%p add.u32 %r1, %r0, 1;");
    ptx::Machine machine("sm_90");
    const ptx::Statistics statistics = machine.launch(module, "k", {{2, 1, 1}, {40, 1, 1}}, {});
    EXPECT_EQ(statistics.by_opcode.at("mov.u32"), 4U);
    EXPECT_EQ(statistics.by_opcode.at("add.u32"), 2U);
    EXPECT_EQ(statistics.lane_instructions, 2U * (40 + 40 + 8 + 40));
    EXPECT_EQ(statistics.instructions, 2U * (2 + 2 + 1 + 2));
}

}  // namespace
}  // namespace halfulp
