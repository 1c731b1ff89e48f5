// elimination.cu in bf16, whose arithmetic begins with sm_80.
// Least target: compute_80
//
// Arguments, order and launch are those of elimination.cu.
#include <halfulp/gpu/kernel/device/elimination.cuh>

using namespace halfulp::device;

extern "C" __global__ void eliminate_bf16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    eliminate<Bf16>(x, y, n);
}
