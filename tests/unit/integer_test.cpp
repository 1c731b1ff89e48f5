// Claim: integers of 8 to 64 bits become codes rounded once, never by way of another format; codes become integers
// rounded once, then clamped, wrapped or replaced, invalid beyond the range.
// Oracle: exact rationals, floor, and truth::round. Shared: the rows of formats.hpp. Integers and codes of 16 bits are
// thinned out here; exhaustive/definition_test.cpp takes them all.
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/integer.hpp>

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

/// The representative of i modulo 2^width that the type has, as the low bits.
std::uint64_t modulo(const Integer& i, int width) {
    const Integer size = Integer{1} << static_cast<unsigned>(width);
    return static_cast<std::uint64_t>(((i % size) + size) % size);
}

/// Every code of a format in every integer type by every rule: the rules differ out of range only.
void expect_out_of_range(const Format& f, const Operand& x, const IntegerType& to, Rounding rounding) {
    const Env env{.rounding = rounding};
    const Rounded saturated = to_integer(to, x, env);
    const Rounded wrapped = to_integer(to, x, env, OutOfRange::Wrap);
    const Rounded indefinite = to_integer(to, x, env, OutOfRange::Indefinite);
    if (!saturated.status.invalid) {
        ASSERT_EQ(wrapped, saturated);
        ASSERT_EQ(indefinite, saturated);
        return;
    }
    const auto value = truth::value(f, x.code);
    const Status invalid_only{.invalid = true};
    const std::uint64_t all_ones = ~std::uint64_t{0} >> (64 - to.width), top_bit = all_ones ^ all_ones >> 1;
    ASSERT_EQ(wrapped,
              (Rounded{value ? modulo(truth::round_to_integer(*value, rounding), to.width) : 0, invalid_only}));
    ASSERT_EQ(indefinite, (Rounded{to.is_signed ? top_bit : all_ones, invalid_only}));
}

TEST(Integer, OutOfRangeByEveryRule) {
    for (const Format& f : {binary16, bfloat16, e5m2, e4m3fn})
        for (const auto& to : integer_types)
            for (const Rounding rounding : {Rounding::NearestEven, Rounding::Up})
                for (std::uint64_t code = 0; code <= f.code_mask(); code += f.width == 16 ? 31 : 1)
                    if (!testing::Test::HasFatalFailure()) expect_out_of_range(f, {f, code}, to.value, rounding);
}

// NaN is 0 on Arm, the greatest integer on RISC-V.
static_assert(to_integer(find_by_name(integer_types, "i32")->value, Operand{binary16, 0xFE00}).code == 0);
static_assert(to_integer({32, true}, Operand{binary16, 0xFE00}, {.nan = NanPolicy::Riscv}).code == 0x7FFFFFFF);
static_assert(to_integer({64, false}, Operand{binary16, 0xFE00}, {.nan = NanPolicy::Riscv}).code == uint64_max);
// ECMAScript: ToInt32(2^31) = -2^31, and 2^32 + 4 is 4.
static_assert(to_integer<std::int32_t>(exact(std::int64_t{1} << 31), {}, OutOfRange::Wrap).value == INT32_MIN);
static_assert(to_integer<std::int32_t>(exact((std::int64_t{1} << 32) + 4), {}, OutOfRange::Wrap).value == 4);
static_assert(to_integer<std::uint8_t>(exact(-1), {}, OutOfRange::Wrap).value == 255);
// A subnormal operand that is flushed is zero, upwards too.
static_assert(to_integer({8, true}, Operand{binary16, 1}, {.rounding = Rounding::Up, .flush_inputs = true}) ==
              Rounded{0, {.input_denormal = true}});

TEST(Integer, TypesAtRunTimeAreThoseOfTheLanguage) {
    for (const std::int64_t i : {int64_min, std::int64_t{-129}, std::int64_t{-1}, std::int64_t{0}, std::int64_t{127},
                                 std::int64_t{40000}, int64_max}) {
        const auto code = static_cast<std::uint64_t>(i);
        EXPECT_EQ(from_integer(binary32, {8, true}, code), from_integer(binary32, static_cast<std::int8_t>(i)));
        EXPECT_EQ(from_integer(binary32, {16, false}, code), from_integer(binary32, static_cast<std::uint16_t>(i)));
        EXPECT_EQ(from_integer(binary32, {64, true}, code), from_integer(binary32, i));
        EXPECT_EQ(from_integer(binary32, {64, false}, code), from_integer(binary32, code));
    }
}

}  // namespace
}  // namespace halfulp::test
