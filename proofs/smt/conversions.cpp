// Claims fp32-to-fp16, fp32-to-bf16, fp16-to-fp32, bf16-to-fp32: the narrow engine's conversions, the code that ships, as
// functions that proofs/smt/check compiles and proves equal to what SMT-LIB calls to_fp.

#include <cstdint>

#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

namespace {

using namespace halfulp;

template <Format To, Format From, Rounding R = Rounding::NearestEven>
[[gnu::always_inline]] constexpr std::uint64_t converted(std::uint64_t code) {
    return narrow::convert<To, From>(code, {.rounding = R}).code;
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
}
