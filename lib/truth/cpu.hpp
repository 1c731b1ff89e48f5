#pragma once

#include <cstdint>
#include <string_view>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>
#include <halfulp/softfloat/round_pack.hpp>
#include <halfulp/softfloat/rounding.hpp>

// What the instructions of this CPU deliver, bits and flags. Today x86-64 only: SSE2, FMA and F16C under a MXCSR of
// their own, which is put back. x86 detects tininess after rounding, delivers NaNs with payloads of its own, and
// fma(0, infinity, quiet NaN) does not raise invalid there.

namespace halfulp::truth {

/// The roundings of MXCSR: NearestEven, Down, Up, TowardZero.
bool cpu_has(Rounding rounding);

/// Why this CPU cannot be asked for the operation; empty if it can.
std::string_view cpu_lacks(Operation operation);

/// Why this CPU cannot be asked to convert between binary16 and binary32; empty if it can.
std::string_view cpu_lacks_binary16();

/// Pre: f is binary32 or binary64; neither rounding nor operation are lacking.
Rounded cpu_result(Operation operation, const Format& f, const Operands& operands, Rounding rounding);

/// VCVTPS2PH and VCVTPH2PS. Pre: neither rounding nor conversion are lacking.
Rounded cpu_binary32_to_binary16(std::uint64_t code, Rounding rounding);
Rounded cpu_binary16_to_binary32(std::uint64_t code);

/// CVTSS2SI to 32 bits: out of range and NaN give -2^31 and raise invalid. Pre: the rounding is not lacking.
RoundedInteger<std::int32_t> cpu_binary32_to_int32(std::uint64_t code, Rounding rounding);

}  // namespace halfulp::truth
