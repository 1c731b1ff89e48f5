#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include <halfulp/lib/train/network.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/random.hpp>

// Numbers of training as the emulator rounds them.

namespace halfulp::train {

inline std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }
inline std::vector<std::uint32_t> bits(const Numbers& x) {
    std::vector<std::uint32_t> codes;
    for (const float number : x) codes.push_back(bits(number));
    return codes;
}

/// Numbers of binary32 in (-1, 1).
inline Numbers drawn(std::size_t count, std::uint64_t seed) {
    Numbers x(count);
    for (std::size_t i = 0; i < count; ++i) x[i] = std::ldexp(static_cast<float>(random_bits(seed, i) >> 40), -23) - 1;
    return x;
}

// Scalars by the emulator: a number of binary32 that stands for one of a format.
inline std::uint64_t code(const Format& f, float x) {
    return compute(Operation::Convert, f, std::array{Operand{binary32, bits(x)}}).code;
}
inline float number(const Format& f, std::uint64_t c) {
    return std::bit_cast<float>(
        static_cast<std::uint32_t>(compute(Operation::Convert, binary32, std::array{Operand{f, c}}).code));
}
template <class... X>
float by(Operation operation, const Format& f, X... x) {
    return number(f, compute(operation, f, std::array{Operand{f, code(f, x)}...}).code);
}
inline float to(const Format& f, float x) { return number(f, code(f, x)); }

}  // namespace halfulp::train
