// D = A B on fp8 matrix instructions, accumulated in f32 or in f16.
// Least target: compute_89
//
// Arguments, layout and launch are those of gemm_f16.cu.
// Order: each number of D is a chain of m16n8k32 over ascending k from +0, the last one filled up with zeros.
#include <halfulp/gpu/kernel/device/gemm.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(128)
    gemm_e4m3_f32(const std::uint8_t* a, const std::uint8_t* b, float* d, std::uint32_t m, std::uint32_t n,
                  std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K32_F32_E4M3, AsyncCopy>(a, b, d, m, n, k, lda, ldb);
}

extern "C" __global__ void __launch_bounds__(128)
    gemm_e5m2_f32(const std::uint8_t* a, const std::uint8_t* b, float* d, std::uint32_t m, std::uint32_t n,
                  std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K32_F32_E5M2, AsyncCopy>(a, b, d, m, n, k, lda, ldb);
}

extern "C" __global__ void __launch_bounds__(128)
    gemm_e4m3_f16(const std::uint8_t* a, const std::uint8_t* b, std::uint16_t* d, std::uint32_t m, std::uint32_t n,
                  std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K32_F16_E4M3, AsyncCopy>(a, b, d, m, n, k, lda, ldb);
}
