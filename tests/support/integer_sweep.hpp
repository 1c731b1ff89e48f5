#pragma once

#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/softfloat/integer.hpp>
#include <limits>
#include <type_traits>

#include "support/definition_sweeps.hpp"

namespace halfulp::test {

using truth::real;

/// Every stride-th value of an integer type in a format.
template <class I>
void expect_integers_converted(const Format& to, int stride, const Env& env) {
    using Limits = std::numeric_limits<I>;
    for (int i = Limits::min(); i <= Limits::max(); i += stride)
        ASSERT_EQ(from_integer(to, static_cast<I>(i), env), delivered(to, real(i), env)) << name_of(to) << ' ' << i;
}

/// What the result must be in I: clamped and invalid beyond its range, and then not inexact (IEEE 754-2019, 5.8).
template <class I>
RoundedInteger<I> in_range(const Rational& x, const Integer& rounded) {
    constexpr I least = std::numeric_limits<I>::min(), greatest = std::numeric_limits<I>::max();
    if (rounded < least) return {least, {.invalid = true}};
    if (rounded > greatest) return {greatest, {.invalid = true}};
    return {static_cast<I>(rounded), {.inexact = x != rounded}};
}

template <class I>
void expect_to_integer(const Exact& x, const Rational& value, const Integer& rounded, Rounding rounding) {
    ASSERT_EQ(to_integer<I>(x, {.rounding = rounding}), in_range<I>(value, rounded))
        << value << ' ' << name_of(rounding);
}

/// A number in each of the eight integer types.
inline void expect_to_every_integer(const Exact& x, const Rational& value, Rounding rounding) {
    const Integer rounded = truth::round_to_integer(value, rounding);
    expect_to_integer<std::int8_t>(x, value, rounded, rounding);
    expect_to_integer<std::int16_t>(x, value, rounded, rounding);
    expect_to_integer<std::int32_t>(x, value, rounded, rounding);
    expect_to_integer<std::int64_t>(x, value, rounded, rounding);
    expect_to_integer<std::uint8_t>(x, value, rounded, rounding);
    expect_to_integer<std::uint16_t>(x, value, rounded, rounding);
    expect_to_integer<std::uint32_t>(x, value, rounded, rounding);
    expect_to_integer<std::uint64_t>(x, value, rounded, rounding);
}

/// Every stride-th finite code of a format in every integer type.
inline void expect_codes_to_integers(const Format& from, std::uint64_t stride) {
    for (std::uint64_t code = 0; code <= from.code_mask(); code += stride)
        if (const auto value = truth::value(from, code))
            for (const auto& row : deterministic_roundings)
                expect_to_every_integer(decode(from, code), *value, row.rounding);
}

}  // namespace halfulp::test
