// Claim: the rows of x86 compute what this CPU computes; VDPBF16PS's NaN bits included, AMX (not yet run on one) without NaNs.
// Oracle: the instructions, where the CPU has them; else skipped. Shared: nothing.
#include <gtest/gtest.h>

#include <span>
#include <string>

#include <halfulp/lib/matrix_unit/replay.hpp>

#include "support/cpu_amx.hpp"
#include "support/cpu_matrix.hpp"

namespace halfulp::test {
namespace {

constexpr std::size_t sample_size = 1'000'000;

std::string operands(const Recording& r, std::size_t row) {
    const auto of = [&](const std::vector<std::uint64_t>& x) {
        return testing::PrintToString(std::span(x).subspan(row * r.k, r.k));
    };
    return "a " + of(r.a) + " b " + of(r.b) + " c " + std::to_string(r.c[row]) + " d " + std::to_string(r.d[row]);
}

class CpuMatrix : public testing::TestWithParam<const char*> {};

TEST_P(CpuMatrix, IsTheRow) {
    const MmaSpec& row = mma_unit(GetParam());
    auto recording = cpu_dot(row, sample_size);
    if (!recording) recording = amx_dots(row, sample_size);
    if (!recording) GTEST_SKIP() << "this CPU lacks " << row.instruction;
    const Replay result = replay(*recording, row);
    EXPECT_EQ(result.matches, result.rows) << operands(*recording, result.first_mismatch);
}

INSTANTIATE_TEST_SUITE_P(Each, CpuMatrix,
                         testing::Values("x86 VDPBF16PS bf16->fp32", "x86 VPDPBUSD u8*s8->s32",
                                         "x86 VPDPBUSDS u8*s8->s32", "x86 TDPBF16PS bf16->fp32",
                                         "x86 TDPFP16PS fp16->fp32", "x86 TDPBSSD s8->s32", "x86 TDPBSUD s8*u8->s32",
                                         "x86 TDPBUSD u8*s8->s32", "x86 TDPBUUD u8->s32"));

}  // namespace
}  // namespace halfulp::test
