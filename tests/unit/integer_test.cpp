// Claim: integers of 8 to 64 bits become codes rounded once, never by way of another format; codes become integers
// rounded once, then clamped, invalid beyond the range.
// Oracle: exact rationals, floor, and truth::round. Shared: the rows of formats.hpp. Integers and codes of 16 bits are
// thinned out here; exhaustive/definition_test.cpp takes them all.
#include <halfulp/softfloat/arithmetic.hpp>

#include "support/integer_sweep.hpp"

namespace halfulp::test {
namespace {

constexpr auto int64_min = std::numeric_limits<std::int64_t>::min();
constexpr auto int64_max = std::numeric_limits<std::int64_t>::max();
constexpr auto uint64_max = std::numeric_limits<std::uint64_t>::max();

TEST(Integer, Every8BitIntegerInEveryRounding) {
    for (const Format& to : formats_up_to(64)) {
        for (const auto& row : deterministic_roundings) {
            expect_integers_converted<std::int8_t>(to, 1, {.rounding = row.rounding});
            expect_integers_converted<std::uint8_t>(to, 3, {.rounding = row.rounding});
        }
    }
}

TEST(Integer, SixteenBitIntegers) {
    for (const Format& to : formats_up_to(64)) {
        expect_integers_converted<std::int16_t>(to, 53, {});
        expect_integers_converted<std::uint16_t>(to, 97, {.rounding = Rounding::ToOdd});
    }
}

TEST(Integer, SixtyFourBitIntegersAtTheirEnds) {
    for (const Format& to : formats_up_to(64)) {
        for (const auto& row : deterministic_roundings) {
            const Env env{.rounding = row.rounding};
            for (const std::int64_t i : {int64_min, int64_min + 1, int64_max, int64_max - 1, std::int64_t{1} << 53,
                                         (std::int64_t{1} << 53) + 1, -(std::int64_t{1} << 24) - 1})
                EXPECT_EQ(from_integer(to, i, env), delivered(to, real(i), env)) << name_of(to) << ' ' << i;
            for (const std::uint64_t i : {uint64_max, uint64_max - 1024, std::uint64_t{1} << 63})
                EXPECT_EQ(from_integer(to, i, env), delivered(to, real(i), env)) << name_of(to) << ' ' << i;
        }
    }
}

// By way of binary32 these would round twice, to the tie and then down to even.
static_assert(from_integer(bfloat16, (std::int64_t{0x101} << 32) + 1).code == 0x5381);
static_assert(from_integer(binary16, (1 << 11) * 8 + 8 + 1).code == 0x7401);

TEST(Integer, CodesToIntegersInEveryRounding) {
    for (const auto& row : formats)
        if (row.format.width <= 19) expect_codes_to_integers(row.format, row.format.width <= 8 ? 1 : 13);
}

TEST(Integer, Binary64AtTheEndsOfTheIntegerTypes) {
    for (const int power : {7, 8, 15, 16, 31, 32, 63, 64, 65, 127, 1023}) {
        for (const Rational& offset : {Rational{0}, Rational{1}, Rational{1, 2}, Rational{1, 4}, Rational{3, 4}}) {
            for (const Rational& x : {Rational{pow2(power) - offset}, Rational{pow2(power) + offset}}) {
                if (power > 100 && offset != 0) continue;  // more bits than an Exact holds
                for (const auto& row : deterministic_roundings) {
                    expect_to_every_integer(to_exact(x), x, row.rounding);
                    expect_to_every_integer(to_exact(-x), -x, row.rounding);
                }
            }
        }
    }
}

TEST(Integer, QuotientsKeepTheirRemainder) {
    const auto third = to_integer<int>(div(exact(1), exact(3)), {Rounding::Up});
    EXPECT_EQ(third, (RoundedInteger<int>{1, {.inexact = true}}));
    const std::int64_t k = std::int64_t{3} << 58;
    const auto just_above_a_tie = div(exact(5 * k + 1), exact(2 * k));  // 2.5 + 1 / 2k
    EXPECT_EQ(to_integer<int>(just_above_a_tie), (RoundedInteger<int>{3, {.inexact = true}}));
}

TEST(Integer, NoNumber) {
    EXPECT_EQ(to_integer<int>(Exact::nan({})), (RoundedInteger<int>{0, {.invalid = true}}));
    EXPECT_EQ(to_integer<std::uint8_t>(Exact::inf(false)), (RoundedInteger<std::uint8_t>{255, {.invalid = true}}));
    EXPECT_EQ(to_integer<std::uint8_t>(Exact::inf(true)), (RoundedInteger<std::uint8_t>{0, {.invalid = true}}));
    EXPECT_EQ(to_integer<std::int8_t>(Exact::inf(true)), (RoundedInteger<std::int8_t>{-128, {.invalid = true}}));
    EXPECT_EQ(to_integer<int>(Exact::zero(true)), (RoundedInteger<int>{0, {}}));
}

// A 64-bit integer takes more bits than any format: sqrt(2^127) = 13043817825332782212.3..., and 2^127 / (2^64 - 1) just
// above 2^63, need the two bits beyond. Expected: the integer square root, and 2^63 + 1/2 + ..., by hand.
TEST(Integer, InexactNumbersOf64Bits) {
    using Unsigned = RoundedInteger<std::uint64_t>;
    const Sticky root = sqrt(decode(binary64, 0x47E0000000000000));
    EXPECT_EQ(to_integer<std::uint64_t>(root, {Rounding::Up}), (Unsigned{13043817825332782213U, {.inexact = true}}));
    EXPECT_EQ(to_integer<std::uint64_t>(root), (Unsigned{13043817825332782212U, {.inexact = true}}));
    const Sticky quotient = div(Exact::finite(false, 127, 1), exact(uint64_max));
    EXPECT_EQ(to_integer<std::uint64_t>(quotient), (Unsigned{(std::uint64_t{1} << 63) + 1, {.inexact = true}}));
    EXPECT_EQ(to_integer<std::uint64_t>(quotient, {Rounding::Down}),
              (Unsigned{std::uint64_t{1} << 63, {.inexact = true}}));
}

}  // namespace
}  // namespace halfulp::test
