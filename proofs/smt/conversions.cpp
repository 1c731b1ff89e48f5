// Claims fp32-to-fp16, fp32-to-bf16, fp16-to-fp32, bf16-to-fp32, pack-to-fp16: the narrow engine's conversions and the exit
// of its operations, the code that ships, as functions that proofs/smt/check compiles and proves equal to what SMT-LIB calls
// to_fp.

#include <cstdint>

#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

namespace {

using namespace halfulp;

template <Format To, Format From, Rounding R = Rounding::NearestEven>
[[gnu::always_inline]] constexpr std::uint64_t converted(std::uint64_t code) {
    return narrow::convert<To, From>(code, {.rounding = R}).code;
}

/// Any number that a product of fp16 can be, and more: 22 bits of significand, 6 of the exponent, which is from -48 on, and
/// the sign at the top.
template <Rounding R = Rounding::NearestEven>
[[gnu::always_inline]] constexpr std::uint64_t packed(std::uint32_t x) {
    const int exp = static_cast<int>(x >> 22 & 63) - 48;
    return narrow::round_pack<binary16>(narrow::Number{x >> 31 != 0, exp, x & 0x3FFFFF}, Env{.rounding = R}).code;
}

}  // namespace

// The suffixes are SMT-LIB's names of the roundings.
extern "C" {
std::uint64_t fp32_to_fp16_RNE(std::uint32_t x) { return converted<binary16, binary32>(x); }
std::uint64_t fp32_to_fp16_RNA(std::uint32_t x) { return converted<binary16, binary32, Rounding::NearestAway>(x); }
std::uint64_t fp32_to_fp16_RTZ(std::uint32_t x) { return converted<binary16, binary32, Rounding::TowardZero>(x); }
std::uint64_t fp32_to_fp16_RTP(std::uint32_t x) { return converted<binary16, binary32, Rounding::Up>(x); }
std::uint64_t fp32_to_fp16_RTN(std::uint32_t x) { return converted<binary16, binary32, Rounding::Down>(x); }
std::uint64_t fp32_to_bf16_RNE(std::uint32_t x) { return converted<bfloat16, binary32>(x); }
std::uint64_t fp32_to_bf16_RNA(std::uint32_t x) { return converted<bfloat16, binary32, Rounding::NearestAway>(x); }
std::uint64_t fp32_to_bf16_RTZ(std::uint32_t x) { return converted<bfloat16, binary32, Rounding::TowardZero>(x); }
std::uint64_t fp32_to_bf16_RTP(std::uint32_t x) { return converted<bfloat16, binary32, Rounding::Up>(x); }
std::uint64_t fp32_to_bf16_RTN(std::uint32_t x) { return converted<bfloat16, binary32, Rounding::Down>(x); }
std::uint64_t fp16_to_fp32_RNE(std::uint16_t x) { return converted<binary32, binary16>(x); }
std::uint64_t bf16_to_fp32_RNE(std::uint16_t x) { return converted<binary32, bfloat16>(x); }
std::uint64_t pack_to_fp16_RNE(std::uint32_t x) { return packed(x); }
std::uint64_t pack_to_fp16_RNA(std::uint32_t x) { return packed<Rounding::NearestAway>(x); }
std::uint64_t pack_to_fp16_RTZ(std::uint32_t x) { return packed<Rounding::TowardZero>(x); }
std::uint64_t pack_to_fp16_RTP(std::uint32_t x) { return packed<Rounding::Up>(x); }
std::uint64_t pack_to_fp16_RTN(std::uint32_t x) { return packed<Rounding::Down>(x); }
}
