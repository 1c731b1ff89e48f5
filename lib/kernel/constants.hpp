#pragma once

#include <cstdint>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>

// What the SIMD kernels know of a format and an environment: numbers that every lane uses. All of it is derived from
// Format, and what special values become is asked of the exact engine: a new row of the table of formats just works.

namespace halfulp::kernel {

/// Where a lane of 32 bits keeps a number: sign, exponent field, fraction.
struct Layout {
    int fraction_bits;  ///< bits of the significand that are stored
    int bias;           ///< exponent field minus bias = exponent of the leading bit

    /// Without a sign; all that is above it is NaN.
    constexpr std::uint32_t infinity() const { return static_cast<std::uint32_t>(2 * bias + 1) << fraction_bits; }
    bool operator==(const Layout&) const = default;
};
/// A number of binary32 as it is.
inline constexpr Layout binary32_layout{23, 127};
/// The upper half of a binary64, with the lower half folded into its last bit: 21 bits, rounded to odd. For Stochastic
/// that has all its bits, and the lower half lies beside.
inline constexpr Layout binary64_upper_layout{20, 1023};

/// What is added to the bits that are cut off, so that they carry into the kept ones where the rounding steps away.
enum class Addend : std::uint8_t {
    Nearest,     ///< half a unit; less one where the kept code is even and ties go there
    Directed,    ///< all ones or nothing, by the sign
    ToOdd,       ///< nothing: if any of them is set, the last kept one is
    Stochastic,  ///< random bits, to the leading 32
};

/// How a format's numbers lie among those of a layout.
enum class Shape : std::uint8_t {
    Same,     ///< the leading bits of the layout: bfloat16 and tf32 among binary32
    Gradual,  ///< its subnormal numbers are normal in the layout: they lose a varying number of bits
    NoZero,   ///< no zero and no subnormal numbers (e8m0)
};

/// One number for each sign.
struct BySign {
    std::uint32_t positive, negative;  ///< what it is for numbers of that sign
};

/// The flags of Status as bits of its byte.
struct StatusBits {
    std::uint32_t invalid, divide_by_zero, overflow, underflow, inexact, input_denormal;  ///< only that flag's bit
};
/// Those of this compiler's Status.
StatusBits status_bits();
/// The byte of a Status, its bits that are no flag's cleared.
std::uint32_t bits_of(const Status& status);
/// The flags whose bits are set in a byte.
Status status_of(std::uint32_t bits);

/// From a layout to codes.
struct Narrowing {
    Layout layout;               ///< of the numbers
    Addend addend;               ///< by which they are rounded
    Shape shape;                 ///< how the codes' numbers lie among them
    std::int32_t drop;           ///< bits that a normal number loses
    std::uint32_t half;          ///< of a unit of the last bit that it keeps
    std::int32_t first_field;    ///< exponent field, in the layout, of the smallest normal number
    std::uint32_t first_normal;  ///< that number in the layout
    std::uint32_t offset;        ///< a normal number's code is (number - offset) >> drop
    std::uint32_t max_number;    ///< the largest one in the layout: whatever the rounding, nothing below it overflows
    bool is_summed;              ///< whether addition rounds it: see rounded_by_addition of summed-inl.h
    std::uint32_t last_kept;     ///< of these: the largest number of the layout that does not overflow
    std::uint32_t max_code, infinity, nan;  ///< codes: of the largest number; what +infinity and NaNs become
    BySign overflow;                        ///< codes of what is beyond the largest number
    std::uint32_t sign_bit;                 ///< of a code
    std::int32_t sign_shift;                ///< how far below bit 31 that lies
    bool is_signed, has_negative_zero;      ///< as Format has them

    std::uint32_t ties_to_even;  ///< Nearest: 1 if they do
    BySign away;                 ///< Directed: all ones where it steps away from zero
    std::int32_t tiny_drop;      ///< bits that a number just below first_normal loses when rounded to full precision
    BySign tiny_carry;           ///< what to add to a number before asking whether it is below first_normal, hence tiny
    bool flush;                  ///< tiny numbers become zeros
    BySign flush_carry;          ///< tiny_carry by the rule of Env::flush_outputs
    bool flush_inputs;           ///< subnormal numbers of the layout are taken for zeros
    /// flags that are signalled by a number that is flushed, by an infinity, by a quiet NaN
    std::uint32_t flush_raises, infinity_raises, nan_raises;
    StatusBits raises;  ///< the bit of each flag
    /// As variables: GCC would put known ones into vectors in every round of a loop.
    std::uint32_t all_but_sign = 0x7FFFFFFF, all_but_fraction = 0xFF800000, minus_32 = ~31U, one = 1;
};
/// Pre: binary32 holds every number of `to`.
Narrowing narrowing(const Format& to, const Layout& from, const Env& env);

/// From codes to binary32.
struct Widening {
    Shape shape;                             ///< how the codes' numbers lie among those of binary32
    std::uint32_t magnitude_mask, sign_bit;  ///< of a code, as Format has them
    std::int32_t sign_shift;                 ///< how far below bit 31 the sign lies
    std::int32_t lift;                       ///< bits that a fraction gains
    std::uint32_t offset;                    ///< a normal number is (code << lift) + offset
    std::uint32_t min_normal;                ///< the code of the smallest one
    float unit;                              ///< the value of code 1, if that is subnormal
    std::uint32_t last_number;               ///< the largest finite one
    std::uint32_t inf_code, last_code;       ///< infinity, or beyond all codes; the largest magnitude that is no NaN
    std::uint32_t quiet;                     ///< the first quiet NaN
    std::uint32_t lone_nan;                  ///< the one NaN of formats without -0, or beyond all codes
    std::uint32_t infinity, nan;             ///< what they become in binary32
    std::uint32_t infinity_raises;           ///< flags that an infinity signals
    bool flush_inputs;                       ///< subnormal numbers of the codes are taken for zeros
    std::uint32_t flushed_sign;              ///< the sign that a flushed number keeps: none without -0
    std::uint32_t tiny_raises;  ///< by results of binary32 that are subnormal, and flushed; 0: they are not
    StatusBits raises;          ///< the bit of each flag
};
/// Pre: binary32 holds every number of `from`.
Widening widening(const Format& from, const Env& env);

/// Whether binary32 holds every product of two numbers of f exactly.
constexpr bool products_within_binary32(const Format& f) {
    return f.emin() - f.fraction_bits() >= -63 && f.emax() <= 62 && f.precision <= 12;
}

/// From codes to codes, by way of an operation.
struct Calculation {
    Widening operand;         ///< of each operand to binary32
    Narrowing result;         ///< of the operation's result to codes
    bool is_binary16;         ///< which some CPUs widen themselves
    std::uint32_t b_sign;     ///< flips the sign of b: a - b = a + (-b)
    std::uint32_t zero_sign;  ///< Down: a zero is negative unless both terms are positive zeros (IEEE 754-2019, 6.3)
};
/// Pre: as the functions of arithmetic.hpp.
Calculation calculation(Operation operation, const Format& f, const Env& env);

}  // namespace halfulp::kernel
