// Claim: the interpreter's conversions of binary32 give the codes that CUDA's headers give on a host, NaNs too.
// Oracle: cuda_fp16.h, cuda_bf16.h and cuda_fp8.h. Shared: nothing. Skipped where they are not; every code: the test of this
// name in tests/exhaustive.
#include "support/nvidia_headers.hpp"

namespace halfulp::test {
namespace {

TEST(NvidiaHeaders, ConvertAsTheInterpreter) {
    if (header_conversions.empty()) GTEST_SKIP() << "no headers of CUDA";
    const auto device = gpu::open_ptx("sm_89");
    expect_as_headers(*device, 0, 16411, (std::uint64_t{1} << 32) / 16411);  // all exponents, many fractions
    for (const std::uint32_t sign : {0U, 0x80000000U})                       // ties of every format, and beside them
        for (const std::uint32_t beside : {0U, 1U, 0xFFFFFFFFU})
            expect_as_headers(*device, sign + beside, 0x1000, 1 << 19);
}

}  // namespace
}  // namespace halfulp::test
