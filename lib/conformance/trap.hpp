#pragma once

#include <string_view>

#include <halfulp/lib/conformance/mistakes.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/operation.hpp>

namespace halfulp {

/// An operation on codes of `from` whose result is rounded to `to`: `right` as env says, `wrong` with the mistake.
struct Trap {
    std::string_view name;    ///< of the trap
    Operation operation;      ///< that is asked
    Format from, to;          ///< of operands and result
    Env env;                  ///< everything besides operands
    Operands operands;        ///< codes, as many as the operation takes
    Rounded right;            ///< the right result
    Mistake mistake;          ///< that the trap tells
    Rounded wrong;            ///< what the mistake delivers
    std::string_view source;  ///< who fell into it, or the clause that decides
};

/// The words of the rows.
namespace trap_rows {

using enum Operation;
using enum Mistake;

/// formats by their short names
inline constexpr Format half = binary16, bf16 = bfloat16, single = binary32, wide = binary64;

/// exceptions by their names
inline constexpr Status none, inexact{.inexact = true}, invalid{.invalid = true}, daz{.input_denormal = true};
/// exceptions together
inline constexpr Status over{.overflow = true, .inexact = true}, under{.underflow = true, .inexact = true};
/// underflow without inexact
inline constexpr Status under_alone{.underflow = true};

/// environments by their names
inline constexpr Env even, away{.rounding = Rounding::NearestAway}, cut{.rounding = Rounding::TowardZero};
/// environments by their names
inline constexpr Env down{.rounding = Rounding::Down}, up{.rounding = Rounding::Up}, odd{.rounding = Rounding::ToOdd};
/// environments by their names
inline constexpr Env before{.tininess = Tininess::BeforeRounding}, saturate{.overflow = Overflow::Saturate};
/// NaN policies by their names
inline constexpr Env x86{.nan = NanPolicy::X86Sse}, arm{.nan = NanPolicy::Arm}, riscv{.nan = NanPolicy::Riscv};
/// and subnormal operands that count as zero
inline constexpr Env cuda{.nan = NanPolicy::Cuda}, no_inputs{.flush_inputs = true};
/// x86's FTZ
inline constexpr Env ftz_x86{.flush_outputs = Flush::AfterRounding};
/// Arm's FZ
inline constexpr Env ftz_arm{.tininess = Tininess::BeforeRounding, .flush_outputs = Flush::BeforeRounding};
/// Stochastic, with these random bits.
constexpr Env random(std::uint64_t bits) { return {.rounding = Rounding::Stochastic, .random = bits}; }

}  // namespace trap_rows
}  // namespace halfulp
