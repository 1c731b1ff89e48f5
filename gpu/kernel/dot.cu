// The dot product of each row of a with the same row of b, a block a row. f16 in f16 or in f32, bf16 in f32.
// Least target: compute_75
//
// a, b: m x n, row after row; d: m. Terms are widened exactly.
// Order: product i goes to lane i mod 256, where a fused multiply-add takes it, from +0 on; then the lanes' sums in
// halves.
// Launch: m blocks of 256 threads.
#include <halfulp/gpu/kernel/device/reduce.cuh>

using namespace halfulp::device;

namespace {

template <class T>
__device__ void dot_rows(const typename T::In* a, const typename T::In* b, typename T::Sum::Code* d, std::uint32_t n) {
    const std::size_t row = block_index();
    const auto sum = lane_dot<T>(a + row * n, b + row * n, n, thread_index(), block_size);
    const auto whole = block_sum<typename T::Sum>(sum);
    if (thread_index() == 0) d[row] = whole;
}

}  // namespace

extern "C" __global__ void dot_f32_f32(const float* a, const float* b, float* d, std::uint32_t n) {
    dot_rows<Same<F32>>(a, b, d, n);
}

extern "C" __global__ void dot_f16_f16(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d,
                                       std::uint32_t n) {
    dot_rows<Same<F16>>(a, b, d, n);
}

extern "C" __global__ void dot_f16_f32(const std::uint16_t* a, const std::uint16_t* b, float* d, std::uint32_t n) {
    dot_rows<F16ToF32>(a, b, d, n);
}

extern "C" __global__ void dot_bf16_f32(const std::uint16_t* a, const std::uint16_t* b, float* d, std::uint32_t n) {
    dot_rows<Bf16ToF32>(a, b, d, n);
}
