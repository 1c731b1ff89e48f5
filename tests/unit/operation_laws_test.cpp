// Claim: softfloat obeys the laws of the operations beyond arithmetic in every format and rounding, and each law refutes
// an implementation that breaks it.
// Oracle: the laws themselves, lib/property/operation_laws.hpp. Shared: decode and compare, by which the laws read codes;
// to_integer and scalb, by which faithful_integer and exact_scaling know the exact result.
#include <gtest/gtest.h>

#include <halfulp/lib/property/codes.hpp>
#include <halfulp/lib/property/operation_laws.hpp>
#include <halfulp/softfloat/dot.hpp>
#include <halfulp/softfloat/neighbours.hpp>
#include <halfulp/softfloat/order.hpp>
#include <random>

#include "support/laws.hpp"

namespace halfulp::property {
namespace {

using enum Operation;

/// An operation as the laws want it.
auto unary(const Format& f, Operation op, const Env& env = {}) {
    return [=](std::uint64_t a) { return compute(op, f, {a}, env).code; };
}
auto binary(const Format& f, Operation op, const Env& env = {}) {
    return [=](std::uint64_t a, std::uint64_t b) { return compute(op, f, {a, b}, env).code; };
}
auto predicate(const Format& f, Operation op) {
    return [=](std::uint64_t a, std::uint64_t b) { return compute(op, f, {a, b}).code == 1; };
}
auto greater(const Format& f) {
    return [less = predicate(f, LessQuiet)](std::uint64_t a, std::uint64_t b) { return less(b, a); };
}
auto scaler(const Format& f, const Env& env = {}) {
    return [=](std::uint64_t a, std::int64_t n) {
        return compute(Scalb, f, {a, static_cast<std::uint64_t>(n)}, env).code;
    };
}
auto to_int8(const Format& f, const Env& env = {}, OutOfRange rule = OutOfRange::Saturate) {
    return [=](std::uint64_t a) { return to_integer(integer_type<std::int8_t>, Operand{f, a}, env, rule).code; };
}
/// nextDown mirrored, as least_above wants it.
auto mirrored_next_down(const Format& f) {
    return [=](std::uint64_t a) { return negate(f, next_down(f, negate(f, a))); };
}

RC_GTEST_PROP(OperationLaws, RemaindersAreSmall, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        const std::uint64_t a = edge_code(f, bits), b = edge_code(f, bits), c = near_code(f, a, bits);
        for (const std::uint64_t y : {b, c}) {
            const auto nearest = binary(f, Remainder, {r.rounding}), truncated = binary(f, Fmod, {r.rounding});
            expect_holds(remainder_bound(f, nearest, Quotient::Nearest, a, y), f, r.name);
            expect_holds(remainder_bound(f, truncated, Quotient::Truncated, a, y), f, r.name);
        }
    });
}

RC_GTEST_PROP(OperationLaws, IntegersStay, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        const auto rounded = unary(f, RoundToIntegral, {r.rounding});
        const std::uint64_t a = edge_code(f, bits);
        const auto down = unary(f, RoundToIntegral, {Rounding::Down}), up = unary(f, RoundToIntegral, {Rounding::Up});
        expect_holds(idempotent(f, rounded, a), f, r.name);
        expect_holds(one_of_two(f, rounded, down, up, a), f, r.name);
        expect_holds(monotone(f, f, rounded, a, near_code(f, a, bits)), f, r.name);
    });
}

RC_GTEST_PROP(OperationLaws, NothingLiesBetweenNeighbours, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format([&](const Format& f) {
        const std::uint64_t a = edge_code(f, bits), c = near_code(f, a, bits);
        expect_holds(least_above(f, unary(f, NextUp), a, c), f, "any rounding");
        expect_holds(least_above(f, mirrored_next_down(f), a, c), f, "any rounding");
    });
}

