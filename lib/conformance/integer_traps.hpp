#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>

// The discriminating set of conversions to and from integers.

namespace halfulp {

/// What conversions of integers have got wrong.
enum class IntegerMistake : std::uint8_t {
    Saturates,
    Wraps,
    Indefinite,
    NanIsZero,
    AlsoInexact,
    ChecksBeforeRounding,
    LeastIsInvalid,
    Truncates,
    ThroughBinary32,
    ThroughBinary64,
    OtherSign,
};

/// A row for each enumerator, in their order.
struct NamedIntegerMistake {
    std::string_view name;   ///< as the program prints it
    IntegerMistake mistake;  ///< which one
    std::string_view what;   ///< a sentence
};

/// A row for each enumerator, in their order.
inline constexpr std::array integer_mistakes = {
    NamedIntegerMistake{"saturates", IntegerMistake::Saturates, "the nearest end of the range; NaN is 0"},
    NamedIntegerMistake{"wraps", IntegerMistake::Wraps, "modulo 2^width; NaN and infinity are 0"},
    NamedIntegerMistake{"indefinite", IntegerMistake::Indefinite, "x86's code for all that is invalid"},
    NamedIntegerMistake{"nan_is_zero", IntegerMistake::NanIsZero, "NaN is 0"},
    NamedIntegerMistake{"also_inexact", IntegerMistake::AlsoInexact, "inexact beside invalid"},
    NamedIntegerMistake{"checks_before_rounding", IntegerMistake::ChecksBeforeRounding,
                        "the operand's range is checked, not that of the rounded number"},
    NamedIntegerMistake{"least_is_invalid", IntegerMistake::LeastIsInvalid,
                        "the code of x86's invalid results is taken for one"},
    NamedIntegerMistake{"truncates", IntegerMistake::Truncates, "toward zero whatever the rounding, as C's cast"},
    NamedIntegerMistake{"through_binary32", IntegerMistake::ThroughBinary32, "to binary32 first, then rounded again"},
    NamedIntegerMistake{"through_binary64", IntegerMistake::ThroughBinary64, "to binary64 first, then rounded again"},
    NamedIntegerMistake{"other_sign", IntegerMistake::OtherSign, "unsigned taken for signed, or reverse"},
};

/// The row of a mistake.
constexpr const NamedIntegerMistake& row_of(IntegerMistake mistake) {
    return integer_mistakes[static_cast<std::size_t>(mistake)];
}

/// A conversion of a code, one of whose types is an integer's: `right` as env and rule say, `wrong` with the mistake.
struct IntegerTrap {
    std::string_view name;                       ///< of the trap
    std::variant<Format, IntegerType> from, to;  ///< one of them is an integer type
    Env env;                                     ///< rounding, and whether subnormal numbers are flushed
    OutOfRange rule;                             ///< for what the type lacks
    std::uint64_t operand;                       ///< a code of `from`
    Rounded right;                               ///< the right result
    IntegerMistake mistake;                      ///< that the trap tells
    Rounded wrong;                               ///< what the mistake delivers
    std::string_view source;                     ///< the clause that decides
};

/// The words of the rows.
namespace integer_trap_rows {

using enum IntegerMistake;

/// formats by their short names
inline constexpr Format half = binary16, bf16 = bfloat16, single = binary32, wide = binary64;
/// integer types by their short names
inline constexpr IntegerType i8{8, true}, i32{32, true}, i64{64, true}, u16{16, false}, u32{32, false}, u64{64, false};
/// exceptions by their names
inline constexpr Status none, inexact{.inexact = true}, invalid{.invalid = true};
/// exceptions together
inline constexpr Status both{.invalid = true, .inexact = true}, over{.overflow = true, .inexact = true};
/// environments by their names
inline constexpr Env even, cut{.rounding = Rounding::TowardZero}, riscv{.nan = NanPolicy::Riscv};
/// rules by their names
inline constexpr OutOfRange saturate = OutOfRange::Saturate, wrap = OutOfRange::Wrap, x86 = OutOfRange::Indefinite;

// clang-format off
/// The traps, in the order in which they are printed.
inline constexpr std::array rows = {
    // What an integer type lacks.
    IntegerTrap{"nan_to_int32_x86", single, i32, even, x86, 0x7FC00000, {0x80000000, invalid},
         NanIsZero, {0, invalid}, "Intel SDM, CVTSS2SI: integer indefinite"},
    IntegerTrap{"infinity_to_int32_x86", single, i32, even, x86, 0x7F800000, {0x80000000, invalid},
         Saturates, {0x7FFFFFFF, invalid}, "Intel SDM, CVTSS2SI: integer indefinite"},
    IntegerTrap{"negative_to_uint32_x86", single, u32, even, x86, 0xBF800000, {0xFFFFFFFF, invalid},
         Saturates, {0, invalid}, "Intel SDM, VCVTSS2USI: 2^w - 1"},
    IntegerTrap{"nan_to_int32_arm", single, i32, even, saturate, 0x7FC00000, {0, invalid},
         Indefinite, {0x80000000, invalid}, "Arm ARM, FPToFixed"},
    IntegerTrap{"infinity_to_int32_arm", single, i32, even, saturate, 0x7F800000, {0x7FFFFFFF, invalid},
         Indefinite, {0x80000000, invalid}, "Arm ARM, FPToFixed"},
    IntegerTrap{"negative_to_uint32_arm", single, u32, even, saturate, 0xBF800000, {0, invalid},
         Wraps, {0xFFFFFFFF, invalid}, "Arm ARM, FPToFixed"},
    IntegerTrap{"nan_to_int32_riscv", single, i32, riscv, saturate, 0x7FC00000, {0x7FFFFFFF, invalid},
         NanIsZero, {0, invalid}, "RISC-V unprivileged ISA, table 11.4"},
    IntegerTrap{"negative_nan_to_int32_riscv", single, i32, riscv, saturate, 0xFFC00000, {0x7FFFFFFF, invalid},
         Indefinite, {0x80000000, invalid}, "RISC-V unprivileged ISA, table 11.4"},
    IntegerTrap{"nan_to_uint32_riscv", single, u32, riscv, saturate, 0x7FC00000, {0xFFFFFFFF, invalid},
         NanIsZero, {0, invalid}, "RISC-V unprivileged ISA, table 11.4"},
    IntegerTrap{"wrapped_to_int32", wide, i32, cut, wrap, 0x41F0000000100000, {1, invalid},
         Saturates, {0x7FFFFFFF, invalid}, "ECMA-262, ToInt32; Arm ARM, FPToFixedJS: 2^32 + 1"},
    IntegerTrap{"infinity_wrapped", wide, i32, cut, wrap, 0x7FF0000000000000, {0, invalid},
         Saturates, {0x7FFFFFFF, invalid}, "ECMA-262, ToInt32; Arm ARM, FPToFixedJS"},
    IntegerTrap{"invalid_alone", wide, i32, even, saturate, 0x41E0000000100000, {0x7FFFFFFF, invalid},
         AlsoInexact, {0x7FFFFFFF, both}, "IEEE 754-2019, 5.8 and 7.1: 2^31 + 1/2"},
    // The ends of the range.
    IntegerTrap{"rounds_into_range", half, i8, even, saturate, 0xD804, {0x80, inexact},
         ChecksBeforeRounding, {0x80, invalid}, "IEEE 754-2019, 5.8: -128.5"},
    IntegerTrap{"rounds_out_of_range", half, i8, even, saturate, 0x57F8, {0x7F, invalid},
         ChecksBeforeRounding, {0x80, inexact}, "IEEE 754-2019, 5.8: 127.5"},
    IntegerTrap{"rounds_to_unsigned_zero", single, u32, cut, saturate, 0xBF400000, {0, inexact},
         ChecksBeforeRounding, {0, invalid}, "IEEE 754-2019, 5.8: -0.75"},
    IntegerTrap{"least_int32", single, i32, even, x86, 0xCF000000, {0x80000000, none},
         LeastIsInvalid, {0x80000000, invalid}, "Intel SDM, CVTSS2SI: -2^31 is in range"},
    IntegerTrap{"to_int32_even", single, i32, even, saturate, 0x40600000, {4, inexact},
         Truncates, {3, inexact}, "IEEE 754-2019, 5.8: 3.5"},
    // From integers.
    IntegerTrap{"int32_to_bf16", i32, bf16, even, saturate, 0x40400001, {0x4E81, inexact},
         ThroughBinary32, {0x4E80, inexact}, "IEEE 754-2019, 5.4.1: 2^30 + 2^22 + 1, rounded once"},
    IntegerTrap{"int64_to_binary32", i64, single, even, saturate, 0x4000004000000001, {0x5E800001, inexact},
         ThroughBinary64, {0x5E800000, inexact}, "IEEE 754-2019, 5.4.1: 2^62 + 2^38 + 1, rounded once"},
    IntegerTrap{"uint64_to_binary32", u64, single, even, saturate, 0xFFFFFFFFFFFFFFFF, {0x5F800000, inexact},
         OtherSign, {0xBF800000, none}, "Intel SDM, CVTSI2SS: signed; VCVTUSI2SS is not"},
    IntegerTrap{"int8_to_half", i8, half, even, saturate, 0x80, {0xD800, none},
         OtherSign, {0x5800, none}, "IEEE 754-2019, 5.4.1: -128"},
    IntegerTrap{"uint16_to_half", u16, half, even, saturate, 0xFFFF, {0x7C00, over},
         Truncates, {0x7BFF, inexact}, "IEEE 754-2019, 5.4.1 and 7.4: 65535 lies beyond 65520"},
};
// clang-format on

}  // namespace integer_trap_rows

/// Every trap; the names are unique, those of `traps` included.
inline constexpr auto& integer_traps = integer_trap_rows::rows;

}  // namespace halfulp
