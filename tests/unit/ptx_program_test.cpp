// Claim: `halfulp ptx run` runs a kernel on .npy files and says what it may not do, with the exit statuses of every
// command.
// Oracle: results by hand. Shared: the reader of .npy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/ptx_program.hpp"

namespace {

namespace fs = std::filesystem;
using halfulp::test::Outcome;
using halfulp::test::PtxProgram;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(PtxProgram, RunsOnFiles) {
    const Outcome outcome = run("3", "--unsuffixed rn");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.output, HasSubstr("scale as sm_90: 1 CTAs of 64 threads"));
    EXPECT_THAT(outcome.output, HasSubstr("scale.ptx:11: function scale: mul.f32: no rounding is stated"));
    EXPECT_THAT(outcome.output, HasSubstr("written: " + y));
    EXPECT_THAT(halfulp::read_tensor(y).codes, ElementsAre(0x3F000000, 0x3F800000, 0x3FC00000));
    EXPECT_EQ(halfulp::read_tensor(y).type, halfulp::ElementType(halfulp::binary32));
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

}  // namespace
