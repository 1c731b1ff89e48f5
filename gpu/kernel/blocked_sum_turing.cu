// All partial sums of n terms by matrix instructions, which multiply the terms by 1: y[i] is what the first i + 1 terms
// give.
// Least target: compute_75
//
// Arguments and launch are those of blocked_sum.cu.
// Order: blocks of k = 8 terms, as m16n8k8 adds them; from +0.
#include <halfulp/gpu/kernel/device/blocked_sum.cuh>

using namespace halfulp::device;

extern "C" __global__ void blocked_sum_k8_f16_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    blocked_sum<M16N8K8_F32_F16>(x, y, n, 0x3C00);
}

extern "C" __global__ void blocked_sum_k8_f16_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    blocked_sum<M16N8K8_F16_F16>(x, y, n, 0x3C00);
}
