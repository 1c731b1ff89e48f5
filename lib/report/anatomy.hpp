#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/round_pack.hpp>

// One value taken apart, as text: what `halfulp show` draws.

namespace halfulp {

/// A code taken apart. What a code does not have is an empty string: an unsigned format no sign, a NaN no value.
struct Anatomy {
    std::string format = {};                              ///< its name
    std::string code = {};                                ///< hexadecimal, 0x3c00
    std::string sign = {}, exponent = {}, fraction = {};  ///< bits
    std::string kind = {};               ///< normal number, subnormal number, zero, infinity, quiet NaN, ...
    std::string formula = {};            ///< significand * 2^exponent, both integers
    std::string decimal = {};            ///< exact, every digit
    std::string hexadecimal = {};        ///< exact, as C's %a
    std::string shortest = {};           ///< the shortest decimal that reads back
    std::string ulp = {};                ///< the unit in the last place, as a power of two
    std::string below = {}, above = {};  ///< the next numbers: code and shortest decimal
};

/// Takes a code of f apart.
Anatomy anatomy(const Format& f, std::uint64_t code);

/// For a terminal, with the bit fields drawn.
std::string to_text(const Anatomy& anatomy);

/// For programs: an object with the members' names.
std::string to_json(const Anatomy& anatomy);

/// Roundings that make the same code of a number.
struct RoundedAlike {
    std::vector<std::string_view> roundings;  ///< names
    Rounded rounded;                          ///< what all of them deliver
};

/// What each deterministic rounding makes of a number in f, those that agree together, the smallest result first.
std::vector<RoundedAlike> roundings_of(const Format& f, const Sticky& x);

/// A line for each: code, number, roundings, exceptions.
std::string to_text(const Format& f, const std::vector<RoundedAlike>& alike);

}  // namespace halfulp
