// Claim: the interpreter's conversions of binary32 give the codes that CUDA's headers give on a host, for every code.
// Oracle: cuda_fp16.h, cuda_bf16.h and cuda_fp8.h. Shared: nothing. Skipped where they are not.
#include <thread>

#include "support/nvidia_headers.hpp"

namespace halfulp::test {
namespace {

TEST(ExhaustiveNvidiaHeaders, ConvertEveryCodeAsTheInterpreter) {
    if (header_conversions.empty()) GTEST_SKIP() << "no headers of CUDA";
    const auto device = gpu::open_ptx("sm_89", {.threads = std::thread::hardware_concurrency()});
    constexpr std::uint32_t slice = 1U << 22;
    for (std::uint64_t first = 0; first < std::uint64_t{1} << 32 && !HasFailure(); first += slice)
        expect_as_headers(*device, static_cast<std::uint32_t>(first), 1, slice);
}

}  // namespace
}  // namespace halfulp::test
