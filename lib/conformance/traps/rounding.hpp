#pragma once

#include <array>

#include <halfulp/lib/conformance/trap.hpp>

// Where rounding once, and by the right rule, shows.

namespace halfulp::trap_rows {

// clang-format off
/// Of ties, double rounding and directed roundings.
inline constexpr std::array rounding_traps = {
    // One rounding.
    Trap{"fma_binary32", Fma, half, half, even, {0xD51E, 0x9F22, 0x4F77}, {0x4F9B, inexact},
         ThroughBinary32, {0x4F9C, inexact}, "Figueroa 1995: innocuous for + - * / sqrt alone"},
    Trap{"fma_eigen", Fma, half, half, even, {0x5CB8, 0x92C8, 0x625D}, {0x625D, inexact},
         ThroughBinary32, {0x625C, inexact}, "Eigen, numext::fma(half)"},
    Trap{"fma_llvm", Fma, half, half, even, {0x520B, 0x00E9, 0x2FF6}, {0x3001, inexact},
         ThroughBinary32, {0x3000, inexact}, "llvm/llvm-project#98389"},
    Trap{"fma_binary64_truncated", Fma, half, half, cut, {0x0017, 0x800C, 0x7733}, {0x7732, inexact},
         ThroughBinary64, {0x7733, inexact}, "triton-lang/triton#11610: innocuous to nearest alone"},
    Trap{"fma_binary64_upwards", Fma, half, half, up, {0x8010, 0x8001, 0xE31F}, {0xE31E, inexact},
         ThroughBinary64, {0xE31F, inexact}, "triton-lang/triton#11610: innocuous to nearest alone"},
    Trap{"fma_bf16_binary64", Fma, bf16, bf16, even, {0xBABA, 0xCBC0, 0x83CE}, {0x470B, inexact},
         ThroughBinary64, {0x470C, inexact}, "bfloat16 reaches further than binary64's 53 bits"},
    Trap{"fma_bf16_cpfloat", Fma, bf16, bf16, even, {0x3F88, 0x3F88, 0x0D80}, {0x3F91, inexact},
         ThroughBinary64, {0x3F90, inexact}, "CPFloat: (1 + 2^-4)^2 + 2^-100"},
    Trap{"add_bf16_upwards", Add, bf16, bf16, up, {0x3F80, 0x0D80}, {0x3F81, inexact},
         ThroughBinary64, {0x3F80, inexact}, "CPFloat: 1 + 2^-100"},
    Trap{"add_bf16_to_odd", Add, bf16, bf16, odd, {0x3F80, 0x0D80}, {0x3F81, inexact},
         ThroughBinary64, {0x3F80, inexact}, "CPFloat: 1 + 2^-100"},
    Trap{"mul_tf32_subnormal", Mul, tf32, tf32, even, {0x1086F, 0x0DE17}, {0x0000D, under},
         ThroughBinary32, {0x0000E, under}, "binary32 has no more exponents than tf32"},
    Trap{"fma_in_two", Fma, half, half, even, {0x3C01, 0x3C01, 0xBC02}, {0x0010, none},
         FusedInTwo, {0x0000, inexact}, "(1 + 2^-10)^2 - (1 + 2^-9) = 2^-20"},
    Trap{"scalb_in_two", Scalb, half, half, even, {0x1421, 0xFFFFFFFFFFFFFFF6}, {0x0011, under},
         ScaledInTwo, {0x0010, under}, "IEEE 754-2019, 5.3.3: 2^-10 (1 + 2^-5 + 2^-10) by 2^-10"},
    Trap{"fma_bf16_underflow", Fma, bf16, bf16, even, {0x1D01, 0x9D01, 0x0080}, {0x0080, inexact},
         ThroughBinary32, {0x0080, under}, "riscv-software-src/riscv-isa-sim#1825: flags of the steps"},
    Trap{"bf16_of_double", Convert, wide, bf16, even, {0x3FF0100000001000}, {0x3F81, inexact},
         ThroughBinary32, {0x3F80, inexact}, "Eigen, bfloat16(double): 1 + 2^-8 + 2^-40"},
    Trap{"half_of_double", Convert, wide, half, even, {0x3FF0020000001000}, {0x3C01, inexact},
         ThroughBinary32, {0x3C00, inexact}, "Eigen, half(double): 1 + 2^-11 + 2^-40"},
    Trap{"half_of_double_upwards", Convert, wide, half, up, {0x4000000010000000}, {0x4001, inexact},
         ThroughBinary32, {0x4000, inexact}, "CPFloat in float storage: 2 + 2^-23"},
    // Ties, and roundings that are not to nearest.
    Trap{"tie_even", Convert, single, half, even, {0x3F801000}, {0x3C00, inexact},
         TiesAway, {0x3C01, inexact}, "IEEE 754-2019, 4.3.1"},
    Trap{"tie_odd", Convert, single, half, even, {0x3F803000}, {0x3C02, inexact},
         TiesTowardZero, {0x3C01, inexact}, "IEEE 754-2019, 4.3.1"},
    Trap{"tie_away", Convert, single, half, away, {0x3F801000}, {0x3C01, inexact},
         TiesToEven, {0x3C00, inexact}, "IEEE 754-2019, 4.3.1"},
    Trap{"tie_away_negative", Convert, single, half, away, {0xBF801000}, {0xBC01, inexact},
         TiesUp, {0xBC00, inexact}, "IEEE 754-2019, 4.3.1"},
    Trap{"tie_bf16", Convert, single, bf16, even, {0x3F808000}, {0x3F80, inexact},
         TiesAway, {0x3F81, inexact}, "TestFloat 3e, level 1, has no such tie"},
    Trap{"tie_bf16_away", Convert, single, bf16, away, {0x3F808000}, {0x3F81, inexact},
         TiesToEven, {0x3F80, inexact}, "TestFloat 3e, level 1, has no such tie"},
    Trap{"tie_subnormal", Convert, single, half, even, {0x33000000}, {0x0000, under},
         TiesAway, {0x0001, under}, "fastfloat/fast_float#300: ties of subnormal numbers"},
    Trap{"down_negative", Convert, single, half, down, {0xBF800001}, {0xBC01, inexact},
         TowardZero, {0xBC00, inexact}, "IEEE 754-2019, 4.3.2"},
    Trap{"up_from_zero", Convert, single, half, up, {0x00000001}, {0x0001, under},
         ToNearest, {0x0000, under}, "IEEE 754-2019, 4.3.2"},
    Trap{"truncated", Convert, single, half, cut, {0x3F801FFF}, {0x3C00, inexact},
         ToNearest, {0x3C01, inexact}, "ROCm/legacy-rocm-build#1846: __float2half_rz"},
    Trap{"to_odd", Convert, single, half, odd, {0x3F800001}, {0x3C01, inexact},
         TowardZero, {0x3C00, inexact}, "Boldo & Melquiond 2008"},
    Trap{"stochastic_eighth", Convert, single, half, random(0xDFFFFFFFFFFFFFFF), {0x3F800400}, {0x3C00, inexact},
         TossesACoin, {0x3C01, inexact}, "PTX ISA, cvt.rs: 1/8 and 7/8 - 2^-64 do not carry"},
    Trap{"stochastic_carry", Convert, single, half, random(0x2000000000000000), {0x3F801C00}, {0x3C01, inexact},
         TossesACoin, {0x3C00, inexact}, "PTX ISA, cvt.rs: 7/8 and 1/8 carry"},
    Trap{"stochastic_exact", Convert, single, half, random(~std::uint64_t{0}), {0x3F800000}, {0x3C00, none},
         TossesACoin, {0x3C01, none}, "Croci and others 2022: what is representable does not move"},
};
// clang-format on

}  // namespace halfulp::trap_rows
