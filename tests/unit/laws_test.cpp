// Claim: softfloat obeys the laws of rounded arithmetic in every format and rounding, and each law refutes an
// implementation that breaks it.
// Oracle: the laws themselves, lib/property/laws.hpp; they say nothing of which neighbour is right, the definition
// tests do. Shared: decode and compare, by which the laws read codes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <halfulp/lib/property/codes.hpp>
#include <halfulp/lib/property/rapidcheck.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <random>

#include "support/laws.hpp"

namespace halfulp::property {

namespace {

/// A conversion, or an operation, as the laws want it.
auto converter(const Format& to, const Format& from, const Env& env) {
    return [=](std::uint64_t code) { return convert(to, from, code, env).code; };
}
auto operation(const Format& f, Sticky (*op)(const Exact&, const Exact&), const Env& env) {
    return [=](std::uint64_t a, std::uint64_t b) { return round_pack(f, op(decode(f, a), decode(f, b)), env).code; };
}
Sticky product(const Exact& a, const Exact& b) { return mul(a, b); }

RC_GTEST_PROP(Laws, RoundingIsMonotone, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& to, const NamedRounding& r) {
        const std::uint64_t a = tie_code(binary64, to, bits), b = near_code(binary64, a, bits);
        const auto rounded = converter(to, binary64, {r.rounding, Overflow::Saturate});
        expect_holds(monotone(binary64, to, rounded, a, b), to, r.name);
        expect_holds(monotone(binary64, to, rounded, a, tie_code(binary64, to, bits)), to, r.name);
    });
}

RC_GTEST_PROP(Laws, RoundingIsSymmetricInSign, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& to, const NamedRounding& r) {
        const Rounding mirror = r.rounding == Rounding::Down ? Rounding::Up
                                : r.rounding == Rounding::Up ? Rounding::Down
                                                             : r.rounding;
        const auto rounded = converter(to, binary64, {r.rounding}), mirrored = converter(to, binary64, {mirror});
        expect_holds(sign_symmetric(binary64, to, rounded, mirrored, tie_code(binary64, to, bits)), to, r.name);
    });
}

RC_GTEST_PROP(Laws, RoundingToOddFirstDoesNoHarm, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& to, const NamedRounding& r) {
        if (to.width > 19) return;
        const Format wide = ieee(to.precision + 11, to.precision + 2);  // 2 bits more, and 9 bits of exponent
        const auto to_odd = converter(wide, binary64, {Rounding::ToOdd}), from_odd = converter(to, wide, {r.rounding});
        const auto direct = converter(to, binary64, {r.rounding});
        expect_holds(through_odd(to, to_odd, from_odd, direct, tie_code(binary64, to, bits)), to, r.name);
    });
}

RC_GTEST_PROP(Laws, WideningAndNarrowingReturns, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        const auto widen = converter(binary64, f, {r.rounding}), back = converter(f, binary64, {r.rounding});
        expect_holds(round_trip(f, widen, back, edge_code(f, bits)), f, r.name);
    });
}

RC_GTEST_PROP(Laws, SaturationIsFinite, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& to, const NamedRounding& r) {
        const auto rounded = converter(to, binary64, {r.rounding, Overflow::Saturate});
        expect_holds(saturated(binary64, to, rounded, edge_code(binary64, bits)), to, r.name);
        expect_holds(saturated(binary64, to, rounded, tie_code(binary64, to, bits)), to, r.name);
    });
}

RC_GTEST_PROP(Laws, SumsAndProductsCommute, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        const std::uint64_t a = edge_code(f, bits), b = edge_code(f, bits), c = negate(f, near_code(f, a, bits));
        expect_holds(commutative(f, operation(f, add, {r.rounding}), a, b), f, r.name);
        expect_holds(commutative(f, operation(f, add, {r.rounding}), a, c), f, r.name);
        expect_holds(commutative(f, operation(f, product, {r.rounding}), a, b), f, r.name);
    });
}

RC_GTEST_PROP(Laws, DifferencesOfNearNumbersAreExact, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        const std::uint64_t a = edge_code(f, bits) & f.magnitude_mask();
        const auto subtract = operation(f, sub, {r.rounding});
        expect_holds(sterbenz(f, subtract, a, near_code(f, a, bits)), f, r.name);
        expect_holds(sterbenz(f, subtract, a, a ^ (bits() & (f.min_normal_code() - 1))), f, r.name);
    });
}

