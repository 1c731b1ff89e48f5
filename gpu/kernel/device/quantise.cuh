#pragma once

#include <cstdint>

#include <halfulp/gpu/kernel/device/convert.cuh>

// The last step of a quantisation: an integer to a code.

namespace halfulp::device {

/// The codes of a type of 8 bits.
struct S8 {
    using Code = std::int8_t;
    static constexpr std::int32_t least = -128, greatest = 127;
};
struct U8 {
    using Code = std::uint8_t;
    static constexpr std::int32_t least = 0, greatest = 255;
};

/// x + zero_point clamped to the codes, without wrapping on the way. Pre: zero_point is a code.
template <class T>
__device__ std::int32_t integer_code(std::int32_t x, std::int32_t zero_point) {
    return clamp(x, T::least - zero_point, T::greatest - zero_point) + zero_point;
}

}  // namespace halfulp::device
