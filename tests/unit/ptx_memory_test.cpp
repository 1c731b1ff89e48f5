// Claim: memory holds what was stored, and every access that must not be is reported with its place: out of bounds,
// misaligned, not initialised, races within a CTA and between CTAs, barriers that deadlock.
// Oracle: kernels written to have exactly one such fault, and twins of them that have none. Shared: nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/ptx.hpp"

namespace halfulp {
namespace {

using test::argument;
using test::Arguments;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::uint32_t>;

const std::string start = R"(.reg .b64 %o, %i, %q<9>; .reg .b32 %t, %c, %r, %x<9>; .reg .b16 %h<4>; .reg .pred %p<9>;
mov.u32 %t, %tid.x; mov.u32 %c, %ctaid.x; ld.param.u64 %o, [out]; ld.param.u64 %i, [in];
)";

struct Run {
    std::uint32_t threads = 64, ctas = 1;
    std::size_t dynamic_shared = 0;
    std::string architecture = "sm_90";
    ptx::MachineOptions options = {.step_limit = 1 << 20};
    std::string before = {};
};

/// 256 words that hold 1000 + i in, 256 words of 0 out.
Words run(const std::string& body, const Run& how = {}) {
    const ptx::Module module =
        test::kernel_module(".param .u64 out, .param .u64 in", start + body, "sm_90", how.before);
    ptx::Machine machine(how.architecture, how.options);
    Words values;
    for (std::uint32_t i = 0; i < 256; ++i) values.push_back(1000 + i);
    const ptx::Address in = test::put(machine, values), out = test::put(machine, Words(256));
    machine.launch(module, "k", {{how.ctas, 1, 1}, {how.threads, 1, 1}, how.dynamic_shared},
                   Arguments{argument(out), argument(in)});
    return test::get<std::uint32_t>(machine, out, 256);
}

std::string fault(const std::string& body, const Run& how = {}) {
    return test::message_of([&] { run(body, how); });
}

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

TEST(PtxMemory, AccessesThatMustNotBe) {
    EXPECT_THAT(fault("mad.wide.u32 %q0, %t, 4, %o; st.global.u32 [%q0+772], %t;"),
                HasSubstr("k.ptx:9: kernel k, CTA (0, 0, 0), thread (63, 0, 0): st.global.u32: 4 bytes at"));
    EXPECT_THAT(fault("mad.wide.u32 %q0, %t, 4, %o; st.global.u32 [%q0+772], %t;"),
                HasSubstr("which is not allocated: 0 bytes behind the 1024 bytes allocated at 0x5"));
    EXPECT_THAT(fault("ld.global.u32 %x0, [%i+-4];"), HasSubstr("4 bytes before the 1024 bytes allocated"));
    EXPECT_THAT(fault("mov.u64 %q0, 0; st.global.u32 [%q0+8], %t;"), HasSubstr("4 bytes at 0x8: a null pointer"));
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
    EXPECT_THAT(fault("ld.const.u32 %x0, [c]; st.global.u32 [c], %t;", {.before = ".const .u32 c = 4;"}),
                HasSubstr("in constant memory"));
    EXPECT_THAT(fault("cvta.to.shared.u64 %q0, %o;"), HasSubstr("the generic address does not lie in that space"));
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

/// Each thread writes its word, and reads the one of a thread of another warp.
std::string exchange(const std::string& between) {
    return ".shared .align 4 .b8 s[256]; mov.u32 %x0, s; mad.lo.u32 %x1, %t, 4, %x0; st.shared.u32 [%x1], %t;\n" +
           between + "\nxor.b32 %x2, %t, 32; mad.lo.u32 %x2, %x2, 4, %x0; ld.shared.u32 %r, [%x2];\n";
}
const std::string store_result = "mad.wide.u32 %q0, %t, 4, %o; st.global.u32 [%q0], %r;";

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

TEST(PtxRace, BarriersDeliverReductions) {
    EXPECT_THAT(Words(run("setp.lt.u32 %p0, %t, 40; bar.red.popc.u32 %r, 0, %p0;" + store_result))[63], 40U);
    EXPECT_EQ(run("setp.lt.u32 %p0, %t, 40; bar.red.and.pred %p1, 0, !%p0; selp.u32 %r, 1, 2, %p1;" + store_result)[0],
              2U);
    EXPECT_EQ(run("setp.lt.u32 %p0, %t, 40; bar.red.or.pred %p1, 0, %p0; selp.u32 %r, 1, 2, %p1;" + store_result)[0],
              1U);
}

TEST(PtxRace, BarriersThatNotAllReach) {
    EXPECT_THAT(fault("setp.gt.u32 %p0, %t, 31; @%p0 bra END; bar.sync 0; END:"),
                HasSubstr("bar.sync: deadlock: barrier 0 waits for 64 threads, 32 have come; 32 have exited"));
    EXPECT_THAT(fault("setp.gt.u32 %p0, %t, 40; @%p0 bra END; bar.sync 0; END:"), HasSubstr("deadlock: barrier 0"));
    EXPECT_THAT(fault("setp.gt.u32 %p0, %t, 31; @%p0 bra B; bar.sync 0; bra END; B: bar.sync 1; END:"),
                HasSubstr("deadlock: barrier 0"));
    EXPECT_THAT(
        fault("and.b32 %x0, %t, 1; setp.eq.u32 %p0, %x0, 0; @%p0 bra B; bar.sync 0; bra END; B: bar.sync 0; END:"),
        HasSubstr("divergence"));
    EXPECT_THAT(fault("bar.sync 16;"), HasSubstr("barrier 16: expected one of 0 to 15"));
    EXPECT_THAT(fault("bar.sync 0, 33;"), HasSubstr("33 threads: expected a multiple of 32"));
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
                HasSubstr("is for sm_90, found sm_80"));
}

// The bits do not depend on the seed, nor on how many threads of the computer there are.
TEST(PtxLaunch, SeedsAndThreadsChangeNothing) {
    const std::string body =
        exchange("bar.sync 0;") + "mad.lo.u32 %x3, %c, 64, %t; mad.wide.u32 %q0, %x3, 4, %o; st.global.u32 [%q0], %r;";
    const Words first = run(body, {.ctas = 4});
    for (std::uint64_t seed = 1; seed < 6; ++seed)
        EXPECT_EQ(run(body, {.ctas = 4, .options = {.seed = seed, .threads = 3}}), first);
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
