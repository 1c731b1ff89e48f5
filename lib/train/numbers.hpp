#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>

// Numbers of any format up to 32 bits, held in binary32, which has them all.

namespace halfulp::train {

/// An array of them, of whichever format the context says.
using Numbers = std::vector<float>;

/// Of a network, a layer after the other: its weights, row-major of inputs x outputs, and its bias.
using Parameters = std::vector<Numbers>;

/// What became of numbers that were rounded to a format.
struct Fates {
    std::uint64_t numbers = 0;     ///< those that were neither 0 nor NaN nor infinite
    std::uint64_t flushed = 0;     ///< of them, those that became 0
    std::uint64_t overflowed = 0;  ///< of them, those that became infinite

    /// Of the numbers; 0 if there are none.
    double flushed_share() const {
        return numbers == 0 ? 0 : static_cast<double>(flushed) / static_cast<double>(numbers);
    }
    /// Those of both.
    Fates& operator+=(const Fates& other);
    friend bool operator==(const Fates&, const Fates&) = default;
};

/// Rounds to the nearest numbers of a format, ties to even, too large ones to infinity. Pre: binary32, or one of narrow()'s of
/// 8 or 16 bits.
Fates round_to(const Format& f, std::span<float> x);

/// Add, Sub, Mul, Div or Sqrt of numbers of binary32, binary16 or bfloat16, each rounded to that format once. A second operand
/// of one number serves for all. Throws std::invalid_argument as lib/kernel/arithmetic.hpp does.
Numbers computed(Operation operation, const Format& f, std::span<const float> a, std::span<const float> b = {});

/// In binary32, to nearest.
float rounded(const Format& f, double x);

}  // namespace halfulp::train
