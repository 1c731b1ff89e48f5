// Claims fp32-to-fp16, fp32-to-bf16, fp16-to-fp32, bf16-to-fp32, pack-to-fp16, pack-to-bf16: the narrow engine's conversions
// and the exit of its operations, the code that ships, as functions that proofs/smt/check compiles and proves equal to what
// SMT-LIB calls to_fp. The first operand is the rounding, as the code of a Rounding.

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
std::uint64_t fp32_to_fp16(std::uint8_t rounding, std::uint32_t x) {
    return converted<binary16, binary32>(rounding, x);
}
std::uint64_t fp32_to_bf16(std::uint8_t rounding, std::uint32_t x) {
    return converted<bfloat16, binary32>(rounding, x);
}
std::uint64_t fp16_to_fp32(std::uint8_t rounding, std::uint16_t x) {
    return converted<binary32, binary16>(rounding, x);
}
std::uint64_t bf16_to_fp32(std::uint8_t rounding, std::uint16_t x) {
    return converted<binary32, bfloat16>(rounding, x);
}
std::uint64_t pack_to_fp16(std::uint8_t rounding, bool negative, int exp, std::uint64_t sig, std::uint64_t below) {
    return packed<binary16>(rounding, {negative, exp, sig, below});
}
std::uint64_t pack_to_bf16(std::uint8_t rounding, bool negative, int exp, std::uint64_t sig, std::uint64_t below) {
    return packed<bfloat16>(rounding, {negative, exp, sig, below});
}
}
