// D = A B without matrix instructions, in f32: the plain meaning of a product on a device.
// Least target: compute_75
//
// a: m x k, row after row; b: n x k, column after column of B; d: m x n, row after row.
// Order: each number of D is a chain of fused multiply-adds over ascending k from +0.
// Launch: blocks of 128 threads, a thread for each number of D (x along n, a row of blocks for each of m).
#include <halfulp/gpu/kernel/device/arithmetic.cuh>

using namespace halfulp::device;

extern "C" __global__ void gemm_f32_f32(const float* a, const float* b, float* d, std::uint32_t m, std::uint32_t n,
                                        std::uint32_t k) {
    const std::size_t row = block_index_y(), column = global_index();
    if (row >= m || column >= n) return;
    float sum = 0;
    for (std::uint32_t i = 0; i < k; ++i) sum = F32::fma(a[row * k + i], b[column * k + i], sum);
    d[row * n + column] = sum;
}
