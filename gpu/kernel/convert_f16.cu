// f32 to f16 by PTX's cvt to nearest even (rn), towards zero (rz), downwards (rm) and upwards (rp), and back. y[i] is
// x[i] converted.
// Least target: compute_75
//
// What is too large becomes infinity or the largest number, as the rounding says; NaN becomes 0x7FFF, in f32
// 0x7FFFFFFF.
// Launch: a thread an element.
#include <halfulp/gpu/kernel/device/convert.cuh>

using namespace halfulp::device;

namespace {

__device__ std::uint16_t f16_rz(float x) {
    std::uint16_t d;
    asm("cvt.rz.f16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

__device__ std::uint16_t f16_rm(float x) {
    std::uint16_t d;
    asm("cvt.rm.f16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

__device__ std::uint16_t f16_rp(float x) {
    std::uint16_t d;
    asm("cvt.rp.f16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

}  // namespace

extern "C" __global__ void f32_to_f16_rn(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = f16_rn(x[i]); });
}

extern "C" __global__ void f32_to_f16_rz(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = f16_rz(x[i]); });
}

extern "C" __global__ void f32_to_f16_rm(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = f16_rm(x[i]); });
}

extern "C" __global__ void f32_to_f16_rp(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = f16_rp(x[i]); });
}

extern "C" __global__ void f16_to_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = f32_from_f16(x[i]); });
}
