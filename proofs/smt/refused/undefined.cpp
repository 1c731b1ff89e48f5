// What C++ leaves undefined, and clang -O1 takes for impossible, so that only the right code is left. Both solvers are to find
// it nevertheless: an overflow, a shift by too much, a division by 0, the end of a function without a return, what is said to
// be unreachable, and the leading zeros of 0.

#include <cstdint>

#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

namespace {

using namespace halfulp;

template <Format To, Format From>
[[gnu::always_inline]] constexpr std::uint64_t converted(std::uint8_t rounding, std::uint64_t code) {
    return narrow::convert<To, From>(code, {.rounding = static_cast<Rounding>(rounding)}).code;
}

template <Format F>
[[gnu::always_inline]] constexpr std::uint64_t packed(std::uint8_t rounding, const narrow::Number& x) {
    return narrow::round_pack<F>(x, narrow::UsualEnv{.rounding = static_cast<Rounding>(rounding)}).code;
}

}  // namespace

extern "C" {

std::uint64_t fp32_to_bf16(std::uint8_t rounding, std::uint32_t x) {
    const int n = static_cast<int>(x);
    if (n + 1 < n) return 1;
    return converted<bfloat16, binary32>(rounding, x);
}

std::uint64_t fp32_to_fp16(std::uint8_t rounding, std::uint32_t x) {
    if (1U << (x >> 26) == 0) return 1;
    return converted<binary16, binary32>(rounding, x);
}

std::uint64_t fp16_to_fp32(std::uint8_t rounding, std::uint16_t x) {
    if (x / x != 1) return 1;
    return converted<binary32, binary16>(rounding, x);
}

std::uint64_t bf16_to_fp32(std::uint8_t rounding, std::uint16_t x) {
    if (x != 1) return converted<binary32, bfloat16>(rounding, x);
}

std::uint64_t pack_to_fp16(std::uint8_t rounding, bool negative, int exp, std::uint64_t sig, std::uint64_t below) {
    if (exp == 300) __builtin_unreachable();
    return packed<binary16>(rounding, {negative, exp, sig, below});
}

std::uint64_t pack_to_bf16(std::uint8_t rounding, bool negative, int exp, std::uint64_t sig, std::uint64_t below) {
    if (__builtin_clzll(sig) > 63) return 1;
    return packed<bfloat16>(rounding, {negative, exp, sig, below});
}
}
