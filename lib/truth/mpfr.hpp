#pragma once

#include <cstdint>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>
#include <halfulp/softfloat/round_pack.hpp>

// Operations and conversions rounded by MPFR, for formats with IEEE 754's encoding. Shared with softfloat: the fields
// width, precision and bias of a Format, and the types Env and Rounded. Codes are taken apart and put together here.
//
// MPFR decides the value, the sign of zero, overflow, division by zero and which results are NaN. Where it has no
// notion of something, the standard's definition is applied to what MPFR computed:
//   underflow    MPFR raises it for exact results too; here: tiny and inexact, tiny as env.tininess says
//   invalid      a NaN from operands that are none, or a signaling operand (MPFR's NaNs have no codes), or the invalid
//                product 0 * infinity within fma, even if the addend is a quiet NaN (as on Arm and RISC-V)
//   NearestAway  truncated to one bit more, then away from zero to the format
//   ToOdd        truncated, then made odd if MPFR says that the truncation was inexact
// NaN results are the positive quiet NaN with an otherwise zero fraction.

namespace halfulp::truth {

/// Whether the encoding is IEEE 754-2019's (3.4): bias and special codes follow from width and precision.
constexpr bool is_ieee(const Format& f) { return f == ieee(f.width, f.precision); }

/// The arithmetic operations, Remainder and Fmod.
/// Pre: is_ieee(f), env.overflow is ByRounding, env.rounding is not Stochastic.
Rounded mpfr_result(Operation operation, const Format& f, const Operands& operands, const Env& env);

/// roundToIntegralExact. Pre: is_ieee(f), the rounding is not Stochastic.
Rounded mpfr_round_to_integral(const Format& f, std::uint64_t code, Rounding rounding);

/// A code of one format in another. Pre: is_ieee of both, env.overflow is ByRounding, env.rounding is not Stochastic.
Rounded mpfr_convert(const Format& to, const Format& from, std::uint64_t code, const Env& env);

/// A number of which the leading bits are known, made odd where there are more.
/// Pre: is_ieee(to), env as above; x is Finite and, where it has more bits, has at least two more than `to`.
Rounded mpfr_rounded(const Format& to, const Sticky& x, const Env& env);

}  // namespace halfulp::truth
