#pragma once

#include <cstdint>

#include <halfulp/softfloat/rounding.hpp>

namespace halfulp {

/// What a result beyond the largest finite number becomes.
enum class Overflow : std::uint8_t {
    ByRounding,  ///< IEEE 754-2019, 7.4: infinity or the largest finite number, as the rounding says
    Saturate,    ///< the largest finite number, for infinite operands too (OCP FP8's saturating mode, PTX .satfinite)
    ToInfinity,  ///< infinity in every rounding (tensor cores do so although they truncate)
};

/// IEEE 754-2019, 7.5: when a result counts as tiny. x86 and RISC-V detect it after rounding, Arm before.
enum class Tininess : std::uint8_t {
    AfterRounding,   ///< rounded to the precision with unbounded exponent, it is below the smallest normal number
    BeforeRounding,  ///< the exact value is below the smallest normal number
};

/// Whether a tiny result, subnormal ones included, becomes a zero of its sign, and what counts as tiny.
enum class Flush : std::uint8_t {
    Never,
    BeforeRounding,  ///< the exact value is below the smallest normal number: Arm's FZ, which signals underflow alone
    AfterRounding,   ///< as Tininess::AfterRounding: x86's FTZ, which signals underflow and inexact
};

/// Which NaN a NaN result is; nan.hpp says what each does.
enum class NanPolicy : std::uint8_t {
    IeeeDefault,    ///< the positive quiet NaN with an otherwise zero fraction
    X86Sse,         ///< the first NaN operand, quieted; else the negative default NaN
    Arm,            ///< the first signaling operand, else the first quiet one, quieted; else the positive default NaN
    ArmDefaultNan,  ///< FPCR.DN = 1: always the positive default NaN
    Riscv,          ///< always the positive default NaN
    Cuda,           ///< always the positive NaN with all fraction bits set
};

/// Everything that an operation is told besides its operands. Always an argument, never global.
struct Env {
    Rounding rounding = Rounding::NearestEven;    ///< of the result
    Overflow overflow = Overflow::ByRounding;     ///< what a result beyond the largest number becomes
    Tininess tininess = Tininess::AfterRounding;  ///< when underflow is signalled
    std::uint64_t random = 0;            ///< the random bits of Stochastic, left-aligned: n bits r are r << (64 - n)
    bool flush_inputs = false;           ///< subnormal operands count as zeros of their sign (DAZ): input_denormal
    Flush flush_outputs = Flush::Never;  ///< whether tiny results become zero
    NanPolicy nan = NanPolicy::IeeeDefault;  ///< which NaN a NaN result is

    friend constexpr bool operator==(const Env&, const Env&) = default;
};

/// The exceptions of IEEE 754-2019, 7, that an operation signals. Returned with the value, never global.
struct Status {
    bool invalid : 1 = false;         ///< no result is useful: inf - inf, 0 * inf, a signaling NaN
    bool divide_by_zero : 1 = false;  ///< an exact infinity from finite operands
    bool overflow : 1 = false;        ///< rounded with unbounded exponent, it is beyond the largest number
    bool underflow : 1 = false;       ///< tiny and inexact
    bool inexact : 1 = false;         ///< it is not the exact value
    /// A subnormal operand was taken for zero, as Arm's IDC. (x86's DE says the opposite: one was not.)
    bool input_denormal : 1 = false;

    friend constexpr bool operator==(const Status&, const Status&) = default;
    /// The exceptions of two operations together.
    friend constexpr Status operator|(Status a, Status b) {
        return {.invalid = a.invalid || b.invalid,
                .divide_by_zero = a.divide_by_zero || b.divide_by_zero,
                .overflow = a.overflow || b.overflow,
                .underflow = a.underflow || b.underflow,
                .inexact = a.inexact || b.inexact,
                .input_denormal = a.input_denormal || b.input_denormal};
    }
};

/// What an operation delivers.
struct Rounded {
    std::uint64_t code;  ///< of the result's format
    Status status;       ///< the exceptions signalled on the way

    friend constexpr bool operator==(const Rounded&, const Rounded&) = default;
};

}  // namespace halfulp
