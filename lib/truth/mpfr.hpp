#pragma once

#include <cstdint>
#include <span>

#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>
#include <halfulp/softfloat/round_pack.hpp>

// Operations, conversions and elementary functions rounded by MPFR, in every format. Shared with softfloat: the rows of
// the format table, and the types Env and Rounded. Codes are taken apart and put together here (mpfr_code.hpp).
//
// MPFR decides the value, the sign of zero, division by zero, which results are NaN and, in the formats with IEEE 754's
// encoding, overflow. Where it has no notion of something, the definition is applied to what MPFR computed:
//   underflow    MPFR raises it for exact results too; here: tiny and inexact, tiny as env.tininess says
//   overflow     in other formats: rounded with unbounded exponent, it is beyond the largest number
//   invalid      a NaN from operands that are none, or a signaling operand (MPFR's NaNs have no codes), or the invalid
//                product 0 * infinity within fma, even if the addend is a quiet NaN (as on Arm and RISC-V)
//   NearestAway  truncated to one bit more, then away from zero to the format
//   ToOdd        truncated, then made odd if MPFR says that the truncation was inexact
//   Stochastic   truncated to 64 bits more, the random bits added, truncated
// NaN results are Format::nan_code(): env.nan is not read.

namespace halfulp::truth {

/// Whether the encoding is IEEE 754-2019's (3.4): bias and special codes follow from width and precision.
constexpr bool is_ieee(const Format& f) { return f == ieee(f.width, f.precision); }

/// Whether there is a function of MPFR: arithmetic, Remainder, Fmod, rounding to integers, Convert.
bool mpfr_has(Operation operation);

/// The operation on codes of `from`, rounded once to `to`. Pre: mpfr_has(operation).
Rounded mpfr_result(Operation operation, const Format& to, const Format& from, const Operands& operands,
                    const Env& env);

/// An elementary function of a code in each of the environments. Pre: from has at most elementary_width bits; as many
/// results as envs.
void mpfr_results(Elementary function, const Format& to, const Format& from, std::uint64_t code,
                  std::span<const Env> envs, std::span<Rounded> results);

/// A number of which the leading bits are known, made odd where there are more.
/// Pre: x is Finite and, where it has more bits, has at least two more than `to`, for Stochastic at least 65 more.
Rounded mpfr_rounded(const Format& to, const Sticky& x, const Env& env);

}  // namespace halfulp::truth
