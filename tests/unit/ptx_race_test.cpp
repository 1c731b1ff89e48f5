// Claim: races are reported with their place, whatever the seed: of the threads of a CTA in shared and in global memory, of CTAs,
// of copies that nobody has waited for.
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
