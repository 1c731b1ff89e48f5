// How many fused multiply-adds of f32 a device does at most: what a product by them may reach.
// Least target: compute_75
//
// d[i] = c[i], then 128 times for each of `turns` d[i] = a[i] b[i] + d[i], rounded to nearest even.
// Launch: m blocks of 256 threads, a number a thread.
#include <halfulp/gpu/kernel/device/arithmetic.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(256)
    chain_fma_f32(const float* a, const float* b, const float* c, float* d, std::uint32_t turns) {
    constexpr unsigned operations_of_turn = 128;
    const std::size_t i = global_index();
    const float x = a[i], y = b[i];
    float sum = c[i];
#pragma unroll 1
    for (std::uint32_t turn = 0; turn < turns; ++turn)
#pragma unroll
        for (unsigned repetition = 0; repetition < operations_of_turn; ++repetition) sum = F32::fma(x, y, sum);
    d[i] = sum;
}
