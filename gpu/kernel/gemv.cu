// y = A x, a warp a row. f16 in f16 or in f32, bf16 in f32, s8 in s32.
// Least target: compute_75
//
// a: m x k, row after row; x: k; y: m. Terms are widened exactly; s32 wraps.
// Order: product i goes to lane i mod 32, where a fused multiply-add takes it, from +0 on; then the lanes' sums in
// halves.
// Launch: blocks of 128 threads, a warp for each of m.
#include <halfulp/gpu/kernel/device/reduce.cuh>

using namespace halfulp::device;

namespace {

template <class T>
__device__ void multiply(const typename T::In* a, const typename T::In* x, typename T::Sum::Code* y, std::uint32_t m,
                         std::uint32_t k) {
    const std::size_t row = global_index() / warp_size;
    if (row >= m) return;  // the whole warp
    const auto sum = lane_dot<T>(a + row * k, x, k, lane(), warp_size);
    const auto whole = neighbours_sum<typename T::Sum>(sum, warp_size);
    if (lane() == 0) y[row] = whole;
}

}  // namespace

extern "C" __global__ void gemv_f32_f32(const float* a, const float* x, float* y, std::uint32_t m, std::uint32_t k) {
    multiply<Same<F32>>(a, x, y, m, k);
}

extern "C" __global__ void gemv_f16_f16(const std::uint16_t* a, const std::uint16_t* x, std::uint16_t* y,
                                        std::uint32_t m, std::uint32_t k) {
    multiply<Same<F16>>(a, x, y, m, k);
}

extern "C" __global__ void gemv_f16_f32(const std::uint16_t* a, const std::uint16_t* x, float* y, std::uint32_t m,
                                        std::uint32_t k) {
    multiply<F16ToF32>(a, x, y, m, k);
}

extern "C" __global__ void gemv_bf16_f32(const std::uint16_t* a, const std::uint16_t* x, float* y, std::uint32_t m,
                                         std::uint32_t k) {
    multiply<Bf16ToF32>(a, x, y, m, k);
}

extern "C" __global__ void gemv_s8_s32(const std::int8_t* a, const std::int8_t* x, std::int32_t* y, std::uint32_t m,
                                       std::uint32_t k) {
    multiply<S8ToS32>(a, x, y, m, k);
}
