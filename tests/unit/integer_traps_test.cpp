// Claim: of every trap of integer conversions the right result is right, softfloat delivers it, and the mistake it is
// named for delivers the wrong one. Every mistake has a trap.
// Oracle: exact rationals rounded by truth::round and truth::round_to_integer, and for what an integer type lacks the
// clause that the row names, in words here. Of the wrong results, the mistakes as implementations.
// Shared: the rows themselves; the mistakes are made with softfloat.
#include <gtest/gtest.h>

#include <halfulp/lib/conformance/integer_traps.hpp>
#include <halfulp/lib/conformance/traps.hpp>
#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/softfloat/compare.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <set>

#include "support/print.hpp"

namespace halfulp::test {
namespace {

using truth::Integer;
using truth::pow2;
using truth::Rational;
using truth::Real;

Integer value_of(const IntegerType& type, std::uint64_t code) {
    return Integer{code} - (type.is_signed && code >> (type.width - 1) == 1 ? Integer{1} << type.width : Integer{0});
}

Integer modulo(const Integer& x, int width) {
    const Integer range = Integer{1} << width, rest = x % range;
    return rest < 0 ? Integer{rest + range} : rest;
}

/// What stands for a number that is too large, infinity or NaN.
std::uint64_t replacement(const IntegerTrap& t, const IntegerType& to, const Real& x, const Integer& rounded) {
    const std::uint64_t all = to.width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << to.width) - 1;
    const std::uint64_t top = std::uint64_t{1} << (to.width - 1);
    const std::uint64_t greatest = to.is_signed ? top - 1 : all, least = to.is_signed ? top : 0;
    const bool number = x.is(Real::Kind::Number), nan = x.is(Real::Kind::NaN);
    switch (t.rule) {
        case OutOfRange::Indefinite: return to.is_signed ? top : all;
        case OutOfRange::Wrap: return number ? static_cast<std::uint64_t>(modulo(rounded, to.width)) : 0;
        case OutOfRange::Saturate: break;
    }
    if (nan) return t.env.nan == NanPolicy::Riscv ? greatest : 0;
    return x.negative ? least : greatest;
}

Rounded defined(const IntegerTrap& t) {
    if (const auto* type = std::get_if<IntegerType>(&t.from))
        return delivered(std::get<Format>(t.to), truth::real(value_of(*type, t.operand)), t.env);
    const auto& to = std::get<IntegerType>(t.to);
    const Real x = truth::operand(std::get<Format>(t.from), t.operand);
    if (!x.is(Real::Kind::Number)) return {replacement(t, to, x, 0), {.invalid = true}};
    const Rational value = signed_value(x);
    const Integer rounded = truth::round_to_integer(value, t.env.rounding);
    const Integer greatest = (Integer{1} << (to.width - (to.is_signed ? 1 : 0))) - 1;
    const Integer least = to.is_signed ? Integer{-greatest - 1} : Integer{0};
    if (rounded < least || rounded > greatest) return {replacement(t, to, x, rounded), {.invalid = true}};
    return {static_cast<std::uint64_t>(modulo(rounded, to.width)), {.inexact = value != rounded}};
}

TEST(IntegerTraps, AreRightByDefinition) {
    for (const IntegerTrap& t : integer_traps) EXPECT_EQ(defined(t), t.right) << t.name;
}

/// By softfloat, as another rule or environment has it.
Rounded computed(const IntegerTrap& t, const Env& env, OutOfRange rule) {
    if (const auto* type = std::get_if<IntegerType>(&t.from))
        return from_integer(std::get<Format>(t.to), *type, t.operand, env);
    return to_integer(std::get<IntegerType>(t.to), Operand{std::get<Format>(t.from), t.operand}, env, rule);
}

TEST(IntegerTraps, SoftfloatIsRight) {
    for (const IntegerTrap& t : integer_traps) EXPECT_EQ(computed(t, t.env, t.rule), t.right) << t.name;
}

Rounded through(const IntegerTrap& t, const Format& between) {
    const Rounded first = from_integer(between, std::get<IntegerType>(t.from), t.operand);
    const Rounded last = convert(std::get<Format>(t.to), between, first.code, t.env);
    return {last.code, first.status | last.status};
}

/// least <= x < greatest + 1, and what then is rounded beyond wraps.
Rounded checks_before_rounding(const IntegerTrap& t) {
    const auto& from = std::get<Format>(t.from);
    const auto& to = std::get<IntegerType>(t.to);
    const Exact x = decode(from, t.operand), least = exact(to, to.least());
    Exact beyond = exact(to.greatest());
    ++beyond.sig;
    if (compare(x, least) < 0 || compare(x, beyond) >= 0)
        return {out_of_range_code(to, x, t.rule, t.env.nan), {.invalid = true}};
    return {computed(t, t.env, OutOfRange::Wrap).code, {.inexact = true}};
}

Rounded other_sign(const IntegerTrap& t) {
    IntegerType type = std::get<IntegerType>(t.from);
    type.is_signed = !type.is_signed;
    return from_integer(std::get<Format>(t.to), type, t.operand, t.env);
}

Rounded mistaken(const IntegerTrap& t) {
    const auto ruled = [&](OutOfRange rule) { return computed(t, Env{.rounding = t.env.rounding}, rule); };
    const Rounded right = computed(t, t.env, t.rule);
    switch (t.mistake) {
        case IntegerMistake::Saturates:
        case IntegerMistake::NanIsZero: return ruled(OutOfRange::Saturate);
        case IntegerMistake::Wraps: return ruled(OutOfRange::Wrap);
        case IntegerMistake::Indefinite: return ruled(OutOfRange::Indefinite);
        case IntegerMistake::AlsoInexact: return {right.code, right.status | Status{.inexact = true}};
        case IntegerMistake::ChecksBeforeRounding: return checks_before_rounding(t);
        case IntegerMistake::LeastIsInvalid: return {right.code, {.invalid = true}};
        case IntegerMistake::Truncates: return computed(t, {.rounding = Rounding::TowardZero}, t.rule);
        case IntegerMistake::ThroughBinary32: return through(t, binary32);
        case IntegerMistake::ThroughBinary64: return through(t, binary64);
        case IntegerMistake::OtherSign: return other_sign(t);
    }
    return right;
}

TEST(IntegerTraps, TheirMistakesShow) {
    for (const IntegerTrap& t : integer_traps) {
        EXPECT_NE(t.wrong, t.right) << t.name;
        EXPECT_EQ(mistaken(t), t.wrong) << t.name << ": " << row_of(t.mistake).what;
    }
}

TEST(IntegerTraps, NamesAreUniqueAndEveryMistakeHasATrap) {
    std::set<std::string_view> names;
    std::set<IntegerMistake> shown;
    for (const Trap& t : traps) names.insert(t.name);
    for (const IntegerTrap& t : integer_traps) {
        EXPECT_TRUE(names.insert(t.name).second) << t.name;
        shown.insert(t.mistake);
    }
    EXPECT_EQ(shown.size(), integer_mistakes.size());
    for (std::size_t i = 0; i < integer_mistakes.size(); ++i)
        EXPECT_EQ(integer_mistakes.at(i).mistake, static_cast<IntegerMistake>(i));
}

}  // namespace
}  // namespace halfulp::test
