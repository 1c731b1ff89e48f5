#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include <halfulp/lib/property/codes.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/random.hpp>

// Generators for operations of more than one operand: operands that depend on each other such that results tie, cancel, or cross an end of the exponent range. Where
// softfloat takes part it only proposes operands: no expected value comes from here.

namespace halfulp::property {

/// Steele, Lea & Flood's SplitMix64: the n-th call is a hash of seed + n * constant, so that a seed names a sequence.
class SplitMix {
  public:
    using result_type = std::uint64_t;                                   ///< as standard generators have it
    explicit constexpr SplitMix(std::uint64_t seed) : counter_(seed) {}  ///< of the sequence
    static constexpr std::uint64_t min() { return 0; }                   ///< of what is drawn
    static constexpr std::uint64_t max() { return ~std::uint64_t{0}; }   ///< of what is drawn
    constexpr std::uint64_t operator()() { return mixed_bits(counter_ += 0x9e3779b97f4a7c15); }  ///< the next 64 bits

  private:
    std::uint64_t counter_;
};

/// The code with another exponent, brought into range, plus or minus at most `spread`.
inline std::uint64_t at_exponent(const Format& f, std::uint64_t code, int exponent, int spread, SplitMix& bits) {
    const int step = static_cast<int>(bits() % static_cast<unsigned>(2 * spread + 1)) - spread;
    const int field = std::clamp(exponent + step + f.bias, 0, f.emax() + f.bias);
    const std::uint64_t fraction = code & ((std::uint64_t{1} << f.fraction_bits()) - 1);
    return (code & f.sign_bit()) | static_cast<std::uint64_t>(field) << f.fraction_bits() | fraction;
}

/// The exponent field, less the bias.
inline int exponent_of(const Format& f, std::uint64_t code) {
    return static_cast<int>((code & f.magnitude_mask()) >> f.fraction_bits()) - f.bias;
}

/// The exponent of an end of the range: of the least subnormal, the least normal or the largest number.
inline int end_exponent(const Format& f, SplitMix& bits) {
    const std::array ends{f.emin() - f.fraction_bits(), f.emin(), f.emax()};
    return ends[bits() % ends.size()];
}

/// Operands for any operation. The last step moves each place to each other one: a product in the first place is a
/// dividend whose quotient is nearly exact, in the last place an addend that cancels in fma.
inline Operands edge_operands(const Format& f, SplitMix& bits) {
    std::uint64_t a = edge_code(f, bits), b = edge_code(f, bits), c = edge_code(f, bits);
    const std::uint64_t sign = bits() % 2 == 0 ? 0 : f.sign_bit();
    switch (bits() % 6) {
        case 0: break;
        case 1: b = near_code(f, a ^ sign, bits); break;
        case 2: b = at_exponent(f, b, exponent_of(f, a), f.precision + 2, bits); break;
        case 3: b = at_exponent(f, b, end_exponent(f, bits) - exponent_of(f, a), 2, bits); break;
        case 4: b = at_exponent(f, b, exponent_of(f, a) - end_exponent(f, bits), 2, bits); break;
        case 5: c = at_exponent(f, c, exponent_of(f, a) + exponent_of(f, b), f.precision + 2, bits); break;
    }
    if (bits() % 4 == 0) {
        const std::uint64_t factor = bits() % 4 == 0 ? a : b;
        c = near_code(f, sign ^ round_pack(f, mul(decode(f, a), decode(f, factor))).code, bits);
    }
    switch (bits() % 3) {
        case 0: return {a, b, c};
        case 1: return {b, c, a};
        default: return {c, a, b};
    }
}

/// A code of `from` for conversion to `to`: an edge of the one, or a number of the other or the middle between two of
/// its numbers, or a few codes off these.
inline std::uint64_t edge_to_convert(const Format& to, const Format& from, SplitMix& bits) {
    if (bits() % 2 == 0) return edge_code(from, bits);
    const std::uint64_t below = edge_code(to, bits);
    const std::uint64_t x = convert(from, to, below).code, y = convert(from, to, (below + 1) & to.code_mask()).code;
    return near_code(from, bits() % 2 == 0 ? x : x / 2 + y / 2 + (x & y & 1), bits);
}

}  // namespace halfulp::property
