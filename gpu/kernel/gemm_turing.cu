// D = A B on the matrix instructions that every target has, without asynchronous copies: fp16 accumulated in f32 or in
// f16, s8 in s32.
// Least target: compute_75
//
// Arguments, layout and launch are those of gemm_f16.cu.
// Order: each number of D is a chain of m16n8k8 (fp16) or m8n8k16 (s8) over ascending k from +0, the last one filled up
// with zeros. Integers wrap.
#include <halfulp/gpu/kernel/device/gemm.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(128)
    gemm_k8_f16_f32(const std::uint16_t* a, const std::uint16_t* b, float* d, std::uint32_t m, std::uint32_t n,
                    std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K8_F32_F16, PlainCopy>(a, b, d, m, n, k, lda, ldb);
}

extern "C" __global__ void __launch_bounds__(128)
    gemm_k8_f16_f16(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d, std::uint32_t m, std::uint32_t n,
                    std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K8_F16_F16, PlainCopy>(a, b, d, m, n, k, lda, ldb);
}

extern "C" __global__ void __launch_bounds__(128)
    gemm_k16_s8_s32(const std::int8_t* a, const std::int8_t* b, std::int32_t* d, std::uint32_t m, std::uint32_t n,
                    std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M8N8K16_S32_S8, PlainCopy>(a, b, d, m, n, k, lda, ldb);
}
