// Claim: proofs/exercise2.md has no number but those that are computed here.
// Oracle: the emulator's additions, the values of codes by definition, and the table of matrix units. Shared: nothing with
// the page.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <halfulp/lib/exercise/absorption/parts.h>
#include <halfulp/lib/accumulate/sum.hpp>
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

    /// By the emulator, of the terms as the format stores them.
    Rational summed(const Format& f, const Order& order) const {
        std::vector<std::uint64_t> codes(static_cast<std::size_t>(terms) + 2, code_of(f, rounded(f, small)));
        codes.front() = code_of(f, large);
        codes.back() = code_of(f, -large);
        return value_of(f, halfulp::sum(order, SoftAdder{f}, codes));
    }
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

/// "1024 + 7/8"
std::string mixed(const Rational& x) {
    const truth::Integer whole = numerator(x) / denominator(x);
    return whole == 0 || whole == x ? text(x) : format("{} + {}", whole.str(), text(x - whole));
}

const Order& order_of(std::string_view name) { return *std::ranges::find(orders, name, &Order::name); }

std::string line(const std::string& way, std::string_view claim, const Order& order) {
    const auto in = [&](const Format& f) { return mixed(Peak{}.summed(f, order)); };
    return format("| {} | `{}` | {} | {} | {} |", way, claim, in(binary16), in(bfloat16), in(binary32));
}

std::vector<std::string> peak_table() {
    const Order &blocks = order_of("blocks of 32"), &lanes = order_of("8 lanes");
    return {line("one after another", "peak-one-by-one", order_of("sequential")),
            line(format("in blocks of {}", blocks.count), "peak-in-blocks", blocks),
            line(format("in {} lanes, which are added in halves", lanes.count), "peak-in-lanes", lanes),
            line("in halves", "peak-pairwise", order_of("pairwise")),
            line("Kahan's", "peak-kahan", order_of("Kahan")),
            line("two-sum", "peak-two-sum", order_of("two-sum"))};
}

/// Why the sums are what they are.
std::vector<std::string> peak_explained() {
    const Peak p;
    const auto gap = [&](const Format& f) { return after(f, p.large) - p.large; };
    const Rational block = static_cast<int>(order_of("blocks of 32").count), lost = block - 1;
    const Rational brought = sum(binary16, p.large, rounded(binary16, block * p.small)) - p.large;
    return {format("The truth is {}, and {} of the terms as bf16", text(p.terms * p.small),
                   text(p.terms * rounded(bfloat16, p.small))),
            format("From {} on numbers of fp16 are {} apart", power(p.large), text(gap(binary16))),
            format("In fp32 they are {} apart there, {} is a tie", power(gap(binary32)), power(p.small - 1)),
            format("each term counts {}. In blocks only the first one, which has {}, loses its {} terms",
                   text(p.summed(binary32, order_of("sequential")) / p.terms), power(p.large), text(lost)),
            format("Each of the next {} is {} and a little", text(p.terms / block - 1), text(brought)),
            format("and so they bring {}; bf16's numbers are {} apart", text((p.terms / block - 1) * brought),
                   text(gap(bfloat16))),
            format("ones, which stops at {}", text(sticks_at(bfloat16)))};
}

std::vector<std::string> absorption() {
    const Format& f = binary16;
    const Rational x = sticks_at(f), odd = after(f, x), lost = x + 1 - sum(f, x, 1);
    const auto& units = unit_facts;
    return {heading(2),
            "In fp16, " + parity(f, x),
            parity(f, odd),
            format("Its neighbours are {} and {}", text(before(f, x)), text(after(f, x))),
            format("y is lost for {} <= y <= {}", text(last_absorbed(f, x, -1)), text(last_absorbed(f, x, 1))),
            format("{0} + 1 is {1}, and {0} - 1 is {2}", text(odd), text(sum(f, odd, 1)), text(sum(f, odd, -1))),
            format("The lost {} is {} of the sum", text(lost), text(lost / (x + 1))),
            tie(f),
            format("n at most to {} in fp16, {} in bf16 and {} in fp32", text(x), text(sticks_at(bfloat16)),
                   power(sticks_at(binary32))),
            peak(),
            format("F is {}, {} or {}", units[0].fraction_bits, units[1].fraction_bits, units[2].fraction_bits),
            format("which is exact to {}", power(x)),
            format("within a factor of {}", exact_within(e3m2))};
}

TEST(ProofPages, Absorption) {
    std::vector<std::string> phrases = peak_table();
    for (const auto& more : {peak_explained(), absorption()}) phrases.insert(phrases.end(), more.begin(), more.end());
    expect_numbers("proofs/exercise2.md", phrases);
}

}  // namespace
}  // namespace halfulp::test