RC_GTEST_PROP(Laws, ADifferenceWithItselfVanishes, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        expect_holds(vanishing(f, operation(f, sub, {r.rounding}), r.rounding, edge_code(f, bits)), f, r.name);
    });
}

RC_GTEST_PROP(Laws, RoundingIsCorrectAndFaithful, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& to, const NamedRounding& r) {
        const std::uint64_t a = tie_code(binary64, to, bits);
        const auto rounded = converter(to, binary64, {r.rounding});
        expect_holds(correctly_rounded(binary64, to, rounded, {r.rounding}, a), to, r.name);
        expect_holds(faithful(binary64, to, rounded, a), to, r.name);
    });
}

RC_GTEST_PROP(Laws, ProductsThatAreNumbersAreExact, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        const std::uint64_t power = edge_code(f, bits) & ~(f.min_normal_code() - 1);
        expect_holds(exact_product(f, operation(f, product, {r.rounding}), edge_code(f, bits), power), f, r.name);
    });
}

// The adapter for RapidCheck draws the edges too, and every code can be drawn.
RC_GTEST_PROP(RapidCheckAdapter, DrawsNumbersThatReadBack, (Float<binary16> x)) {
    RC_CLASSIFY(decode(x).kind == Kind::NaN);
    RC_ASSERT(!round_trip(binary16, converter(binary32, binary16, {}), converter(binary16, binary32, {}), x.code));
}

// Each law sees through an implementation that breaks it.

constexpr Format half = binary16;
const auto right = converter(half, binary32, {});

TEST(LawsRefute, NearestBelowAndTruncatedAboveOne) {
    const auto wrong = [](std::uint64_t x) {
        return convert(half, binary32, x, {x < 0x3F801800 ? Rounding::Up : Rounding::TowardZero}).code;
    };
    EXPECT_TRUE(monotone(binary32, half, wrong, 0x3F8017FF, 0x3F801800));
    EXPECT_FALSE(monotone(binary32, half, right, 0x3F8017FF, 0x3F801800));
}

TEST(LawsRefute, DownwardsMirroredByDown) {
    const auto down = converter(half, binary32, {Rounding::Down});
    EXPECT_TRUE(sign_symmetric(binary32, half, down, down, 0x3F800001));
    EXPECT_FALSE(sign_symmetric(binary32, half, down, converter(half, binary32, {Rounding::Up}), 0x3F800001));
}

TEST(LawsRefute, DoubleRoundingByWayOfBinary32) {
    const std::uint64_t just_above_a_tie = 0x3FF0020000000001;  // 1 + 2^-11 + 2^-52
    const auto direct = converter(half, binary64, {});
    EXPECT_TRUE(through_odd(half, converter(binary32, binary64, {}), right, direct, just_above_a_tie));
    EXPECT_FALSE(through_odd(half, converter(binary32, binary64, {Rounding::ToOdd}), right, direct, just_above_a_tie));
}

TEST(LawsRefute, FlushingSubnormalNumbers) {
    const auto widen = converter(binary32, half, {});
    const auto flushing = [](std::uint64_t x) { return x < 0x38800000 ? 0 : right(x); };
    EXPECT_TRUE(round_trip(half, widen, flushing, 0x03FF));
    EXPECT_FALSE(round_trip(half, widen, right, 0x03FF));
}

TEST(LawsRefute, InfinityWhereSaturating) {
    EXPECT_TRUE(saturated(binary32, half, right, 0x477FF000));  // 65520
    EXPECT_FALSE(saturated(binary32, half, converter(half, binary32, {.overflow = Overflow::Saturate}), 0x477FF000));
}

TEST(LawsRefute, AsymmetricSums) {
    const auto wrong = [](std::uint64_t a, std::uint64_t b) {
        return a == 0x8000 ? a : operation(half, add, {})(a, b);
    };
    EXPECT_TRUE(commutative(half, wrong, 0x8000, 0x0000));
    EXPECT_FALSE(commutative(half, operation(half, add, {}), 0x8000, 0x0000));
}

