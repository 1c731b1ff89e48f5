// Claim: proofs/exercise4.md has no number but those that are computed here.
// Oracle: integrals and sums by exact rationals; codes and levels are the exercise's quantisers'. Shared: nothing with the
// page.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <halfulp/lib/exercise/quantisation/model.h>
#include <halfulp/lib/exercise/quantisation/signal.h>
#include <halfulp/lib/exercise/quantisation/signal_question.h>

#include "support/page_numbers.hpp"
#include "support/proof_page.hpp"

namespace halfulp::test {
namespace {

using fmt::format;

/// The mean of x^2 from -end to end.
Rational mean_square(const Rational& end) { return end * end / 3; }

/// Of a sine of amplitude 1: its square has one wave in two, so that four points have the mean of all.
Rational power_of_sine() {
    Rational sum = 0;
    const Signal signal = sine(4);
    for (const Rational& x : signal.values) sum += x * x;
    return sum / 4;
}

/// The mean square error of a signal with so many points a step, in steps.
Rational noise_on_grid(int points) {
    Rational sum = 0;
    for (int i = 0; i < points; ++i) {
        const Rational x = Rational(i) / points;
        const Rational error =
            level(twos_complement, 1, static_cast<std::uint64_t>(code_of_quotient(twos_complement, x))) - x;
        sum += error * error;
    }
    return sum / points;
}

/// The c of noise (1 + c / M^2).
Rational excess_on_grid(int points) { return (noise_on_grid(points) / mean_square({1, 2}) - 1) * points * points; }

/// In steps: m of a mid-rise quantiser is half of its codes, and of a symmetric one the greatest code.
std::string amplitudes(const std::string& four, const std::string& ratio) {
    const Rational half = Rational(mid_rise.codes()) / 2, greatest = symmetric.greatest();
    const int offset = mid_rise.bits - truth::floor_log2(half);
    return format(
        "m = 2^(b-{0}), so {1}^b and {2} * {1}^b; a symmetric one has m = 2^(b-{0}) - {3}, which is {4} for int8: {5}^2",
        offset, four, ratio, text(half - greatest), text(greatest), text(2 * greatest));
}

Rational squares(int first, int last) {
    Rational sum = 0;
    for (int j = first; j <= last; ++j) sum += j * j;
    return sum;
}

/// How the squares of a grid's errors add up.
std::vector<std::string> grid_explained() {
    const auto of_odd = [](int h) { return Rational(h) * (h + 1) * (2 * h + 1) / squares(-h, h); };
    const auto of_even = [](int h) { return Rational(2 * h) * (4 * h * h + 2) / squares(1 - h, h); };
    const auto of_product = [](int h) { return ((2 * h + 1) * (2 * h + 1) - 1) / (Rational(h) * (h + 1)); };
    for (int h = 2; h < 9; ++h) {
        EXPECT_EQ(of_odd(h), of_odd(1));
        EXPECT_EQ(of_even(h), of_even(1));
        EXPECT_EQ(of_product(h), of_product(1));
    }
    return {format("h (h + 1) M / {} together", text(of_odd(1))),
            format("as {} h (h + 1) = M^2 - 1", text(of_product(1))),
            format("The squares are M (M^2 + 2) / {} together", text(of_even(1))),
            format("with {} a step half of them have no error, and half have s/2, which is s^2/{} on average", 2,
                   text(1 / noise_on_grid(2)))};
}

/// A row of the table: so many steps over the range.
std::string row(const std::string& quantiser, const Rational& steps, const Rational& ratio) {
    return format("| {} | {} | {:.4f} dB | {:.4f} dB |", quantiser, text(steps), decibels_of(steps * steps),
                  decibels_of(ratio * steps * steps));
}

/// The mean square error of an even spread from the least level to the greatest, in steps: whole cells and two halves.
Rational noise_between_levels(const Quantiser& q) {
    const Rational half_cell = mean_square({1, 2}) / 2, whole_cells = q.codes() - 2;
    return (2 * half_cell * whole_cells + 2 * half_cell) / (q.greatest() - q.least());
}

std::vector<std::string> steps_explained(const std::string& inverse) {
    EXPECT_EQ(noise_between_levels(symmetric), 1 / Rational(inverse));
    return {format("A symmetric int{} quantiser has {} levels, from {} to {}, with {} steps between them",
                   symmetric.bits, symmetric.codes(), symmetric.least(), symmetric.greatest(), symmetric.codes() - 1),
            format("there are {} whole cells", symmetric.codes() - 2), format("so the noise is s^2/{}", inverse),
            format("quantiser has {} cells", mid_rise.codes())};
}

/// What a sine up to the greatest level makes, by its integral.
std::string sine_explained(const std::string& inverse) {
    const auto amplitude = static_cast<double>(symmetric.greatest());
    const double error = sine_error(symmetric, amplitude), model = 1 / std::stod(inverse);
    return format("A sine of amplitude {} s in fact makes {:.3f} of s^2/{}, which is {:.3f} dB", symmetric.greatest(),
                  error / model, inverse, decibels(amplitude * amplitude / 2 / error));
}

std::vector<std::string> decibels_explained(const Rational& ratio) {
    const Rational all = Rational(mid_rise.codes()), fewer = 2 * Rational(symmetric.greatest());
    return {row(format("mid-rise, {} bits", mid_rise.bits), all, ratio), row("symmetric int8", fewer, ratio),
            format("cost {:.4f} dB", decibels_of(all * all / (fewer * fewer))),
            format("{:.2f} b + {:.2f} of textbooks", decibels_of(4), decibels_of(ratio)),
            "which are 10 log10 of a quotient of powers"};
}

TEST(ProofPages, Quantisation) {
    const Rational cell = mean_square({1, 2}), uniform = mean_square(1), sine = power_of_sine();
    const Rational four = uniform / cell, ratio = sine / uniform;  // with m = 1: (2m)^2, and 3/2
    const std::string inverse = text(1 / cell), root = text(sqrt(numerator(four)));
    for (const int even : {2, 8}) EXPECT_EQ(excess_on_grid(even), excess_on_grid(4));
    for (const int odd : {3, 9}) EXPECT_EQ(excess_on_grid(odd), excess_on_grid(5));
    const std::string cube = text(1 / uniform);
    std::vector<std::string> phrases = grid_explained();
    for (const auto& more : {decibels_explained(ratio), steps_explained(inverse)})
        phrases.insert(phrases.end(), more.begin(), more.end());
    phrases.insert(
        phrases.end(),
        {heading(4), sine_explained(inverse), format("(s/2)^{0} / {0} = s^2/{1}", cube, inverse),
         format("({1} A^{0} / {0}) / ({1} A) = A^2/{0}, the power", cube, text(1 / sine)),
         format("the sine's power is A^2/{}", text(1 / sine)),
         format("the first is (m s)^2 / {} over s^2 / {}, which is ({}m)^2, and the second {} ({}m)^2", cube, inverse,
                root, text(ratio), root),
         amplitudes(text(four), text(ratio)), format("A factor of {} is {:.4f} dB", text(four), decibels_of(four)),
         format("a factor of {} is {:.4f} dB. The {:.2f} belongs", text(ratio), decibels_of(ratio), decibels_of(ratio)),
         format("that is s^2/{} (1 - {}/M^2)", inverse, text(-excess_on_grid(5))),
         format("together: s^2/{} (1 + {}/M^2)", inverse, text(excess_on_grid(4)))});
    expect_numbers("proofs/exercise4.md", phrases);
}

}  // namespace
}  // namespace halfulp::test
