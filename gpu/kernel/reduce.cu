// The sum of each row of x, by a warp or by a block a row, in a stated order. f16 in f16 or in f32, bf16 in f32, s8 in
// s32.
// Least target: compute_75
//
// x: m x n, row after row; y: m. Terms are widened exactly; each addition is rounded to nearest even; s32 wraps.
// Order: term i goes to lane i mod lanes, where it is added from +0 on; then the lanes' sums,
//   sum_neighbours  32 lanes, in halves: 0 and 1, 2 and 3, ..., then the sums of two, ...
//   sum_folded      32 lanes: 0 and 16, 1 and 17, ..., then the sums 0 and 8, ...
//   sum_block       256 lanes, in halves
// Launch: m blocks of 32 threads (sum_block: of 256).
#include <halfulp/gpu/kernel/device/reduce.cuh>

using namespace halfulp::device;

namespace {

template <class T, class Tree>
__device__ void sum_rows(const typename T::In* x, typename T::Sum::Code* y, std::uint32_t n, unsigned lanes,
                         Tree tree) {
    const std::size_t row = block_index();
    const auto sum = tree(lane_sum<T>(x + row * n, n, thread_index(), lanes));
    if (thread_index() == 0) y[row] = sum;
}

template <class T>
__device__ void sum_neighbours(const typename T::In* x, typename T::Sum::Code* y, std::uint32_t n) {
    sum_rows<T>(x, y, n, warp_size, [](auto sum) { return neighbours_sum<typename T::Sum>(sum, warp_size); });
}

template <class T>
__device__ void sum_folded(const typename T::In* x, typename T::Sum::Code* y, std::uint32_t n) {
    sum_rows<T>(x, y, n, warp_size, [](auto sum) { return folded_sum<typename T::Sum>(sum); });
}

template <class T>
__device__ void sum_block(const typename T::In* x, typename T::Sum::Code* y, std::uint32_t n) {
    sum_rows<T>(x, y, n, block_size, [](auto sum) { return block_sum<typename T::Sum>(sum); });
}

}  // namespace

extern "C" __global__ void sum_neighbours_f32_f32(const float* x, float* y, std::uint32_t n) {
    sum_neighbours<Same<F32>>(x, y, n);
}

extern "C" __global__ void sum_folded_f32_f32(const float* x, float* y, std::uint32_t n) {
    sum_folded<Same<F32>>(x, y, n);
}

extern "C" __global__ void sum_block_f32_f32(const float* x, float* y, std::uint32_t n) {
    sum_block<Same<F32>>(x, y, n);
}

extern "C" __global__ void sum_neighbours_f16_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    sum_neighbours<Same<F16>>(x, y, n);
}

extern "C" __global__ void sum_folded_f16_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    sum_folded<Same<F16>>(x, y, n);
}

extern "C" __global__ void sum_block_f16_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    sum_block<Same<F16>>(x, y, n);
}

extern "C" __global__ void sum_neighbours_f16_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    sum_neighbours<F16ToF32>(x, y, n);
}

extern "C" __global__ void sum_folded_f16_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    sum_folded<F16ToF32>(x, y, n);
}

extern "C" __global__ void sum_block_f16_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    sum_block<F16ToF32>(x, y, n);
}

extern "C" __global__ void sum_neighbours_bf16_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    sum_neighbours<Bf16ToF32>(x, y, n);
}

extern "C" __global__ void sum_folded_bf16_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    sum_folded<Bf16ToF32>(x, y, n);
}

extern "C" __global__ void sum_block_bf16_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    sum_block<Bf16ToF32>(x, y, n);
}

extern "C" __global__ void sum_neighbours_s8_s32(const std::int8_t* x, std::int32_t* y, std::uint32_t n) {
    sum_neighbours<S8ToS32>(x, y, n);
}

extern "C" __global__ void sum_folded_s8_s32(const std::int8_t* x, std::int32_t* y, std::uint32_t n) {
    sum_folded<S8ToS32>(x, y, n);
}

extern "C" __global__ void sum_block_s8_s32(const std::int8_t* x, std::int32_t* y, std::uint32_t n) {
    sum_block<S8ToS32>(x, y, n);
}
