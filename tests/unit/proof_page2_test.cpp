// Claim: proofs/exercise2.md has no number but those that are computed here.
// Oracle: the emulator's additions, the values of codes by definition, and the table of matrix units. Shared: nothing with
// the page.
#include <gtest/gtest.h>

#include <string>

#include <halfulp/lib/exercise/absorption/parts.h>
#include <halfulp/lib/truth/definition.hpp>

#include "support/page_numbers.hpp"
#include "support/proof_page.hpp"

namespace halfulp::test {
namespace {

using fmt::format;

/// The first power of two that absorbs 1.
Rational sticks_at(const Format& f) {
    Rational x = 1;
    while (sum(f, x, 1) != x) x *= 2;
    return x;
}

/// "2048 = 1024 * 2 is even", where the upper neighbour is 2 away.
std::string parity(const Format& f, const Rational& x) {
    const Rational distance = after(f, x) - x, significand = x / distance;
    return format("{} = {} * {} is {}", text(x), text(significand), text(distance),
                  numerator(significand) % 2 == 0 ? "even" : "odd");
}

/// Of 2^p, which is half a step from 2^p + 1.
std::string tie(const Format& f) {
    const Rational x = pow2(f.precision), distance = after(f, x) - x;
    return format("At 2^p numbers are {0} apart: 2^p + {1} is a tie, and 2^p = 2^(p-{2}) * {0} has an even significand",
                  text(distance), text(distance / 2), f.precision - truth::floor_log2(x / distance));
}

/// The last number y on that side of 0 for which x + y is x.
Rational last_absorbed(const Format& f, const Rational& x, int sign) {
    Rational y = least(f);
    while (sum(f, x, sign * after(f, y)) == x) y = after(f, y);
    return sign * y;
}

/// The largest integer k so that x - y is a number whenever x and y are at most k times each other.
int exact_within(const Format& f) {
    const auto is_exact = [&](int k) {
        for (std::uint64_t i = f.min_code(); i <= f.max_code(); ++i)
            for (std::uint64_t j = i; j <= f.max_code(); ++j) {
                const Rational y = value_of(f, i), x = value_of(f, j);
                if (x <= k * y && emulated(Operation::Sub, f, x, y) != x - y) return false;
            }
        return true;
    };
    int k = 1;
    while (is_exact(k + 1)) ++k;
    return k;
}

/// A large term, many small ones, and the large one taken back: how much larger magnitudes are than the sum.
struct Peak {
    Rational large = pow2(14), terms = 1024, small = after(binary16, 1);
    int share() const {
        const Rational sum = terms * small, share = (2 * large + sum) / sum;
        return static_cast<int>(truth::round_to_integer(share, Rounding::NearestEven));
    }
};

std::string peak() {
    const Peak p;
    return format(
        "{} is added to {} terms 1 + {}, and taken away. The bound's magnitudes are {} times as large as the sum",
        power(p.large), text(p.terms), power(p.small - 1), p.share());
}

TEST(ProofPages, Absorption) {
    const Format& f = binary16;
    const Rational x = sticks_at(f), odd = after(f, x), lost = x + 1 - sum(f, x, 1);
    const auto& units = unit_facts;
    expect_numbers(
        "proofs/exercise2.md",
        {heading(2), "In fp16, " + parity(f, x), parity(f, odd),
         format("Its neighbours are {} and {}", text(before(f, x)), text(after(f, x))),
         format("y is lost for {} <= y <= {}", text(last_absorbed(f, x, -1)), text(last_absorbed(f, x, 1))),
         format("{0} + 1 is {1}, and {0} - 1 is {2}", text(odd), text(sum(f, odd, 1)), text(sum(f, odd, -1))),
         format("The lost {} is {} of the sum", text(lost), text(lost / (x + 1))), tie(f),
         format("n at most to {} in fp16, {} in bf16 and {} in fp32", text(x), text(sticks_at(bfloat16)),
                power(sticks_at(binary32))),
         peak(), format("F is {}, {} or {}", units[0].fraction_bits, units[1].fraction_bits, units[2].fraction_bits),
         format("which is exact to {}", power(x)), format("within a factor of {}", exact_within(e3m2))});
}

}  // namespace
}  // namespace halfulp::test
