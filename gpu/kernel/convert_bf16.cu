// f32 to bf16 by PTX's cvt, one at a time and two, and back. y[i] is x[i] converted.
// Least target: compute_80
//
// rn to nearest even, rz towards zero, rm down, rp up; relu: what is negative becomes +0, and NaN stays NaN; satfinite: what is too
// large, or infinite, becomes the largest number. NaN becomes 0x7FFF. Back every code is a number of f32, NaNs too,
// without a conversion.
// Launch: a thread an element; a thread two elements for x2.
#include <halfulp/gpu/kernel/device/convert.cuh>
#include <halfulp/gpu/kernel/device/pairs.cuh>

using namespace halfulp::device;

namespace {

__device__ std::uint16_t bf16_rz(float x) {
    std::uint16_t d;
    asm("cvt.rz.bf16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

__device__ std::uint16_t bf16_rn_relu(float x) {
    std::uint16_t d;
    asm("cvt.rn.relu.bf16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

__device__ std::uint16_t bf16_rn_satfinite(float x) {
    std::uint16_t d;
    asm("cvt.rn.satfinite.bf16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

__device__ std::uint32_t bf16x2_rn(float x, float y) {
    std::uint32_t d;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(x), "f"(y));
    return d;
}

__device__ std::uint32_t bf16x2_rz(float x, float y) {
    std::uint32_t d;
    asm("cvt.rz.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(x), "f"(y));
    return d;
}

}  // namespace

extern "C" __global__ void f32_to_bf16_rn(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = bf16_rn(x[i]); });
}

extern "C" __global__ void f32_to_bf16_rz(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = bf16_rz(x[i]); });
}

extern "C" __global__ void f32_to_bf16_rn_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = bf16_rn_relu(x[i]); });
}

extern "C" __global__ void f32_to_bf16_rn_satfinite(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = bf16_rn_satfinite(x[i]); });
}

extern "C" __global__ void f32_to_bf16x2_rn(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) { return bf16x2_rn(high, low); });
}

extern "C" __global__ void f32_to_bf16x2_rz(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) { return bf16x2_rz(high, low); });
}

extern "C" __global__ void bf16_to_f32(const std::uint16_t* x, float* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = f32_from_bf16(x[i]); });
}

extern "C" __global__ void f32_to_bf16_rm(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rm.bf16.f32 %0, %1;" : "=h"(y[i]) : "f"(x[i])); });
}

extern "C" __global__ void f32_to_bf16_rp(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rp.bf16.f32 %0, %1;" : "=h"(y[i]) : "f"(x[i])); });
}

extern "C" __global__ void f32_to_bf16_rz_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rz.relu.bf16.f32 %0, %1;" : "=h"(y[i]) : "f"(x[i])); });
}

extern "C" __global__ void f32_to_bf16_rz_satfinite(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rz.satfinite.bf16.f32 %0, %1;" : "=h"(y[i]) : "f"(x[i])); });
}

extern "C" __global__ void f32_to_bf16_rn_satfinite_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rn.relu.satfinite.bf16.f32 %0, %1;" : "=h"(y[i]) : "f"(x[i])); });
}

extern "C" __global__ void f32_to_bf16_rz_satfinite_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rz.relu.satfinite.bf16.f32 %0, %1;" : "=h"(y[i]) : "f"(x[i])); });
}

extern "C" __global__ void f32_to_bf16x2_rn_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rn.relu.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_bf16x2_rz_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rz.relu.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_bf16x2_rn_satfinite(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rn.satfinite.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_bf16x2_rz_satfinite(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rz.satfinite.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_bf16x2_rn_satfinite_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rn.relu.satfinite.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_bf16x2_rz_satfinite_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rz.relu.satfinite.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}
