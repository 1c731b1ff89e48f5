#pragma once

#include <array>

#include <halfulp/lib/conformance/trap.hpp>

// Where the ends of the exponent range show.

namespace halfulp::trap_rows {

// clang-format off
/// Of overflow, saturation, tininess and flushing.
inline constexpr std::array range_traps = {
    // The upper end of the range.
    Trap{"below_overflow", Convert, single, half, even, {0x477FEFFF}, {0x7BFF, inexact},
         OverflowsAboveLargest, {0x7C00, over}, "IEEE 754-2019, 7.4: 65520 - 2^-8"},
    Trap{"overflow", Convert, single, half, even, {0x477FF000}, {0x7C00, over},
         Saturates, {0x7BFF, over}, "FloatX<5, 10, float>: 65520"},
    Trap{"truncated_below_overflow", Convert, single, half, cut, {0x477FF000}, {0x7BFF, inexact},
         OverflowsAboveLargest, {0x7BFF, over}, "IEEE 754-2019, 7.4: 65520"},
    Trap{"truncated_overflow", Convert, single, half, cut, {0x47800000}, {0x7BFF, over},
         AlwaysInfinite, {0x7C00, over}, "IEEE 754-2019, 7.4 b"},
    Trap{"overflow_downwards", Add, half, half, down, {0x7BFF, 0x7BFF}, {0x7BFF, over},
         AlwaysInfinite, {0x7C00, over}, "IEEE 754-2019, 7.4 c"},
    Trap{"overflow_upwards", Add, half, half, up, {0xFBFF, 0xFBFF}, {0xFBFF, over},
         AlwaysInfinite, {0xFC00, over}, "IEEE 754-2019, 7.4 d"},
    Trap{"overflow_to_odd", Mul, half, half, odd, {0x7BFF, 0x7BFF}, {0x7BFF, over},
         AlwaysInfinite, {0x7C00, over}, "Boldo & Melquiond 2008"},
    Trap{"e4m3_tie_at_end", Convert, single, e4m3fn, even, {0x43E80000}, {0x7E, inexact},
         OverflowsAboveLargest, {0x7F, over}, "jax-ml/ml_dtypes#147: 464 is a tie, and 448 even"},
    Trap{"e4m3_overflow", Convert, single, e4m3fn, even, {0x43E88000}, {0x7F, over},
         Saturates, {0x7E, over}, "jax-ml/ml_dtypes#260: 465 is NaN"},
    Trap{"e4m3_truncated", Convert, single, e4m3fn, cut, {0x43F00000}, {0x7E, over},
         AlwaysInfinite, {0x7F, over}, "riscv-software-src/riscv-isa-sim#2284: 480"},
    Trap{"e4m3_saturated", Convert, single, e4m3fn, saturate, {0x43E88000}, {0x7E, over},
         NeverSaturates, {0x7F, over}, "OCP FP8 1.0, saturating mode: 465"},
    Trap{"e4m3_infinity", Convert, single, e4m3fn, saturate, {0x7F800000}, {0x7E, over},
         NeverSaturates, {0x7F, over}, "OCP FP8 1.0, saturating mode"},
    Trap{"e5m2_infinity", Convert, single, e5m2, saturate, {0xFF800000}, {0xFB, over},
         NeverSaturates, {0xFC, none}, "OCP FP8 1.0, saturating mode"},
    Trap{"e4m3_nan_saturated", Convert, single, e4m3fn, saturate, {0x7FC00000}, {0x7F, none},
         ClampsNan, {0x7E, none}, "OCP FP8 1.0, saturating mode"},
    Trap{"e2m1_carry", Convert, single, e2m1, even, {0x40E00000}, {0x7, over},
         CarriesIntoSign, {0x8, inexact}, "OCP MX 1.0: 7 is a tie, and 8 even"},
    // The lower end of the range.
    Trap{"tiny_below_border", Convert, single, half, even, {0x387FEFFF}, {0x0400, under},
         TinyAsDelivered, {0x0400, inexact}, "openhwgroup/cvfpu#94, riscv/riscv-bfloat16#17"},
    Trap{"tiny_tie", Mul, half, half, even, {0x3BFF, 0x0400}, {0x0400, under},
         TinyAsDelivered, {0x0400, inexact}, "ucb-bar/berkeley-softfloat-3#8"},
    Trap{"tiny_border", Convert, single, half, even, {0x387FF000}, {0x0400, inexact},
         OtherTininess, {0x0400, under}, "the first of 4096 numbers that TestFloat 3e does not ask"},
    Trap{"tiny_last", Convert, single, half, even, {0x387FFFFF}, {0x0400, inexact},
         OtherTininess, {0x0400, under}, "the last of 4096 numbers that TestFloat 3e does not ask"},
    Trap{"tiny_border_before", Convert, single, half, before, {0x387FF000}, {0x0400, under},
         OtherTininess, {0x0400, inexact}, "the first of 4096 numbers that TestFloat 3e does not ask"},
    Trap{"tiny_last_before", Convert, single, half, before, {0x387FFFFF}, {0x0400, under},
         OtherTininess, {0x0400, inexact}, "the last of 4096 numbers that TestFloat 3e does not ask"},
    Trap{"tiny_product", Mul, single, single, even, {0x3F7FFFFE, 0x00800001}, {0x00800000, inexact},
         OtherTininess, {0x00800000, under}, "IEEE 754-2019, 7.5: 2^-126 (1 - 2^-46)"},
    Trap{"tiny_product_before", Mul, single, single, before, {0x3F7FFFFE, 0x00800001}, {0x00800000, under},
         OtherTininess, {0x00800000, inexact}, "IEEE 754-2019, 7.5: 2^-126 (1 - 2^-46)"},
    Trap{"tiny_exact", Convert, single, half, before, {0x33800000}, {0x0001, none},
         ExactUnderflows, {0x0001, under_alone}, "IEEE 754-2019, 7.5; MPFR's flag"},
    Trap{"subnormal_result", Mul, half, half, even, {0x0400, 0x3800}, {0x0200, none},
         FlushesResults, {0x0000, under}, "IEEE 754-2019, 3.3: subnormal numbers are numbers"},
    Trap{"subnormal_operand", Mul, half, half, even, {0x0001, 0x6400}, {0x0400, none},
         FlushesOperands, {0x0000, daz}, "IEEE 754-2019, 3.3: subnormal numbers are numbers"},
    Trap{"flushed_operand", Mul, half, half, no_inputs, {0x8001, 0x6400}, {0x8000, daz},
         FlushesNothing, {0x8400, none}, "Arm ARM, FPCR.FZ"},
    Trap{"ftz_x86", Mul, single, single, ftz_x86, {0x3F7FFFFE, 0x00800001}, {0x00800000, inexact},
         FlushesByOtherRule, {0x00000000, under_alone}, "Intel SDM, volume 1, 10.2.3.3"},
    Trap{"ftz_arm", Mul, single, single, ftz_arm, {0x3F7FFFFE, 0x00800001}, {0x00000000, under_alone},
         FlushesByOtherRule, {0x00800000, under}, "Arm ARM, FPRound"},
    Trap{"ftz_sign", Mul, single, single, ftz_x86, {0x80800000, 0x3F000000}, {0x80000000, under},
         FlushesToPositive, {0x00000000, under}, "Intel SDM, volume 1, 10.2.3.3"},
};
// clang-format on

}  // namespace halfulp::trap_rows
