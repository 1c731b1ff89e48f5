// The sum of n terms in each order of lib/accumulate/order.hpp, in bf16: what one number after another makes of them.
// Least target: compute_80
//
// Arguments, orders and launch are those of orders.cu.
#include <halfulp/gpu/kernel/device/orders.cuh>

using namespace halfulp::device;

extern "C" __global__ void running_sum_bf16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    running_sum<Bf16>(x, y, n);
}

extern "C" __global__ void sum_blocks_bf16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n,
                                           std::uint32_t count) {
    *y = sum_in_blocks<Bf16>(x, n, count);
}

extern "C" __global__ void sum_lanes_bf16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n,
                                          std::uint32_t count) {
    *y = sum_in_lanes<Bf16>(x, n, count);
}

extern "C" __global__ void sum_halves_bf16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    *y = sum_in_halves<Bf16>(n, [=](std::uint32_t i) { return x[i]; });
}

extern "C" __global__ void sum_kahan_bf16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    *y = sum_in_sequence<Kahan<Bf16>>(x, n);
}

extern "C" __global__ void sum_two_sum_bf16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    *y = sum_in_sequence<TwoSum<Bf16>>(x, n);
}
