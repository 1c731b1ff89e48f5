// D = A B on fp16 matrix instructions, accumulated in f32 or in f16.
// Least target: compute_80
//
// a: m x k, row after row, lda elements apart; b: n x k, column after column of B, ldb apart; both begin rows at
// multiples of 16 bytes. d: m x n, row after row. Edges may be ragged; what lies between k and lda is not read.
// Order: each number of D is a chain of m16n8k16 over ascending k from +0, the last one filled up with zeros.
// Launch: blocks of 128 threads, one for each 64 x 64 of D (x along n, y along m).
#include <halfulp/gpu/kernel/device/gemm.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(128)
    gemm_f16_f32(const std::uint16_t* a, const std::uint16_t* b, float* d, std::uint32_t m, std::uint32_t n,
                 std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K16_F32_F16, AsyncCopy>(a, b, d, m, n, k, lda, ldb);
}

extern "C" __global__ void __launch_bounds__(128)
    gemm_f16_f16(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d, std::uint32_t m, std::uint32_t n,
                 std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K16_F16_F16, AsyncCopy>(a, b, d, m, n, k, lda, ldb);
}
