#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <halfulp/lib/truth/elementary_rules.hpp>
#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/lib/truth/mpfr.hpp>
#include <halfulp/lib/truth/mpfr_elementary.hpp>
#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "support/dyadic.hpp"
#include "support/print.hpp"

namespace halfulp {
inline void PrintTo(const NamedElementary& function, std::ostream* out) { *out << function.name; }
}  // namespace halfulp

// How a result of an elementary function is delivered. Nothing of softfloat takes part but the rows of its format table.

namespace halfulp::test {

using truth::delivered;
using truth::operand;
using truth::Real;
using truth::real;
using truth::signed_value;
using truth::special_result;

/// The formats whose numbers the functions take.
inline std::vector<NamedFormat> narrow_formats() {
    std::vector<NamedFormat> some;
    std::copy_if(formats.begin(), formats.end(), std::back_inserter(some),
                 [](const NamedFormat& row) { return row.format.width <= elementary_width; });
    return some;
}

/// Delivered by e8m0: a power of two from 2^-127 to 2^127 as the rounding chooses, the least one for whatever is
/// smaller, and NaN for what is negative or infinite.
inline Rounded delivered_by_e8m0(const Real& x, const Env& env) {
    using enum Rounding;
    const Status beyond{.overflow = true, .inexact = true};
    if (x.is(Real::Kind::NaN)) return {0xFF, x.raised};
    if (x.negative && !x.is_zero()) return {0xFF, x.raised | Status{.invalid = true}};
    if (x.is(Real::Kind::Infinity)) return {0xFF, x.raised | beyond};
    if (x.magnitude < pow2(-127)) return {0x00, {.underflow = true, .inexact = true}};
    const int below = truth::floor_log2(x.magnitude);
    const Rational to_below = x.magnitude - pow2(below), to_above = pow2(below + 1) - x.magnitude;
    const bool even = (below + 127) % 2 == 0, outward = env.rounding == Up || env.rounding == AwayFromZero;
    const bool nearest = env.rounding == NearestEven || env.rounding == NearestAway;
    const bool tie_up = env.rounding == NearestAway || !even;
    const bool larger = to_below != 0 && (outward || (env.rounding == ToOdd && even) ||
                                          (nearest && (to_above < to_below || (to_above == to_below && tie_up))));
    const int chosen = below + (larger ? 1 : 0);
    if (chosen > 127) return {outward || nearest ? 0xFFU : 0xFEU, beyond};
    return {static_cast<std::uint64_t>(chosen + 127), {.inexact = to_below != 0}};
}

inline Rounded delivered_special(const Format& f, const Real& x, const Env& env) {
    return f == e8m0 ? delivered_by_e8m0(x, env) : delivered(f, x, env);
}

using FormatAndFunction = std::tuple<NamedFormat, NamedElementary>;

/// binary16_exp
inline std::string case_name(const testing::TestParamInfo<FormatAndFunction>& row) {
    return std::string{std::get<0>(row.param).name}.append("_").append(std::get<1>(row.param).name);
}

}  // namespace halfulp::test
