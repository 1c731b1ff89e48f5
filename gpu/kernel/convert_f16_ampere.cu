// f32 to f16 by those of PTX's cvt that begin with sm_80. y[i] is x[i] converted.
// Least target: compute_80
//
// relu: what is negative becomes +0, and NaN stays NaN; satfinite: what is too large, or infinite, becomes the largest
// number. rn to nearest even, rz towards zero. NaN becomes 0x7FFF.
// Launch: a thread an element; a thread two elements for x2.
#include <halfulp/gpu/kernel/device/pairs.cuh>

using namespace halfulp::device;

namespace {

__device__ std::uint16_t f16_rn_relu(float x) {
    std::uint16_t d;
    asm("cvt.rn.relu.f16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

__device__ std::uint16_t f16_rn_satfinite(float x) {
    std::uint16_t d;
    asm("cvt.rn.satfinite.f16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

__device__ std::uint16_t f16_rz_satfinite(float x) {
    std::uint16_t d;
    asm("cvt.rz.satfinite.f16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

__device__ std::uint32_t f16x2_rn(float x, float y) {
    std::uint32_t d;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(x), "f"(y));
    return d;
}

__device__ std::uint32_t f16x2_rz(float x, float y) {
    std::uint32_t d;
    asm("cvt.rz.f16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(x), "f"(y));
    return d;
}

}  // namespace

extern "C" __global__ void f32_to_f16_rn_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = f16_rn_relu(x[i]); });
}

extern "C" __global__ void f32_to_f16_rn_satfinite(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = f16_rn_satfinite(x[i]); });
}

extern "C" __global__ void f32_to_f16_rz_satfinite(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = f16_rz_satfinite(x[i]); });
}

extern "C" __global__ void f32_to_f16x2_rn(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) { return f16x2_rn(high, low); });
}

extern "C" __global__ void f32_to_f16x2_rz(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) { return f16x2_rz(high, low); });
}

extern "C" __global__ void f32_to_f16_rz_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rz.relu.f16.f32 %0, %1;" : "=h"(y[i]) : "f"(x[i])); });
}

extern "C" __global__ void f32_to_f16_rn_satfinite_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rn.relu.satfinite.f16.f32 %0, %1;" : "=h"(y[i]) : "f"(x[i])); });
}

extern "C" __global__ void f32_to_f16_rz_satfinite_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rz.relu.satfinite.f16.f32 %0, %1;" : "=h"(y[i]) : "f"(x[i])); });
}

extern "C" __global__ void f32_to_f16x2_rn_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rn.relu.f16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_f16x2_rz_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rz.relu.f16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_f16x2_rn_satfinite(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rn.satfinite.f16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_f16x2_rz_satfinite(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rz.satfinite.f16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_f16x2_rn_satfinite_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rn.relu.satfinite.f16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}

extern "C" __global__ void f32_to_f16x2_rz_satfinite_relu(const float* x, std::uint16_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) {
        std::uint32_t d;
        asm("cvt.rz.relu.satfinite.f16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
        return d;
    });
}
