// D = A B on tf32 matrix instructions, accumulated in f32. a and b are f32 codes of tf32 numbers: the lowest 13 bits
// are 0, as the kernels of convert_tf32.cu leave them.
// Least target: compute_80
//
// Arguments, layout and launch are those of gemm_f16.cu.
// Order: each number of D is a chain of m16n8k8 over ascending k from +0, the last one filled up with zeros.
#include <halfulp/gpu/kernel/device/gemm.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(128)
    gemm_tf32_f32(const std::uint32_t* a, const std::uint32_t* b, float* d, std::uint32_t m, std::uint32_t n,
                  std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K8_F32_TF32, AsyncCopy>(a, b, d, m, n, k, lda, ldb);
}
