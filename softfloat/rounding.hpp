#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/name.hpp>

namespace halfulp {

/// Which of the two neighbours of an inexact result is taken.
enum class Rounding : std::uint8_t {
    NearestEven,   ///< IEEE roundTiesToEven
    NearestAway,   ///< IEEE roundTiesToAway
    TowardZero,    ///< IEEE roundTowardZero
    Down,          ///< IEEE roundTowardNegative
    Up,            ///< IEEE roundTowardPositive
    AwayFromZero,  ///< an inexact result takes the larger magnitude
    ToOdd,         ///< an inexact result takes the neighbour with the odd code (Boldo & Melquiond 2008)
    Stochastic,    ///< the discarded fraction is the probability of the larger magnitude; random bits are an argument
};

/// What is cut off below the last kept bit, measured against half a unit of it.
enum class Tail : std::uint8_t { Zero, BelowHalf, Half, AboveHalf };

/// The whole of rounding: does the magnitude step up to the next code? `odd` is the last bit of the kept code, which
/// for formats of precision 1 lies in the exponent field; `carry`, read by Stochastic alone, is what random_carry()
/// says. A new rounding is an enumerator, a case here, a case in overflow_is_infinite and a row of `roundings`; -Wswitch
/// finds the first two.
constexpr bool rounds_away(Rounding mode, bool negative, bool odd, Tail tail, bool carry = false) {
    if (tail == Tail::Zero) return false;
    switch (mode) {
        case Rounding::NearestEven: return tail == Tail::AboveHalf || (tail == Tail::Half && odd);
        case Rounding::NearestAway: return tail != Tail::BelowHalf;
        case Rounding::TowardZero: return false;
        case Rounding::Down: return negative;
        case Rounding::Up: return !negative;
        case Rounding::AwayFromZero: return true;
        case Rounding::ToOdd: return !odd;
        case Rounding::Stochastic: return carry;
    }
    __builtin_unreachable();
}

/// Stochastic: does the sum of the discarded fraction, in 2^-64 of the last kept place and rounded down, and of the
/// random bits carry into that place? Hardware adds n random bits r to the n leading bits of the fraction (PTX's cvt.rs;
/// P3109's and gfloat's stochastic roundings): that is random = r << (64 - n), whose zeros let nothing carry from
/// below. 0 truncates. Uniform random bits step up with probability floor(fraction * 2^64) / 2^64.
constexpr bool random_carry(std::uint64_t fraction, std::uint64_t random) { return fraction + random < random; }

/// IEEE 754-2019, 7.4: whether overflow delivers infinity (true) or the largest finite number. ToOdd, which the
/// standard does not have, delivers the largest finite number, so that a second rounding can still decide.
/// Stochastic, neither, delivers infinity as to nearest: a magnitude between the largest number and what an unbounded
/// exponent would place next above it becomes either of the two at random, and one beyond is never the largest number.
constexpr bool overflow_is_infinite(Rounding mode, bool negative) {
    switch (mode) {
        case Rounding::NearestEven:
        case Rounding::NearestAway:
        case Rounding::AwayFromZero:
        case Rounding::Stochastic: return true;
        case Rounding::TowardZero:
        case Rounding::ToOdd: return false;
        case Rounding::Down: return negative;
        case Rounding::Up: return !negative;
    }
    __builtin_unreachable();
}

/// A row of the table of roundings.
struct NamedRounding {
    std::string_view name;  ///< its first name
    Rounding rounding;      ///< which one
    Aliases aliases;        ///< of IEEE 754, TestFloat, PTX and MPFR
};

/// A row for each enumerator, in their order.
inline constexpr std::array roundings = {
    NamedRounding{"NearestEven", Rounding::NearestEven, {"rne", "rn", "near_even", "nearest_even", "roundTiesToEven"}},
    NamedRounding{"NearestAway", Rounding::NearestAway, {"rna", "near_maxMag", "nearest_away", "roundTiesToAway"}},
    NamedRounding{"TowardZero", Rounding::TowardZero, {"rz", "minMag", "toward_zero", "roundTowardZero"}},
    NamedRounding{"Down", Rounding::Down, {"rd", "rm", "min", "down", "roundTowardNegative"}},
    NamedRounding{"Up", Rounding::Up, {"ru", "rp", "max", "up", "roundTowardPositive"}},
    NamedRounding{"AwayFromZero", Rounding::AwayFromZero, {"ra", "raz", "away", "away_from_zero"}},
    NamedRounding{"ToOdd", Rounding::ToOdd, {"ro", "rto", "odd", "to_odd"}},
    NamedRounding{"Stochastic", Rounding::Stochastic, {"rs", "sr", "stochastic"}},
};

/// Those that need no random bits.
inline constexpr auto deterministic_roundings = first_rows<7>(roundings);
static_assert(deterministic_roundings.back().rounding == Rounding::ToOdd);

/// The rounding of that name or alias.
constexpr std::optional<NamedRounding> find_rounding(std::string_view name) { return find_by_name(roundings, name); }

/// The name of a rounding.
constexpr std::string_view name_of(Rounding rounding) { return roundings[static_cast<std::size_t>(rounding)].name; }

}  // namespace halfulp
