#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <type_traits>

#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/round_pack.hpp>

// Codes of any format, biased to where rounding goes wrong. `Bits` is any source of 64 uniform random bits a call, such
// as std::mt19937_64; the same source gives the same codes on every machine.

namespace halfulp::property {

template <class Bits>
concept RandomBits = std::uniform_random_bit_generator<Bits> &&
    std::bool_constant<Bits::min() == 0 && Bits::max() == ~std::uint64_t{0}>::value;

/// A code within eight steps of `code`, on either side: neighbours cancel, tie and meet Sterbenz's condition.
template <RandomBits Bits>
std::uint64_t near_code(const Format& f, std::uint64_t code, Bits& bits) {
    return (code + bits() % 17 - 8) & f.code_mask();
}

/// A code at the edge: near zero, the smallest normal number, one, the largest number, infinity or NaN.
template <RandomBits Bits>
std::uint64_t landmark_code(const Format& f, Bits& bits) {
    const std::uint64_t one = static_cast<std::uint64_t>(f.bias) << f.fraction_bits();
    const std::array landmarks{std::uint64_t{0}, f.min_normal_code(), one, f.max_code(), f.magnitude_mask()};
    const std::uint64_t sign = bits() % 2 == 0 ? 0 : f.sign_bit();
    return near_code(f, sign | landmarks[bits() % landmarks.size()], bits);
}

/// Any sign and exponent, and a fraction that is a run of ones: carries walk far, products tie.
template <RandomBits Bits>
std::uint64_t run_code(const Format& f, Bits& bits) {
    const std::uint64_t fraction = (std::uint64_t{1} << f.fraction_bits()) - 1;
    const std::uint64_t run = ~std::uint64_t{0} << bits() % 64 >> bits() % 64;
    return ((bits() & ~fraction) | (run & fraction)) & f.code_mask();
}

/// A code of the format: one in four uniform, the others from the edges.
template <RandomBits Bits>
std::uint64_t edge_code(const Format& f, Bits& bits) {
    switch (bits() % 4) {
        case 0: return bits() & f.code_mask();
        case 1: return landmark_code(f, bits);
        default: return run_code(f, bits);
    }
}

/// A code of `from` at, just below or just above the middle between two neighbours of `to`, where rounding is decided.
template <RandomBits Bits>
std::uint64_t tie_code(const Format& from, const Format& to, Bits& bits) {
    Exact middle = decode(to, edge_code(to, bits));
    if (middle.kind != Kind::Finite) return edge_code(from, bits);
    middle.sig = 2 * middle.sig + 1;
    --middle.exp;
    return (round_pack(from, middle).code + bits() % 3 - 1) & from.code_mask();
}

}  // namespace halfulp::property
