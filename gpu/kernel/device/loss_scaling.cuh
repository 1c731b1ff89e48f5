#pragma once

#include <bit>
#include <cstdint>

#include <halfulp/gpu/kernel/device/arithmetic.cuh>
#include <halfulp/gpu/kernel/device/memory.cuh>

namespace halfulp::device {

/// x * inverse; *found_inf becomes 1 if x is infinite or NaN, by an atomic operation, as many threads may find one.
__device__ inline float unscaled(float x, float inverse, std::uint32_t* found_inf) {
    constexpr std::uint32_t infinity = 0x7F800000;
    if ((std::bit_cast<std::uint32_t>(x) & infinity) == infinity)
        asm volatile("red.global.or.b32 [%0], 1;" : : "l"(global_address(found_inf)) : "memory");
    return F32::mul(x, inverse);
}

}  // namespace halfulp::device
