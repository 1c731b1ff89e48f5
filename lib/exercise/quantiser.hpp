#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <halfulp/lib/quantize/code_range.hpp>
#include <halfulp/softfloat/rounding.hpp>

namespace halfulp {

/// A uniform quantiser with a step s, its scale: a number x gets the integer code k = x / s, rounded and then clamped
/// to the codes that there are; a code stands for a level, k s or (k + 1/2) s.
struct Quantiser {
    std::string_view name;  ///< as questions print it
    Rounding rounding;      ///< of x / s to an integer
    bool lowest_code;       ///< whether -2^(bits - 1) is a code
    bool between_codes;     ///< code k stands for (k + 1/2) s, the middle of what gets it; else for k s
    int bits = 8;           ///< 2 to 16

    /// least and greatest code
    constexpr quantize::CodeRange range() const {
        const IntegerType type{bits, true};
        return lowest_code ? quantize::full_range(type) : quantize::restricted_range(type);
    }
    constexpr std::int64_t greatest() const { return range().greatest; }       ///< of the codes
    constexpr std::int64_t least() const { return range().least; }             ///< of the codes
    constexpr std::int64_t codes() const { return greatest() - least() + 1; }  ///< how many there are

    /// The same with another number of bits.
    constexpr Quantiser with_bits(int other) const {
        Quantiser q = *this;
        q.bits = other;
        return q;
    }
};

/// The analogue-to-digital converter of textbooks: 2^bits levels about 0, none at 0.
inline constexpr Quantiser mid_rise{"mid-rise", Rounding::Down, true, true};
/// All codes of an integer type, as ONNX QuantizeLinear with zero point 0: [-128, 127] for 8 bits.
inline constexpr Quantiser twos_complement{"two's complement", Rounding::NearestEven, true, false};
/// One code less, so that -k is a code if k is: [-127, 127] for 8 bits.
inline constexpr Quantiser symmetric{"symmetric", Rounding::NearestEven, false, false};

/// Those of exercise 4.
inline constexpr std::array quantisers = {mid_rise, twos_complement, symmetric};

}  // namespace halfulp
