// Claim: truth/matrix2 and truth/solution_error compute what their names say, exactly.
// Oracle: examples by hand, and the definitions: a perturbation of the size that a backward error states is written down
// and makes the solution exact, and none that is smaller can. Shared: nothing but the rationals.
#include <gtest/gtest.h>

#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/lib/truth/solution_error.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::truth {
namespace {

const Matrix2 skew = {1, 2, -3, 4};  // determinant 10, inverse (1/10) * (4, -2, 3, 1)

TEST(Matrix2, OfTwoRowsByHand) {
    EXPECT_EQ(determinant(skew), 10);
    EXPECT_EQ(inverse(skew), (Matrix2{{Rational{2, 5}, Rational{-1, 5}, Rational{3, 10}, Rational{1, 10}}}));
    EXPECT_EQ(product(skew, {5, -7}), (Vector2{-9, -43}));
    EXPECT_EQ(solution(skew, {-9, -43}), (Vector2{5, -7}));
    EXPECT_EQ(norm_inf(skew), 7);
    EXPECT_EQ(norm_inf(Vector2{2, -5}), 5);
    EXPECT_EQ(kappa_inf(skew), (Rational{7 * 6, 10}));
    EXPECT_EQ(kappa_2_plus_inverse(skew), 3);  // (1 + 4 + 9 + 16) / 10
}

TEST(Matrix2, Kappa2IsTheRatioOfTheSingularValues) {
    EXPECT_TRUE(has_kappa_2({3, 0, 0, -12}, 4));
    EXPECT_FALSE(has_kappa_2({3, 0, 0, -12}, Rational(1, 4)));  // has the same kappa + 1 / kappa
    EXPECT_FALSE(has_kappa_2({3, 0, 0, -12}, 5));
    EXPECT_TRUE(has_kappa_2({5, 4, 4, 5}, 9));     // eigenvalues 9 and 1
    EXPECT_TRUE(has_kappa_2({3, -20, 4, 15}, 5));  // a rotation by (3, 4) of diag(5, 25)
}

TEST(SolutionError, ForwardErrorByHand) {
    EXPECT_EQ(forward_error({1, -1}, {1, -1}), 0);
    EXPECT_EQ(forward_error({5, -4}, {5, -2}), (Rational{2, 5}));
    EXPECT_EQ(forward_error({4, 0}, {1, -2}), (Rational{3, 2}));
}

Rational sign(const Rational& x) { return x < 0 ? -1 : 1; }

const System2 skew_system = {skew, {-1, 8}};
const std::vector<Vector2> approximations = {{-2, 1}, {Rational{-21, 10}, Rational{1, 3}}, {0, 1}, {-3, 0}, {7, 7}};

// Changes of all data by that much, each with the sign that takes off the residual most, take off exactly what there is.
TEST(SolutionError, NormwiseBackwardErrorIsAttainedAndLeast) {
    for (const Vector2& x : approximations) {
        const Rational e = normwise_backward_error(skew_system, x);
        const std::size_t largest = abs(x[0]) >= abs(x[1]) ? 0 : 1;
        Rational left_over = 0, residual = 0;
        const Vector2 ax = product(skew, x);
        for (std::size_t row = 0; row < 2; ++row)
            residual = std::max<Rational>(residual, abs(skew_system.c[row] - ax[row]));
        for (std::size_t row = 0; row < 2; ++row) {
            const Rational r = skew_system.c[row] - ax[row],
                           part = residual == 0 ? Rational{0} : Rational{r / residual};
            // The row of the change: only in the column of the largest |x|, so that its norm is |part| e ||a||.
            const Rational change_of_a = part * e * norm_inf(skew) * sign(x[largest]);
            const Rational change_of_c = -part * e * norm_inf(skew_system.c);
            left_over += abs(skew_system.c[row] + change_of_c - ax[row] - change_of_a * x[largest]);
            // No change of that size takes off more.
            EXPECT_LE(abs(r), e * (norm_inf(skew) * norm_inf(x) + norm_inf(skew_system.c)));
        }
        EXPECT_EQ(left_over, 0);
    }
    EXPECT_EQ(normwise_backward_error(skew_system, {0, 1}), (Rational{4, 7 * 1 + 8}));
}

TEST(SolutionError, ComponentwiseBackwardErrorIsAttainedAndLeast) {
    for (const Vector2& x : approximations) {
        const Rational e = componentwise_backward_error(skew_system, x);
        Rational largest_needed = 0;
        for (std::size_t row = 0; row < 2; ++row) {
            const Rational a1 = skew[2 * row] * x[0], a2 = skew[2 * row + 1] * x[1], c = skew_system.c[row];
            const Rational r = c - a1 - a2;
            // The most that entries changed by a share s take off is s times this; hence the row needs s = |r| / reach.
            const Rational reach = abs(a1) + abs(a2) + abs(c), share = r / reach;
            const Rational left = c * (1 - share * sign(c)) - a1 * (1 + share * sign(a1)) - a2 * (1 + share * sign(a2));
            EXPECT_EQ(left, 0);
            largest_needed = std::max<Rational>(largest_needed, abs(share));
        }
        EXPECT_EQ(e, largest_needed);
    }
    EXPECT_EQ(componentwise_backward_error({{1, 0, 0, 1}, {1, 0}}, {2, 0}), (Rational{1, 3}));  // 0 / 0 in row 2
}

TEST(SolutionError, BoundHoldsOnlyWhereKappaTimesUIsBelow1) {
    EXPECT_EQ(perturbation_bound(10000, pow2(-24)), (Rational{1250, 1047951}));
    EXPECT_EQ(perturbation_bound(10000, pow2(-11)), std::nullopt);
    EXPECT_EQ(perturbation_bound(2048, pow2(-11)), std::nullopt);
    EXPECT_EQ(perturbation_bound(2047, pow2(-11)), Rational{4094});
}

// Every sign of a change of each number of a system by u stays within the bound.
TEST(SolutionError, BoundHoldsForEveryCornerOfTheBox) {
    const Rational u = pow2(-7);
    const Matrix2 a = {5, 4, 4, 5};
    const Vector2 x = {1, -1}, c = product(a, x);
    const Rational bound = perturbation_bound(kappa_inf(a), u).value();
    Rational largest = 0;
    for (unsigned signs = 0; signs < 64; ++signs) {
        const auto moved = [&](const Rational& number, unsigned i) {
            return Rational{number * (1 + ((signs >> i & 1) == 0 ? u : -u))};
        };
        const Matrix2 b = {moved(a[0], 0), moved(a[1], 1), moved(a[2], 2), moved(a[3], 3)};
        const Rational error = forward_error(solution(b, {moved(c[0], 4), moved(c[1], 5)}), x);
        EXPECT_LE(error, bound);
        largest = std::max(largest, error);
    }
    EXPECT_GT(largest, bound / 4);  // the bound says something
}

TEST(IeeeRules, EveryOperationByName) {
    const std::uint64_t two = 0x4000, three = 0x4200, nine = 0x4880, minus_zero = 0x8000, infinity_code = 0x7c00;
    const auto code = [](Operation op, Operands operands) { return defined_result(op, binary16, operands).code; };
    EXPECT_EQ(code(Operation::Add, {two, three, 0}), 0x4500U);  // 5
    EXPECT_EQ(code(Operation::Sub, {two, three, 0}), 0xbc00U);  // -1
    EXPECT_EQ(code(Operation::Mul, {two, three, 0}), 0x4600U);  // 6
    EXPECT_EQ(code(Operation::Div, {two, three, 0}), 0x3955U);  // 0.6665
    EXPECT_EQ(code(Operation::Sqrt, {nine, 0, 0}), three);
    EXPECT_EQ(code(Operation::Fma, {two, three, three}), nine);
    EXPECT_EQ(code(Operation::Div, {two, minus_zero, 0}), infinity_code | minus_zero);
    EXPECT_EQ(code(Operation::Div, {minus_zero, minus_zero, 0}), 0x7e00U);
    EXPECT_EQ(code(Operation::Sub, {infinity_code, infinity_code, 0}), 0x7e00U);
}

}  // namespace
}  // namespace halfulp::truth
