// f32 and f16 to fp8 by PTX's cvt, which takes two numbers, and back to f16. y[i] is x[i] converted.
// Least target: compute_89
//
// To nearest even; what is too large, or infinite, becomes the largest number; relu: what is negative becomes +0. NaN
// stays NaN.
// Launch: a thread two elements.
#include <halfulp/gpu/kernel/device/pairs.cuh>

using namespace halfulp::device;

namespace {

__device__ std::uint16_t e4m3x2_rn_satfinite(float x, float y) {
    std::uint16_t d;
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(d) : "f"(x), "f"(y));
    return d;
}

__device__ std::uint16_t e4m3x2_rn_satfinite_relu(float x, float y) {
    std::uint16_t d;
    asm("cvt.rn.satfinite.relu.e4m3x2.f32 %0, %1, %2;" : "=h"(d) : "f"(x), "f"(y));
    return d;
}

__device__ std::uint16_t e4m3x2_from_f16x2(std::uint32_t x) {
    std::uint16_t d;
    asm("cvt.rn.satfinite.e4m3x2.f16x2 %0, %1;" : "=h"(d) : "r"(x));
    return d;
}

__device__ std::uint32_t f16x2_from_e4m3x2(std::uint16_t x) {
    std::uint32_t d;
    asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(d) : "h"(x));
    return d;
}

__device__ std::uint16_t e5m2x2_rn_satfinite(float x, float y) {
    std::uint16_t d;
    asm("cvt.rn.satfinite.e5m2x2.f32 %0, %1, %2;" : "=h"(d) : "f"(x), "f"(y));
    return d;
}

__device__ std::uint16_t e5m2x2_rn_satfinite_relu(float x, float y) {
    std::uint16_t d;
    asm("cvt.rn.satfinite.relu.e5m2x2.f32 %0, %1, %2;" : "=h"(d) : "f"(x), "f"(y));
    return d;
}

__device__ std::uint16_t e5m2x2_from_f16x2(std::uint32_t x) {
    std::uint16_t d;
    asm("cvt.rn.satfinite.e5m2x2.f16x2 %0, %1;" : "=h"(d) : "r"(x));
    return d;
}

__device__ std::uint32_t f16x2_from_e5m2x2(std::uint16_t x) {
    std::uint32_t d;
    asm("cvt.rn.f16x2.e5m2x2 %0, %1;" : "=r"(d) : "h"(x));
    return d;
}

}  // namespace

extern "C" __global__ void f32_to_e4m3x2_rn_satfinite(const float* x, std::uint8_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) { return e4m3x2_rn_satfinite(high, low); });
}

extern "C" __global__ void f32_to_e4m3x2_rn_satfinite_relu(const float* x, std::uint8_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) { return e4m3x2_rn_satfinite_relu(high, low); });
}

extern "C" __global__ void f16x2_to_e4m3x2(const std::uint16_t* x, std::uint8_t* y, std::uint32_t n) {
    pairs_to_pairs<std::uint32_t>(x, y, n, [](auto both) { return e4m3x2_from_f16x2(both); });
}

extern "C" __global__ void e4m3x2_to_f16x2(const std::uint8_t* x, std::uint16_t* y, std::uint32_t n) {
    pairs_to_pairs<std::uint16_t>(x, y, n, [](auto both) { return f16x2_from_e4m3x2(both); });
}

extern "C" __global__ void f32_to_e5m2x2_rn_satfinite(const float* x, std::uint8_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) { return e5m2x2_rn_satfinite(high, low); });
}

extern "C" __global__ void f32_to_e5m2x2_rn_satfinite_relu(const float* x, std::uint8_t* y, std::uint32_t n) {
    numbers_to_pairs(x, y, n, [](float low, float high) { return e5m2x2_rn_satfinite_relu(high, low); });
}

extern "C" __global__ void f16x2_to_e5m2x2(const std::uint16_t* x, std::uint8_t* y, std::uint32_t n) {
    pairs_to_pairs<std::uint32_t>(x, y, n, [](auto both) { return e5m2x2_from_f16x2(both); });
}

extern "C" __global__ void e5m2x2_to_f16x2(const std::uint8_t* x, std::uint16_t* y, std::uint32_t n) {
    pairs_to_pairs<std::uint16_t>(x, y, n, [](auto both) { return f16x2_from_e5m2x2(both); });
}
