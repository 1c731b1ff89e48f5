// Mistakes that both solvers are to find: ties away from 0 among fp16's subnormal numbers; rounding to bf16 twice; an
// undefined shift; and bits of a product that are cut off and forgotten.

#include <cstdint>

#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

extern "C" {

std::uint64_t fp32_to_fp16_RNE(std::uint32_t x) {  // ties away from 0 among subnormal numbers
    const std::uint32_t sign = x >> 16 & 0x8000, magnitude = x & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) return 0x7E00;
    if (magnitude >= 0x477FF000) return sign | 0x7C00;
    if (magnitude >= 0x38800000) return sign | (magnitude - 0x38000000 + 0xFFF + (magnitude >> 13 & 1)) >> 13;
    const std::uint32_t exponent = magnitude >> 23;
    if (exponent < 102) return sign;
    const std::uint32_t drop = 126 - exponent, significand = (magnitude & 0x7FFFFF) | 0x800000;
    return sign | (significand + (1U << (drop - 1))) >> drop;
}

std::uint64_t fp32_to_bf16_RNE(std::uint32_t x) {  // twice: to 12 digits first
    if ((x & 0x7FFFFFFF) > 0x7F800000) return 0x7FC0;
    x = (x + 0x7FF + (x >> 12 & 1)) & 0xFFFFF000;
    return (x + 0x7FFF + (x >> 16 & 1)) >> 16;
}

std::uint64_t fp32_to_fp16_RTZ(std::uint32_t x) {  // a shift by 32 and more, where the exponent is below 95
    const std::uint32_t sign = x >> 16 & 0x8000, magnitude = x & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) return 0x7E00;
    if (magnitude == 0x7F800000) return sign | 0x7C00;
    if (magnitude >= 0x47800000) return sign | 0x7BFF;
    if (magnitude >= 0x38800000) return sign | (magnitude - 0x38000000) >> 13;
    return sign | ((magnitude & 0x7FFFFF) | 0x800000) >> (126 - (magnitude >> 23));
}

std::uint64_t pack_to_fp16_RNE(std::uint32_t x) {  // ten bits are forgotten, which break ties
    using namespace halfulp;
    const int exp = static_cast<int>(x >> 22 & 63) - 48;
    return narrow::round_pack<binary16>(narrow::Number{x >> 31 != 0, exp + 10, (x & 0x3FFFFF) >> 10}, Env{}).code;
}
}
