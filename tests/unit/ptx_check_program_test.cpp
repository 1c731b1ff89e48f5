// Claim: `halfulp ptx check` lists what `ptx run` would refuse, of every kernel of a file.
// Oracle: PTX written to have such faults. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/ptx_program.hpp"

namespace {

using halfulp::test::Outcome;
using halfulp::test::scale;
using testing::HasSubstr;
using PtxCheck = halfulp::test::PtxProgram;

TEST_F(PtxCheck, Checks) {
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

// What `run` refuses on an architecture, `check` names: fp8 by m16n8k16, of which sm_90 has no model and sm_89 and sm_120 have.
TEST_F(PtxCheck, ChecksMatrixInstructionsForAnArchitecture) {
    std::ofstream(ptx) << R"(.version 9.0
.target sm_89
.address_size 64
.entry multiply() { .reg .b32 %a<9>; .reg .f32 %d<4>; mov.u32 %a1, 0; mov.f32 %d0, 0f00000000;
mma.sync.aligned.m16n8k16.row.col.f32.e5m2.e4m3.f32 {%d0, %d1, %d2, %d3}, {%a1, %a1}, {%a1}, {%d0, %d0, %d0, %d0}; ret; }
)";
    const auto check = [&](const std::string& more) { return halfulp::test::halfulp("ptx check " + ptx + more); };
    const auto run_on = [&](const std::string& architecture) {
        return halfulp::test::halfulp("ptx run " + ptx + " --kernel multiply --arch " + architecture);
    };
    for (const std::string architecture : {"sm_89", "sm_120", "Ada"}) {
        EXPECT_EQ(check(" --arch " + architecture).status, 0) << architecture;
        EXPECT_EQ(run_on(architecture).status, 0) << architecture;
    }
    EXPECT_EQ(check("").status, 0);
    for (const std::string architecture : {"sm_90", "sm_100", "H100"}) {
        const std::string why =
            "mma.sync.aligned.m16n8k16.row.col.f32.e5m2.e4m3.f32: there is no model of what the matrix "
            "unit of " +
            architecture + " makes of it";
        EXPECT_EQ(check(" --arch " + architecture).status, 1);
        EXPECT_THAT(check(" --arch " + architecture).output, HasSubstr("scale.ptx:5: function multiply: " + why));
        EXPECT_EQ(run_on(architecture).status, 2);
        EXPECT_THAT(run_on(architecture).output, HasSubstr("scale.ptx:5: kernel multiply: " + why));
    }
    EXPECT_THAT(check(" --arch sm_80").output,
                HasSubstr("--arch sm_80: expected sm_89 or later, for which the PTX is"));
    EXPECT_THAT(check(" --arch sm_1").output, HasSubstr("architecture \"sm_1\": expected one such as sm_80"));
    halfulp::test::shell("sed -i s/sm_89/sm_90/ " + ptx);
    EXPECT_EQ(check("").status, 1);
    EXPECT_EQ(check(" --arch sm_120").status, 0);
}

TEST_F(PtxCheck, ChecksEveryKernel) {
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

TEST_F(PtxCheck, PrintsTheFirstHundredRemarks) {
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
