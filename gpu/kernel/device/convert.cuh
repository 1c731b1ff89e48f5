#pragma once

#include <bit>
#include <cstdint>

#include <halfulp/gpu/kernel/device/thread.cuh>

// The conversions that kernels besides gpu/kernel/convert_*.cu need.

namespace halfulp::device {

__device__ inline float f32_from_f16(std::uint16_t x) {
    float d;
    asm("cvt.f32.f16 %0, %1;" : "=f"(d) : "h"(x));
    return d;
}

/// bf16 is the upper half of f32: no instruction, hence every target.
__device__ inline float f32_from_bf16(std::uint16_t x) { return std::bit_cast<float>(std::uint32_t{x} << 16); }

__device__ inline std::uint16_t f16_rn(float x) {
    std::uint16_t d;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

/// From sm_80 on.
__device__ inline std::uint16_t bf16_rn(float x) {
    std::uint16_t d;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(d) : "f"(x));
    return d;
}

__device__ inline float f32_from_s32(std::int32_t x) {
    float d;
    asm("cvt.rn.f32.s32 %0, %1;" : "=f"(d) : "r"(x));
    return d;
}

/// To nearest even; what s32 does not have becomes its nearest integer, and NaN 0.
__device__ inline std::int32_t s32_nearest(float x) {
    std::int32_t d;
    asm("cvt.rni.s32.f32 %0, %1;" : "=r"(d) : "f"(x));
    return d;
}

/// The same towards minus infinity.
__device__ inline std::int32_t s32_down(float x) {
    std::int32_t d;
    asm("cvt.rmi.s32.f32 %0, %1;" : "=r"(d) : "f"(x));
    return d;
}

__device__ inline std::int32_t clamp(std::int32_t x, std::int32_t least, std::int32_t greatest) {
    const std::int32_t from_least = x < least ? least : x;
    return from_least > greatest ? greatest : from_least;
}

}  // namespace halfulp::device
