// The sum of n terms in each order of lib/accumulate/order.hpp, in f32 and in f16: what one number after another makes
// of them.
// Least target: compute_75
//
// Terms are numbers of the format that they are summed in, and each addition is rounded to it, to nearest even. From
// +0.
//   running_sum  y[i] is the sum of the first i + 1 terms, one after another
//   sum_blocks   blocks of `count` terms one after another, then their sums; count = n: all one after another
//   sum_lanes    every count-th term to the same lane, then the lanes in halves
//   sum_halves   the first half, the larger one, plus the second, each made in the same way
//   sum_kahan    what an addition lost is taken off the next term
//   sum_two_sum  what the additions lost is summed apart, and added at the end
// Pre: n and count are not 0.
// Launch: one thread.
#include <halfulp/gpu/kernel/device/orders.cuh>

using namespace halfulp::device;

extern "C" __global__ void running_sum_f32(const float* x, float* y, std::uint32_t n) { running_sum<F32>(x, y, n); }

extern "C" __global__ void sum_blocks_f32(const float* x, float* y, std::uint32_t n, std::uint32_t count) {
    *y = sum_in_blocks<F32>(x, n, count);
}

extern "C" __global__ void sum_lanes_f32(const float* x, float* y, std::uint32_t n, std::uint32_t count) {
    *y = sum_in_lanes<F32>(x, n, count);
}

extern "C" __global__ void sum_halves_f32(const float* x, float* y, std::uint32_t n) {
    *y = sum_in_halves<F32>(n, [=](std::uint32_t i) { return x[i]; });
}

extern "C" __global__ void sum_kahan_f32(const float* x, float* y, std::uint32_t n) {
    *y = sum_in_sequence<Kahan<F32>>(x, n);
}

extern "C" __global__ void sum_two_sum_f32(const float* x, float* y, std::uint32_t n) {
    *y = sum_in_sequence<TwoSum<F32>>(x, n);
}

extern "C" __global__ void running_sum_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    running_sum<F16>(x, y, n);
}

extern "C" __global__ void sum_blocks_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n,
                                          std::uint32_t count) {
    *y = sum_in_blocks<F16>(x, n, count);
}

extern "C" __global__ void sum_lanes_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n,
                                         std::uint32_t count) {
    *y = sum_in_lanes<F16>(x, n, count);
}

extern "C" __global__ void sum_halves_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    *y = sum_in_halves<F16>(n, [=](std::uint32_t i) { return x[i]; });
}

extern "C" __global__ void sum_kahan_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    *y = sum_in_sequence<Kahan<F16>>(x, n);
}

extern "C" __global__ void sum_two_sum_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    *y = sum_in_sequence<TwoSum<F16>>(x, n);
}
