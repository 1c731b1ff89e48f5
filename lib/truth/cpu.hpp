#pragma once

#include <cstdint>
#include <string_view>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>
#include <halfulp/softfloat/round_pack.hpp>
#include <halfulp/softfloat/rounding.hpp>

// What the instructions of this CPU deliver, bits and flags. Today x86-64 only: SSE2, SSE4.1, FMA and F16C under a MXCSR
// of their own, which is put back. An Env asks for a rounding, for DAZ (flush_inputs) and for FTZ (flush_outputs
// AfterRounding); the rest of x86's is fixed: tininess after rounding, NanPolicy::X86Sse, overflow by rounding. The
// denormal flag of MXCSR, which is raised for operands that are not flushed, is not read.

namespace halfulp::truth {

/// The roundings of MXCSR: NearestEven, Down, Up, TowardZero.
bool cpu_has(Rounding rounding);

/// Why this CPU cannot be asked for the operation; empty if it can.
std::string_view cpu_lacks(Operation operation);

/// Why this CPU cannot be asked to convert between binary16 and binary32; empty if it can.
std::string_view cpu_lacks_binary16();

/// The arithmetic ones, RoundToIntegral and RoundToIntegralExact, and the comparisons by UCOMIS and COMIS.
/// Pre: f is binary32 or binary64; neither rounding nor operation are lacking.
Rounded cpu_result(Operation operation, const Format& f, const Operands& operands, const Env& env);

/// CVTSS2SD and CVTSD2SS. Pre: the rounding is not lacking.
Rounded cpu_binary32_to_binary64(std::uint64_t code, const Env& env);
Rounded cpu_binary64_to_binary32(std::uint64_t code, const Env& env);

/// CVTSS2SI and CVTSD2SI: a two's complement integer of 32 or 64 bits. Pre: f is binary32 or binary64; the rounding is not
/// lacking.
Rounded cpu_to_integer(int width, const Format& f, std::uint64_t code, const Env& env);

/// VCVTPS2PH and VCVTPH2PS. Pre: neither rounding nor conversion are lacking.
Rounded cpu_binary32_to_binary16(std::uint64_t code, Rounding rounding);
Rounded cpu_binary16_to_binary32(std::uint64_t code);

}  // namespace halfulp::truth