TEST(LawsRefute, NegativeZeroOutsideDown) {
    const auto down = operation(half, sub, {Rounding::Down});
    EXPECT_TRUE(vanishing(half, down, Rounding::NearestEven, 0x3C00));
    EXPECT_FALSE(vanishing(half, down, Rounding::Down, 0x3C00));
}

TEST(LawsRefute, DifferencesWithoutAGuardBit) {
    const auto wrong = [](std::uint64_t a, std::uint64_t b) {
        return operation(half, sub, {})(a, b & ~std::uint64_t{1});
    };
    EXPECT_TRUE(sterbenz(half, wrong, 0x3C00, 0x3BFF));
    EXPECT_FALSE(sterbenz(half, operation(half, sub, {}), 0x3C00, 0x3BFF));
}

/// To nearest even, but by way of binary32.
std::uint64_t rounded_twice(std::uint64_t code) {
    return convert(half, binary32, convert(binary32, binary64, code).code).code;
}

TEST(LawsRefute, DoubleRoundingIsFaithfulButNotCorrect) {
    const std::uint64_t just_above_a_tie = 0x3FF0020000000001;  // 1 + 2^-11 + 2^-52
    EXPECT_TRUE(correctly_rounded(binary64, half, rounded_twice, {}, just_above_a_tie));
    EXPECT_FALSE(faithful(binary64, half, rounded_twice, just_above_a_tie));
    EXPECT_FALSE(correctly_rounded(binary64, half, converter(half, binary64, {}), {}, just_above_a_tie));
}

TEST(LawsRefute, ANumberTwoStepsAway) {
    const auto wrong = [](std::uint64_t x) { return right(x) + 2; };
    EXPECT_TRUE(faithful(binary32, half, wrong, 0x3F800001));
    EXPECT_TRUE(faithful(
        binary32, half, [](std::uint64_t x) { return right(x) + 1; }, 0x3F800000));
}

TEST(LawsRefute, FusedMultiplyAddInTwoRoundings) {
    const auto twice = [](const Operands& x) {
        return operation(half, add, {})(operation(half, product, {})(x[0], x[1]), x[2]);
    };
    const Operands operands{0x3C01, 0x3C01, 0xBC02};  // (1 + 2^-10)^2 - (1 + 2^-9) = 2^-20
    const auto wrong = correctly_rounded(half, Operation::Fma, twice, {}, operands);
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->got, 0U);
    EXPECT_EQ(wrong->against, 0x0010U);
}

TEST(LawsRefute, ProductsByWayOfLogarithms) {
    const auto wrong = [](std::uint64_t a, std::uint64_t b) { return a + b - 0x3C00; };  // Mitchell 1962
    EXPECT_TRUE(exact_product(half, wrong, 0x3E00, 0x3E00));                             // 1.5 * 1.5 = 2.25
    EXPECT_FALSE(exact_product(half, wrong, 0x3E00, 0x4000));                            // 1.5 * 2
}

TEST(Search, FindsAPlantedErrorAndShowsItsSimplestForm) {
    const auto wrong = [](std::uint64_t x) { return (x & 0x7FFF) > 0x4400 && (x & 0x0010) != 0 ? x ^ 1 : x; };
    const auto law = [&](std::uint64_t x) {
        return round_trip(
            half, [](std::uint64_t y) { return y; }, wrong, x);
    };
    const auto draw = [](auto& bits) { return edge_code(half, bits); };
    const auto found = search(half, 1000, std::mt19937_64{1}, draw, law);
    ASSERT_TRUE(found);
    EXPECT_EQ(std::popcount(found->operands[0] & 0x83FF), 1);  // no sign, and of the fraction the one bit that matters
    EXPECT_FALSE(search(half, 1000, std::mt19937_64{1}, draw, [](std::uint64_t) { return Verdict{}; }));
}

TEST(Search, EndsAtTheSimplestCode) {
    const auto refuted = [](std::uint64_t x) { return Verdict{Counterexample{"always", {x}, 0, 1}}; };
    const auto found = search(
        half, 1, std::mt19937_64{1}, [](auto&) { return std::uint64_t{0xFBFF}; }, refuted);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->operands[0], 0x3C00U);
}

}  // namespace
}  // namespace halfulp::property
