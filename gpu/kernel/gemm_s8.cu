// D = A B on s8 matrix instructions, accumulated in s32: as it is, or requantised to s8.
// Least target: compute_80
//
// Arguments, layout and launch are those of gemm_f16.cu; scale: n.
// Order: none that shows: integers, which wrap.
// Requantised: clamp(nearest(f32(sum) * scale[column]) + zero_point), with f32() and the product rounded to nearest
// even and clamped to [-128, 127]. nearest() goes to even too, and comes before the zero point is added, as ONNX says
// of QuantizeLinear; its reference of QLinearMatMul adds first, which gives other codes at ties if the zero point is
// odd. The zero points of A and B are 0.
#include <halfulp/gpu/kernel/device/arithmetic.cuh>
#include <halfulp/gpu/kernel/device/gemm.cuh>
#include <halfulp/gpu/kernel/device/quantise.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(128)
    gemm_s8_s32(const std::int8_t* a, const std::int8_t* b, std::int32_t* d, std::uint32_t m, std::uint32_t n,
                std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    product<M16N8K32_S32_S8, AsyncCopy>(a, b, d, m, n, k, lda, ldb);
}

extern "C" __global__ void __launch_bounds__(128)
    gemm_s8_s8(const std::int8_t* a, const std::int8_t* b, const float* scale, std::int8_t* d, std::uint32_t m,
               std::uint32_t n, std::uint32_t k, std::uint32_t lda, std::uint32_t ldb, std::int32_t zero_point) {
    gemm<M16N8K32_S32_S8, AsyncCopy>(
        rows_of(a, lda, m, k), rows_of(b, ldb, n, k), [=](std::uint32_t row, std::uint32_t column, std::int32_t sum) {
            const float x = F32::mul(f32_from_s32(sum), scale[column]);
            d[std::size_t{row} * n + column] = static_cast<std::int8_t>(integer_code<S8>(s32_nearest(x), zero_point));
        });
}
