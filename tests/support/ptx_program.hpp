#pragma once

#include <fstream>
#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <string>

#include "support/folder.hpp"
#include "support/program.hpp"

// `halfulp ptx` on a file of PTX, in a folder of the test's own.

namespace halfulp::test {

// y[i] = x[i] * a for i < n, without a rounding.
inline constexpr const char* scale = R"(.version 9.0
.target sm_80
.address_size 64
.entry scale(.param .u64 x, .param .u64 y, .param .u32 n, .param .f32 a)
{ .reg .b64 %q<9>; .reg .b32 %r<9>; .reg .f32 %f<9>; .reg .pred %p;
ld.param.u64 %q0, [x]; ld.param.u64 %q1, [y]; ld.param.u32 %r0, [n]; ld.param.f32 %f0, [a];
mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x; mov.u32 %r3, %tid.x; mad.lo.u32 %r4, %r1, %r2, %r3;
setp.ge.u32 %p, %r4, %r0; @%p ret;
mul.wide.u32 %q2, %r4, 4; add.u64 %q3, %q0, %q2; add.u64 %q4, %q1, %q2;
ld.global.f32 %f1, [%q3];
mul.f32 %f2, %f1, %f0;
st.global.f32 [%q4], %f2; ret; }
)";

class PtxProgram : public FolderTest {
  protected:
    std::string ptx = (folder / "scale.ptx").string(), x = (folder / "x.npy").string(), y = (folder / "y.npy").string();

    void SetUp() override {
        std::ofstream(ptx) << scale;
        write_npy(x, {{3}, binary32, {0x3F800000, 0x40000000, 0x40400000}});
    }

    Outcome run(const std::string& n, const std::string& more) const {
        return test::halfulp("ptx run " + ptx + " --kernel scale --grid 1 --block 64 --arg in:" + x +
                             " --arg out:f32:3:" + y + " --arg u32:" + n + " --arg f32:0x1p-1 " + more);
    }
};

}  // namespace halfulp::test
