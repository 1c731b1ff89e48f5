// All partial sums of n terms by matrix instructions, which multiply the terms by 1: y[i] is what the first i + 1 terms
// give.
// Least target: compute_80
//
// x: n numbers of 16 bits; y: n. Row r of A has the first r + 1 terms of a block of k and then zeros, B is all ones, C
// the sum of the blocks before: D has the block's partial sums, and its last row what the next block starts from.
// Order: blocks of k = 16 terms, as m16n8k16 adds them; from +0.
// Launch: one block of 32 threads.
#include <halfulp/gpu/kernel/device/blocked_sum.cuh>

using namespace halfulp::device;

extern "C" __global__ void blocked_sum_f16_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    blocked_sum<M16N8K16_F32_F16>(x, y, n, 0x3C00);
}

extern "C" __global__ void blocked_sum_f16_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    blocked_sum<M16N8K16_F16_F16>(x, y, n, 0x3C00);
}

extern "C" __global__ void blocked_sum_bf16_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    blocked_sum<M16N8K16_F32_BF16>(x, y, n, 0x3F80);
}
