// Claim: proofs/exercise4.md has no number but those that are computed here.
// Oracle: integrals and sums by exact rationals; codes and levels are the exercise's quantisers'. Shared: nothing with the
// page.
#include <gtest/gtest.h>

#include <string>

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

TEST(ProofPages, Quantisation) {
    const Rational cell = mean_square({1, 2}), uniform = mean_square(1), sine = power_of_sine();
    const Rational four = uniform / cell, ratio = sine / uniform;  // with m = 1: (2m)^2, and 3/2
    const std::string inverse = text(1 / cell), root = text(sqrt(numerator(four)));
    for (const int even : {2, 8}) EXPECT_EQ(excess_on_grid(even), excess_on_grid(4));
    for (const int odd : {3, 9}) EXPECT_EQ(excess_on_grid(odd), excess_on_grid(5));
    expect_numbers(
        "proofs/exercise4.md",
        {heading(4), format("which is s^2/{}. So", inverse),
         format("has the power A^2/{}, a sine A^2/{}", text(1 / uniform), text(1 / sine)),
         format("the first is ({0}m)^2, the second {1} ({0}m)^2", root, text(ratio)),
         amplitudes(text(four), text(ratio)), format("A factor of {} is {:.4f} dB", text(four), decibels_of(four)),
         format("a factor of {} is {:.4f} dB. The {:.2f} belongs", text(ratio), decibels_of(ratio), decibels_of(ratio)),
         format("mean square is s^2/{} (1 - {}/M^2)", inverse, text(-excess_on_grid(5))),
         format("whichever way it goes: s^2/{} (1 + {}/M^2)", inverse, text(excess_on_grid(4)))});
}

}  // namespace
}  // namespace halfulp::test