RC_GTEST_PROP(OperationLaws, PowersOfTwoScaleExactly, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        const auto n = static_cast<std::int64_t>(bits() % 32) - 16;
        expect_holds(exact_scaling(f, scaler(f, {r.rounding}), edge_code(f, bits), n), f, r.name);
    });
}

RC_GTEST_PROP(OperationLaws, ExtremesAreOperands, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format([&](const Format& f) {
        const std::uint64_t a = edge_code(f, bits), b = edge_code(f, bits), c = negate(f, near_code(f, a, bits));
        for (const NamedOperation& row : operations) {
            if (row.operation < MinNum || row.operation > MaximumMagnitudeNumber) continue;
            const auto op = binary(f, row.operation);
            expect_holds(extreme(f, op, extremum_of(row.operation), a, b), f, row.name);
            expect_holds(extreme(f, op, extremum_of(row.operation), a, c), f, row.name);
        }
    });
}

RC_GTEST_PROP(OperationLaws, OrdersAndComparisons, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format([&](const Format& f) {
        const std::uint64_t a = edge_code(f, bits), b = near_code(f, a, bits), c = edge_code(f, bits);
        const auto order = predicate(f, TotalOrder);
        for (const std::uint64_t other : {a, b, c}) {
            expect_holds(totally_ordered(f, order, a, other), f, "any rounding");
            expect_holds(trichotomous(f, predicate(f, LessQuiet), predicate(f, Equal), greater(f), a, other), f,
                         "any rounding");
        }
        expect_holds(transitive(order, a, b, c), f, "any rounding");
    });
}

RC_GTEST_PROP(OperationLaws, SignsAreBits, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format([&](const Format& f) {
        const std::uint64_t a = edge_code(f, bits), b = edge_code(f, bits);
        const auto copied = [&](std::uint64_t x) { return compute(CopySign, f, {x, b}).code; };
        expect_holds(sign_alone(f, unary(f, Negate), a), f, "any rounding");
        expect_holds(sign_alone(f, unary(f, Abs), a), f, "any rounding");
        expect_holds(sign_alone(f, copied, a), f, "any rounding");
        expect_holds(idempotent(f, unary(f, Abs), a), f, "any rounding");
    });
}

RC_GTEST_PROP(OperationLaws, ConversionsToIntegers, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        const std::uint64_t a = edge_code(f, bits), b = near_code(f, a, bits);
        for (const Named<IntegerType>& type : integer_types) {
            const auto rounded = [&](std::uint64_t x) {
                return to_integer(type.value, Operand{f, x}, {r.rounding}).code;
            };
            expect_holds(faithful_integer(f, type.value, rounded, a), f, type.name);
            expect_holds(monotone_integer(f, type.value, rounded, a, b), f, type.name);
        }
    });
}

RC_GTEST_PROP(OperationLaws, SumsRoundedOnceHaveNoOrder, (Seed seed)) {
    std::mt19937_64 bits{seed.value};
    for_each_format_and_rounding([&](const Format& f, const NamedRounding& r) {
        std::vector<std::uint64_t> a(5), b(5);
        for (std::uint64_t& code : a) code = edge_code(f, bits);
        for (std::uint64_t& code : b) code = edge_code(f, bits);
        const auto dot = [&](std::span<const std::uint64_t> x, std::span<const std::uint64_t> y) {
            return halfulp::dot(f, {f, x}, {f, y}, {r.rounding}).code;
        };
        expect_holds(order_free(f, dot, a, b, bits() % 5, bits() % 5), f, r.name);
    });
}

// Each law sees through an implementation that breaks it.

constexpr Format half = binary16;

TEST(OperationLawsRefute, TheOtherQuotient) {
    EXPECT_TRUE(remainder_bound(half, binary(half, Fmod), Quotient::Nearest, 0x4300, 0x4000));         // 3.5 by 2
    EXPECT_TRUE(remainder_bound(half, binary(half, Remainder), Quotient::Truncated, 0x4200, 0x4000));  // -1: its sign
    const auto whole = [](std::uint64_t, std::uint64_t b) { return b; };
    EXPECT_TRUE(remainder_bound(half, whole, Quotient::Truncated, 0x4200, 0x4000));
    const auto half_of_it = [](std::uint64_t, std::uint64_t b) { return b - 0x0400; };
    EXPECT_FALSE(remainder_bound(half, half_of_it, Quotient::Nearest, 0x4200, 0x4000));
}

