#pragma once

#include <halfulp/softfloat/compute.hpp>
#include <vector>

#include "support/definition_sweeps.hpp"
#include "support/further_rules.hpp"

// What the rules of further_rules.hpp are asked about pairs of codes. `stride` thins a sweep out: unit tests take a prime,
// exhaustive ones 1.

namespace halfulp::test {

using enum Operation;

/// Every stride-th pair of codes, in the order of the one after the other.
template <class Check>
void for_pairs(const Format& f, std::uint64_t stride, Check check) {
    for (std::uint64_t pair = 0; pair >> 2 * f.width == 0 && !testing::Test::HasFatalFailure(); pair += stride)
        check(pair >> f.width, pair & f.code_mask());
}

inline void expect_remainders(const Format& f, std::uint64_t a, std::uint64_t b) {
    const Real x = operand(f, a), y = operand(f, b);
    ASSERT_EQ(compute(Remainder, f, {a, b, 0}), delivered(f, remainder_real(x, y, true), {})) << a << ' ' << b;
    ASSERT_EQ(compute(Fmod, f, {a, b, 0}), delivered(f, remainder_real(x, y, false), {})) << a << ' ' << b;
}

inline void expect_comparisons(const Format& f, std::uint64_t a, std::uint64_t b) {
    const Real x = operand(f, a), y = operand(f, b);
    const auto order = ordered(x, y);
    const Status quiet = x.raised | y.raised, signaling{.invalid = order == std::partial_ordering::unordered};
    const auto answer = [](bool truth, Status s) { return Rounded{truth ? 1U : 0U, s}; };
    const auto asked = [&](Operation op) { return compute(op, f, {a, b, 0}); };
    ASSERT_EQ(asked(Equal), answer(order == 0, quiet));
    ASSERT_EQ(asked(EqualSignaling), answer(order == 0, signaling));
    ASSERT_EQ(asked(Less), answer(order < 0, signaling));
    ASSERT_EQ(asked(LessQuiet), answer(order < 0, quiet));
    ASSERT_EQ(asked(LessEqual), answer(order <= 0, signaling));
    ASSERT_EQ(asked(LessEqualQuiet), answer(order <= 0, quiet));
    ASSERT_EQ(asked(Unordered), answer(order == std::partial_ordering::unordered, quiet));
}

struct Extreme {
    Operation y2008, y2019, number;
    const Real& (*of_numbers)(const Real&, const Real&);
};

inline constexpr Extreme extremes[] = {
    {MinNum, Minimum, MinimumNumber, smaller},
    {MaxNum, Maximum, MaximumNumber, larger},
    {MinNumMag, MinimumMagnitude, MinimumMagnitudeNumber, smaller_magnitude},
    {MaxNumMag, MaximumMagnitude, MaximumMagnitudeNumber, larger_magnitude},
};

/// What each code becomes when it is delivered as a result.
inline std::vector<Rounded> every_code_delivered(const Format& f) {
    std::vector<Rounded> all;
    for (std::uint64_t code = 0; code <= f.code_mask(); ++code) all.push_back(delivered(f, operand(f, code), {}));
    return all;
}

inline void expect_extremes(const Format& f, const std::vector<Rounded>& of_code, std::uint64_t a, std::uint64_t b) {
    const Real x = operand(f, a), y = operand(f, b);
    const bool x_nan = x.is(Real::Kind::NaN), y_nan = y.is(Real::Kind::NaN);
    const Status raised = x.raised | y.raised;
    const Rounded nan = delivered(f, not_a_number(raised), {});
    for (const Extreme& e : extremes) {
        Rounded y2019 = nan, number = nan, y2008 = nan;
        if (x_nan != y_nan) {
            number = {of_code[x_nan ? b : a].code, raised};
            if (!raised.invalid) y2008 = number;
        } else if (!x_nan) {
            y2019 = number = y2008 = of_code[&e.of_numbers(x, y) == &x ? a : b];
        }
        ASSERT_EQ(compute(e.y2019, f, {a, b, 0}), y2019) << a << ' ' << b;
        ASSERT_EQ(compute(e.number, f, {a, b, 0}), number) << a << ' ' << b;
        ASSERT_EQ(compute(e.y2008, f, {a, b, 0}), y2008) << a << ' ' << b;
    }
}

/// 5.10, by its cases: numbers by value, -0 before +0, negative NaNs below and positive ones above; of two NaNs of one
/// sign the signaling one is closer to the numbers, then the one with the smaller payload.
inline bool in_total_order(const Format& f, std::uint64_t a, std::uint64_t b) {
    const Real x = operand(f, a), y = operand(f, b);
    const bool x_nan = x.is(Real::Kind::NaN), y_nan = y.is(Real::Kind::NaN);
    const auto negative = [&](std::uint64_t code) { return f.has_negative_zero && code >> (f.width - 1) == 1; };
    if (!x_nan && !y_nan) {
        const auto order = ordered(x, y);
        return order != 0 ? order < 0 : x.negative || !y.negative || x.magnitude != 0;
    }
    if (x_nan != y_nan) return x_nan ? negative(a) : !negative(b);
    if (negative(a) != negative(b)) return negative(a);
    const std::uint64_t fraction = (std::uint64_t{1} << (f.precision - 1)) - 1;  // its top bit is the quiet bit
    return negative(a) ? (a & fraction) >= (b & fraction) : (a & fraction) <= (b & fraction);
}

inline void expect_total_order(const Format& f, std::uint64_t a, std::uint64_t b) {
    const auto answer = [](bool truth) { return Rounded{truth ? 1U : 0U, {}}; };
    const bool magnitudes = in_total_order(f, abs(f, a), abs(f, b));
    ASSERT_EQ(compute(Operation::TotalOrder, f, {a, b, 0}), answer(in_total_order(f, a, b))) << a << ' ' << b;
    ASSERT_EQ(compute(Operation::TotalOrderMag, f, {a, b, 0}), answer(magnitudes)) << a << ' ' << b;
}

/// Remainders, comparisons, minima and maxima, and total order.
inline void expect_further_operations_on_pairs(const Format& f, std::uint64_t stride) {
    const std::vector<Rounded> of_code = every_code_delivered(f);
    for_pairs(f, stride, [&](std::uint64_t a, std::uint64_t b) {
        expect_remainders(f, a, b);
        expect_comparisons(f, a, b);
        expect_extremes(f, of_code, a, b);
        expect_total_order(f, a, b);
    });
}

}  // namespace halfulp::test
