// Claim: random_bits is SplitMix64 from a mixed seed, without state; with it stochastic rounding steps up as often as the
// discarded fraction says, exact values never move, and n random bits act as n-bit hardware does.
// Oracle: SplitMix64's published outputs for seed 1234567 (Vigna's reference code); binomial bounds, derived below; the
// integer formula floor(tail 2^n) + r >= 2^n. Shared: nothing.
#include <gtest/gtest.h>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/dyadic.hpp"

namespace halfulp::test {
namespace {

TEST(Random, IsSplitMix64) {
    constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;
    const std::uint64_t published[] = {6457827717110365317U, 3203168211198807973U, 9817491932198370423U,
                                       4593380528125082431U, 16408922859458223821U};
    for (std::uint64_t i = 0; i < 5; ++i) EXPECT_EQ(mixed_bits(1234567 + (i + 1) * golden_ratio), published[i]);
    for (std::uint64_t i = 0; i < 5; ++i)
        EXPECT_EQ(random_bits(42, i), mixed_bits(mixed_bits(42) + (i + 1) * golden_ratio));
}

static_assert(random_bits(1, 2) != random_bits(2, 1) && random_bits(1, 0) != random_bits(0, 1));

/// Steps up of 2^16 roundings: binomial, standard deviation at most sqrt(2^16) / 2 = 128; six of them are exceeded with
/// probability below 2e-9. The seeds are fixed, so that this passes always or never.
TEST(Random, StepsUpAsOftenAsTheFractionSays) {
    constexpr int draws = 1 << 16, six_deviations = 6 * 128;
    for (const int eighths : {1, 2, 4, 7}) {
        const std::uint64_t code = 0x3F800000 | static_cast<std::uint64_t>(eighths) << (13 - 3);  // 1 + eighths ulp / 8
        int up = 0;
        for (std::uint64_t i = 0; i < draws; ++i) {
            const Env env{.rounding = Rounding::Stochastic, .random = random_bits(7, i)};
            const std::uint64_t result = convert(binary16, binary32, code, env).code;
            ASSERT_TRUE(result == 0x3C00 || result == 0x3C01);
            if (result == 0x3C01) ++up;
        }
        EXPECT_LT(std::abs(up - draws / 8 * eighths), six_deviations) << eighths;
    }
}

TEST(Random, ExactValuesNeverMove) {
    for (std::uint64_t code = 0; code <= binary16.code_mask(); ++code) {
        if (binary16.is_nan(code)) continue;
        const Env env{.rounding = Rounding::Stochastic, .random = ~std::uint64_t{0}};
        ASSERT_EQ(convert(binary16, binary16, code, env), (Rounded{code, {}}));
    }
}

/// floor(tail 2^n) + r >= 2^n, for every tail of 13 bits and every r: binary32 between 1 and 1 + 2^-10, whose cut off
/// bits are an integer, and between 2^-24 and 2^-23, the two least subnormal numbers of binary16.
TEST(Random, NBitsActAsHardwaresDo) {
    for (const int n : {1, 2, 8}) {
        for (std::uint64_t tail = 0; tail < (1U << 13); tail += 3) {
            for (std::uint64_t r = 0; r < (std::uint64_t{1} << n); ++r) {
                const Env env{.rounding = Rounding::Stochastic, .random = r << (64 - n)};
                const std::uint64_t step = (tail >> (13 - n)) + r >= (std::uint64_t{1} << n) ? 1 : 0;
                ASSERT_EQ(convert(binary16, binary32, 0x3F800000 | tail, env).code, 0x3C00 + step) << tail << ' ' << r;
                ASSERT_EQ(convert(binary16, binary32, 0x33800000 | tail << 10, env).code, 1 + step) << tail << ' ' << r;
            }
        }
    }
}

constexpr Env never{.rounding = Rounding::Stochastic}, always{.rounding = Rounding::Stochastic, .random = ~0ULL};

// Subnormal numbers have the place of any rounding there; below the least one, zero or the least one.
static_assert(convert(binary16, binary32, 0x33000000, never) == Rounded{0, {.underflow = true, .inexact = true}});
static_assert(convert(binary16, binary32, 0x33000000, always) == Rounded{1, {.underflow = true, .inexact = true}});
static_assert(convert(binary16, binary64, 1, always).code == 0, "2^-1074 is no 2^-64 of the least number");

// Overflow: below 65536 it depends on the bits, beyond that it is infinity whatever they are.
static_assert(convert(binary16, binary32, 0x477FF000, never) == Rounded{0x7BFF, {.inexact = true}});
static_assert(convert(binary16, binary32, 0x477FF000, always) == Rounded{0x7C00, {.overflow = true, .inexact = true}});
static_assert(convert(binary16, binary32, 0x47800000, never) == Rounded{0x7C00, {.overflow = true, .inexact = true}});
static_assert(
    convert(binary16, binary32, 0x47800000, {.rounding = Rounding::Stochastic, .overflow = Overflow::Saturate}).code ==
    0x7BFF);

// Integers too.
static_assert(to_integer<int>(decode(binary64, 0x4004000000000000), never).value == 2);  // 2.5
static_assert(to_integer<int>(decode(binary64, 0x4004000000000000), always).value == 3);
static_assert(to_integer<int>(decode(binary64, 0x4000000000000000), always) == RoundedInteger<int>{2, {}});

}  // namespace
}  // namespace halfulp::test