TEST(OperationLawsRefute, RoundingByAddingHalf) {
    const auto wrong = [](std::uint64_t a) {
        return compute(RoundToIntegral, half, {compute(Add, half, {a, 0x3800}).code}, {Rounding::Down}).code;
    };
    const auto down = unary(half, RoundToIntegral, {Rounding::Down}), up = unary(half, RoundToIntegral, {Rounding::Up});
    EXPECT_TRUE(one_of_two(half, wrong, down, up, 0x6401));  // 1025 becomes 1026
    EXPECT_FALSE(one_of_two(half, wrong, down, up, 0x3E00));
}

TEST(OperationLawsRefute, WhatIsHalvedAgain) {
    const auto halved = [](std::uint64_t a) { return compute(Mul, half, {a, 0x3800}).code; };
    EXPECT_TRUE(idempotent(half, halved, 0x3C00));
    EXPECT_FALSE(idempotent(half, halved, 0x0000));
}

TEST(OperationLawsRefute, StepsOfTheCode) {
    const auto code_plus_one = [](std::uint64_t a) { return a + 1; };
    const auto two_steps = [](std::uint64_t a) { return next_up(half, next_up(half, a)); };
    const auto none = [](std::uint64_t a) { return a; };
    EXPECT_TRUE(least_above(half, code_plus_one, 0xBC00, 0));
    EXPECT_TRUE(least_above(half, two_steps, 0x3C00, 0x3C01));
    EXPECT_FALSE(least_above(half, two_steps, 0x3C00, 0x3C02));
    EXPECT_TRUE(least_above(half, none, 0x3C00, 0x3C00));
    EXPECT_FALSE(least_above(half, none, 0x7C00, 0x3C00));
    EXPECT_TRUE(least_above(half, none, 0xFC00, 0x3C00));
}

TEST(OperationLawsRefute, ScalingByAPowerThatUnderflows) {
    const auto wrong = [](std::uint64_t a, std::int64_t n) {  // 2^n as a number of its own
        return compute(Mul, half, {a, compute(Scalb, half, {0x3C00, static_cast<std::uint64_t>(n)}).code}).code;
    };
    EXPECT_TRUE(exact_scaling(half, wrong, 0x7800, -30));  // 2^15
    EXPECT_FALSE(exact_scaling(half, wrong, 0x7800, -20));
}

TEST(OperationLawsRefute, ExtremesByAComparison) {
    const auto selects = [](std::uint64_t a, std::uint64_t b) {
        return compute(LessQuiet, half, {a, b}).code == 1 ? a : b;
    };
    const auto refuted = [&](auto op, Operation meant, std::uint64_t a, std::uint64_t b) {
        return extreme(half, op, extremum_of(meant), a, b).has_value();
    };
    EXPECT_TRUE(refuted(selects, Minimum, 0x7E00, 0x3C00));
    EXPECT_TRUE(refuted(selects, MinimumNumber, 0x3C00, 0x7E00));
    EXPECT_TRUE(refuted(selects, Minimum, 0x8000, 0x0000));
    EXPECT_TRUE(refuted(selects, Maximum, 0x3C00, 0x4000));
    EXPECT_TRUE(refuted(selects, MinimumMagnitude, 0xC000, 0x3C00));
    EXPECT_FALSE(refuted(selects, Minimum, 0xC000, 0x3C00));
    EXPECT_TRUE(refuted(binary(half, MinNum), MinimumNumber, 0x7C01, 0x3C00));
    EXPECT_TRUE(refuted(binary(half, MinimumNumber), MinNum, 0x7C01, 0x3C00));
    EXPECT_TRUE(refuted(binary(half, Minimum), MinNum, 0x7E00, 0x3C00));
    EXPECT_TRUE(refuted([](std::uint64_t, std::uint64_t) { return std::uint64_t{0}; }, Minimum, 0x3C00, 0x4000));
}

