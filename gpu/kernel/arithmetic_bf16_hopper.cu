// Sums and products in bf16, element by element, by the instructions that begin with sm_90: d[i] = a[i] + b[i], ...
// Least target: compute_90
//
// Each result is rounded once, to nearest even; subnormal numbers are kept; NaN is 0x7FFF.
// Launch: a thread an element.
#include <halfulp/gpu/kernel/device/thread.cuh>

using namespace halfulp::device;

namespace {

__device__ std::uint16_t add_rn(std::uint16_t a, std::uint16_t b) {
    std::uint16_t d;
    asm("add.rn.bf16 %0, %1, %2;" : "=h"(d) : "h"(a), "h"(b));
    return d;
}

__device__ std::uint16_t sub_rn(std::uint16_t a, std::uint16_t b) {
    std::uint16_t d;
    asm("sub.rn.bf16 %0, %1, %2;" : "=h"(d) : "h"(a), "h"(b));
    return d;
}

__device__ std::uint16_t mul_rn(std::uint16_t a, std::uint16_t b) {
    std::uint16_t d;
    asm("mul.rn.bf16 %0, %1, %2;" : "=h"(d) : "h"(a), "h"(b));
    return d;
}

}  // namespace

extern "C" __global__ void add_bf16_hopper(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d,
                                           std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = add_rn(a[i], b[i]); });
}

extern "C" __global__ void sub_bf16_hopper(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d,
                                           std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = sub_rn(a[i], b[i]); });
}

extern "C" __global__ void mul_bf16_hopper(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d,
                                           std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = mul_rn(a[i], b[i]); });
}
