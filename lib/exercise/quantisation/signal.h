#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/exercise/observer.hpp>
#include <halfulp/lib/truth/rational.hpp>

// Finite signals of exact numbers, and what a quantiser makes of them by definition: codes, and the noise as a rational.
// Not installed, as it needs Boost.

namespace halfulp {

/// Numbers of binary32.
struct Signal {
    std::vector<truth::Rational> values;
    Codes codes;
};

/// Pre: each value is a number of binary32.
Signal signal_of(std::vector<truth::Rational> values);

/// first, first + step, ... as long as below end.
Signal ramp(const truth::Rational& first, const truth::Rational& end, const truth::Rational& step);

/// One period of a sine of amplitude 1: sin(2 pi i / points), rounded to binary32.
Signal sine(std::size_t points);

/// x rounded to binary32, to nearest even: what truth::round does, without its search among codes. Pre: x is 0 or in
/// the range of normal numbers.
truth::Rational in_binary32(const truth::Rational& x);

/// The code of a number x by what is to be quantised, x / scale.
std::int64_t code_of_quotient(const Quantiser& quantiser, const truth::Rational& quotient);

/// What Observer::quantise must answer.
Codes quantised(const Quantiser& quantiser, const truth::Rational& scale, const Signal& signal);

/// The number that a code stands for. Any 64 bits are a code.
truth::Rational level(const Quantiser& quantiser, const truth::Rational& scale, std::uint64_t code);

/// Means over a signal x and its levels y, which stand in for it.
struct Noise {
    truth::Rational power;  ///< of x^2
    truth::Rational error;  ///< of (y - x)^2
    truth::Rational bias;   ///< of y - x
};

/// Of y - x: the mean square without the square of the mean.
truth::Rational variance(const Noise& noise);

/// Pre: at least one value, and as many codes.
Noise noise(const Quantiser& quantiser, const truth::Rational& scale, std::span<const truth::Rational> values,
            std::span<const std::uint64_t> codes);

}  // namespace halfulp
