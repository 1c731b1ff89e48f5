// Claim: proofs/exercise5.md has no number but those that are computed here.
// Oracle: the values of codes, and rounding by definition; the emulator's conversions. Shared: nothing with the page.
#include <gtest/gtest.h>

#include <string>

#include "support/page_numbers.hpp"
#include "support/proof_page.hpp"

namespace halfulp::test {
namespace {

using fmt::format;

constexpr const Format& f = binary16;

/// The last binary32 number that becomes 0.
Rational flushed() {
    return value_of(binary32, first_code(binary32, f, [](std::uint64_t code) { return code != 0; }) - 1);
}

/// "1/2049 of 2^-14 + 2^-25": the relative error of the tie above a power of two.
std::string error_above(const Rational& binade) {
    const Rational x = binade + least(f) / 2;
    return format("{} of {} + {}", text(abs(rounded(f, x) - x) / x), power(binade), power(x - binade));
}

std::string window() {
    const Rational overflow = value_of(binary32, first_overflow(f)), span = 1 / least_normal(f);
    const Rational u = unit_roundoff(f);
    return format(
        "If 2^k gmin >= {} all scaled gradients are normal, and their relative error is at most {}; if 2^k gmax < {} "
        "none overflows. There is such a k if gmax / gmin is below {} * {}",
        power(least_normal(f)), text(u / (1 + u)), text(overflow), text(overflow), power(span / 2));
}

std::string empty_window() {
    return format("none from {} * {} on", text(value_of(binary32, first_overflow(f))), power(1 / least_normal(f)));
}

std::string factor_1000() {
    const Rational x = after(f, 1), product = 1000 * x;
    return format("A factor of {} does, as it needs digits: {} + {} becomes {}, and that is {} in fp16",
                  text(product / x), 1, power(x - 1), truth::to_text(product), text(rounded(f, product)));
}

std::string smallest_example() {
    const Rational x = pow2(-27), factor = pow2(10);
    const bool lost = rounded(f, x) == 0, exact = rounded(f, factor * x) == factor * x;
    return format("{} is {} in fp16, and comes back {} with the factor {}", power(x), lost ? "lost" : "kept",
                  exact ? "exactly" : "rounded", power(factor));
}

TEST(ProofPages, LossScaling) {
    const std::string half = power(flushed()), unit = power(least(f));
    expect_numbers(
        "proofs/exercise5.md",
        {heading(5),
         format("Half of the least number, {} in fp16, is a tie between {} and {}, which {} wins", power(least(f) / 2),
                text(value_of(f, 0)), unit, text(rounded(f, least(f) / 2))),
         format("rounds up to {}. So a gradient is lost exactly if its magnitude is at most {}, and not from {} down",
                power(rounded(f, least(f) * 3 / 4)), half, unit),
         format("are {} apart whatever their size", power(least_normal(f) - before(f, least_normal(f)))),
         format("off by {}, which is {} and {}", half, error_above(least_normal(f)), error_above(least(f))),
         factor_1000(), window(), empty_window(),
         format("fp16 has {} digits, fp32 has room for them down to {}", f.precision, power(least(binary32))),
         smallest_example()});
}

}  // namespace
}  // namespace halfulp::test