TEST(OperationLawsRefute, OrdersThatAreNone) {
    const auto by_value = predicate(half, LessEqualQuiet);
    EXPECT_TRUE(totally_ordered(half, by_value, 0x0000, 0x8000)) << "both";
    EXPECT_TRUE(totally_ordered(half, by_value, 0x7E00, 0x3C00)) << "neither";
    EXPECT_TRUE(totally_ordered(half, by_value, 0x7E00, 0x7E00)) << "not even one code";
    EXPECT_FALSE(totally_ordered(half, by_value, 0x3C00, 0x4000));
    const auto backwards = [](std::uint64_t a, std::uint64_t b) { return b <= a; };
    EXPECT_TRUE(totally_ordered(half, backwards, 0x3C00, 0x4000));
    EXPECT_TRUE(totally_ordered(half, backwards, 0x4000, 0x3C00));
    const auto not_greater = [](std::uint64_t a, std::uint64_t b) {
        return compute(LessQuiet, half, {b, a}).code == 0;
    };
    EXPECT_TRUE(transitive(not_greater, 0x4000, 0x7E00, 0x3C00));  // 2, NaN, 1
    EXPECT_FALSE(transitive(not_greater, 0x3C00, 0x4000, 0x4200));
}

TEST(OperationLawsRefute, ComparisonsOfCodes) {
    const auto less = predicate(half, LessQuiet), equal = predicate(half, Equal);
    const auto same_code = [](std::uint64_t a, std::uint64_t b) { return a == b; };
    EXPECT_TRUE(trichotomous(half, less, same_code, greater(half), 0x0000, 0x8000));
    EXPECT_TRUE(trichotomous(half, less, same_code, greater(half), 0x7E00, 0x7E00));
    EXPECT_TRUE(trichotomous(half, predicate(half, LessEqualQuiet), equal, greater(half), 0x3C00, 0x3C00));
    EXPECT_FALSE(trichotomous(half, less, equal, greater(half), 0x0000, 0x8000));
}

TEST(OperationLawsRefute, NegationBySubtraction) {
    const auto wrong = [](std::uint64_t a) { return compute(Sub, half, {0, a}).code; };
    EXPECT_TRUE(sign_alone(half, wrong, 0x7C01));  // quieted
    EXPECT_FALSE(sign_alone(half, wrong, 0x3C00));
}

TEST(OperationLawsRefute, IntegersOutOfRange) {
    const auto wrapped = to_int8(half, {}, OutOfRange::Wrap), indefinite = to_int8(half, {}, OutOfRange::Indefinite);
    const auto type = integer_type<std::int8_t>;
    EXPECT_TRUE(faithful_integer(half, type, wrapped, 0x5C00));             // 256
    EXPECT_TRUE(monotone_integer(half, type, wrapped, 0x5C00, 0x3C00));     // 256 becomes 0
    EXPECT_TRUE(monotone_integer(half, type, indefinite, 0x7C00, 0x3C00));  // infinity becomes -128
    EXPECT_FALSE(monotone_integer(half, type, to_int8(half), 0x7C00, 0xFC00));
}

TEST(OperationLawsRefute, SumsRoundedOnTheWay) {
    const auto chain = [](std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) sum = compute(Fma, half, {a[i], b[i], sum}).code;
        return sum;
    };
    const std::vector<std::uint64_t> a{0x6800, 0x3C00, 0xE800}, ones(3, 0x3C00);  // 2048, 1, -2048
    EXPECT_TRUE(order_free(half, chain, a, ones, 1, 2));
    EXPECT_FALSE(order_free(half, chain, a, ones, 0, 0));
}

}  // namespace
}  // namespace halfulp::property
