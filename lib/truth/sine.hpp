#pragma once

#include <cstdint>

#include <halfulp/lib/truth/rational.hpp>

namespace halfulp::truth {

/// sin(2 pi part / whole), rounded to nearest even at that precision, by MPFR: the same on every machine, which a libm's
/// sine is not. Pre: whole > 0, precision is 2 to 64.
Rational sine_of_turn(std::uint64_t part, std::uint64_t whole, int precision);

}  // namespace halfulp::truth
