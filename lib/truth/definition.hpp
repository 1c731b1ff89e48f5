#pragma once

#include <cstdint>
#include <optional>

#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/round_pack.hpp>
#include <halfulp/softfloat/rounding.hpp>

// Formats and rounding as the standard defines them, by exact rationals and by search among codes. Slow and obvious:
// the oracle of softfloat and the source of the exercises' predictions. It shares with softfloat the rows of the format
// table and the types Env and Rounded, and no computation.

namespace halfulp::truth {

/// The value of a finite code: (-1)^sign * 2^(exponent - bias) * significand (IEEE 754-2019, 3.4). Empty for infinity
/// and NaN.
std::optional<Rational> value(const Format& f, std::uint64_t code);

/// The code of a number, by taking it apart: the exponent is that of its leading bit, or the smallest one. Empty if
/// the format does not have it. For 0 the positive zero.
std::optional<std::uint64_t> encode(const Format& f, const Rational& x);

/// The magnitude that stands for what is beyond the largest number, by the rounding (7.4) or as env.overflow says: of
/// infinity, NaN and the largest number the first that the format has, or the largest number.
std::uint64_t overflow_code(const Format& f, const Env& env, bool negative);

/// x rounded to the format, delivered as IEEE 754-2019, 4.3 and 7, and env say. For x = 0 the positive zero.
/// Pre: f has subnormals.
Rounded round(const Format& f, const Rational& x, const Env& env = {});

/// x rounded to an integer: the largest one below it, or one more, by the distance to it.
Integer round_to_integer(const Rational& x, Rounding rounding);

}  // namespace halfulp::truth
