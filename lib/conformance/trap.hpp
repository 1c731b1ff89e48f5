#pragma once

#include <string_view>

#include <halfulp/lib/conformance/mistakes.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/operation.hpp>

namespace halfulp {

/// An operation on codes of `from` whose result is rounded to `to`: `right` as env says, `wrong` with the mistake.
struct Trap {
    std::string_view name;
    Operation operation;
    Format from, to;
    Env env;
    Operands operands;
    Rounded right;
    Mistake mistake;
    Rounded wrong;
    std::string_view source;  ///< who fell into it, or the clause that decides
};

/// The words of the rows.
namespace trap_rows {

using enum Operation;
using enum Mistake;

inline constexpr Format half = binary16, bf16 = bfloat16, single = binary32, wide = binary64;

inline constexpr Status none, inexact{.inexact = true}, invalid{.invalid = true}, daz{.input_denormal = true};
inline constexpr Status over{.overflow = true, .inexact = true}, under{.underflow = true, .inexact = true};
inline constexpr Status under_alone{.underflow = true};

inline constexpr Env even, away{.rounding = Rounding::NearestAway}, cut{.rounding = Rounding::TowardZero};
inline constexpr Env down{.rounding = Rounding::Down}, up{.rounding = Rounding::Up}, odd{.rounding = Rounding::ToOdd};
inline constexpr Env before{.tininess = Tininess::BeforeRounding}, saturate{.overflow = Overflow::Saturate};
inline constexpr Env x86{.nan = NanPolicy::X86Sse}, arm{.nan = NanPolicy::Arm}, riscv{.nan = NanPolicy::Riscv};
inline constexpr Env cuda{.nan = NanPolicy::Cuda}, no_inputs{.flush_inputs = true};
inline constexpr Env ftz_x86{.flush_outputs = Flush::AfterRounding};
inline constexpr Env ftz_arm{.tininess = Tininess::BeforeRounding, .flush_outputs = Flush::BeforeRounding};
constexpr Env random(std::uint64_t bits) { return {.rounding = Rounding::Stochastic, .random = bits}; }

}  // namespace trap_rows
}  // namespace halfulp
