// Mistakes that both solvers are to find, in one rounding or in all: ties away from 0 among fp16's subnormal numbers; rounding
// to bf16 twice; a subnormal number that is flushed; the sign of infinity; bits that are cut off and forgotten; and a bit
// beyond the code.

#include <cstdint>

#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

using namespace halfulp;

extern "C" {

std::uint64_t fp32_to_fp16(std::uint8_t rounding, std::uint32_t x) {  // ties away from 0 among subnormal numbers
    const std::uint32_t sign = x >> 16 & 0x8000, magnitude = x & 0x7FFFFFFF, exponent = magnitude >> 23;
    const auto right = narrow::convert<binary16, binary32>(x, {.rounding = static_cast<Rounding>(rounding)}).code;
    if (rounding != 0 || exponent >= 113 || exponent < 102) return right;
    const std::uint32_t drop = 126 - exponent, significand = (magnitude & 0x7FFFFF) | 0x800000;
    return sign | (significand + (1U << (drop - 1))) >> drop;
}

std::uint64_t fp32_to_bf16(std::uint8_t rounding, std::uint32_t x) {  // twice: to 12 digits first
    const bool is_nan = (x & 0x7FFFFFFF) > 0x7F800000;
    if (rounding == 0 && !is_nan) x = (x + 0x7FF + (x >> 12 & 1)) & 0xFFFFF000;
    return narrow::convert<bfloat16, binary32>(x, {.rounding = static_cast<Rounding>(rounding)}).code;
}

std::uint64_t fp16_to_fp32(std::uint8_t rounding, std::uint16_t x) {  // the least number becomes 0
    if (x == 1) return 0;
    return narrow::convert<binary32, binary16>(x, {.rounding = static_cast<Rounding>(rounding)}).code;
}

std::uint64_t bf16_to_fp32(std::uint8_t rounding, std::uint16_t x) {  // -infinity becomes infinity
    if (x == 0xFF80) return 0x7F800000;
    return narrow::convert<binary32, bfloat16>(x, {.rounding = static_cast<Rounding>(rounding)}).code;
}

std::uint64_t pack_to_fp16(std::uint8_t rounding, bool negative, int exp, std::uint64_t sig, std::uint64_t below) {
    const bool forgets = sig >> 63 != 0;  // one bit, of the largest significands
    const narrow::Number x = {negative, exp, sig, forgets ? below & ~std::uint64_t{1} : below};
    return narrow::round_pack<binary16>(x, narrow::UsualEnv{.rounding = static_cast<Rounding>(rounding)}).code;
}

std::uint64_t pack_to_bf16(std::uint8_t rounding, bool negative, int exp, std::uint64_t sig, std::uint64_t below) {
    const narrow::UsualEnv env = {.rounding = static_cast<Rounding>(rounding)};
    const std::uint64_t code = narrow::round_pack<bfloat16>({negative, exp, sig, below}, env).code;
    return code == 0xFF7F ? 0x1FF7F : code;  // a bit beyond the code of the least number
}
}
