// D = A B on bf16 matrix instructions, accumulated in f32.
// Least target: compute_80
//
// Arguments, layout and launch are those of gemm_f16.cu.
// Order: each number of D is a chain of m16n8k16 over ascending k from +0, the last one filled up with zeros.
#include <halfulp/gpu/kernel/device/gemm.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(128)
    gemm_bf16_f32(const std::uint16_t* a, const std::uint16_t* b, float* d, std::uint32_t m, std::uint32_t n,
                  std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K16_F32_BF16, AsyncCopy>(a, b, d, m, n, k, lda, ldb);
}
