// Claim: proofs/exercise3.md has no number but those that are computed here.
// Oracle: exact linear algebra of two rows, matrices stored by definition, the emulator's operations and conversions.
// Shared: nothing with the page.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include <halfulp/lib/exercise/condition/solve.h>
#include <halfulp/lib/exercise/condition/storage.h>

#include "support/page_numbers.hpp"
#include "support/proof_page.hpp"

namespace halfulp::test {
namespace {

using fmt::format;
using truth::Matrix2;

const Rational kappa = kappa_of_exercise();
const Matrix2 of_exercise = family(kappa), whole = stored_exactly();
const Rational b = of_exercise[1];

/// The vector whose first component is 1 and that the matrix stretches by that factor.
std::string stretched_by(const Matrix2& a, const Rational& factor) {
    return show(truth::Vector2{1, (factor - a[0]) / a[1]});
}

/// The least double that the emulator stores as 1.
Rational least_stored_as_one(const Format& f) {
    const std::uint64_t one = code_of(f, 1);
    return value_of(binary64, first_code(binary64, f, [&](std::uint64_t code) { return code >= one; }));
}

/// Of [[1, b], [b, 1]] with that b.
Rational least_kappa_stored_as_one(const Format& f) {
    const Rational c = least_stored_as_one(f);
    return (1 + c) / (1 - c);
}

std::string stored_as_one(const Format& f) {
    const Rational distance = unit_roundoff(f), end = 2 * start_of_binade(f, distance), c = least_stored_as_one(f);
    return format(
        "Below {}, numbers are 2^-p apart. b is stored as {} when it lies within half of that, the tie included: "
        "from {} - 2^(-p-{}) on. In fp16 that is 1 - {}, and here 1 - b = {} is less",
        text(end), text(rounded(f, c)), text(end), -truth::floor_log2(end - c) - f.precision, text(end - c),
        text(1 - b));
}

std::string borders() {
    return format(
        "kappa_2 = {} in fp16 and {} in bf16 on (`kappa-8191`); with another diagonal {} is enough (`kappa-2731`), "
        "and with two ties {}",
        text(least_kappa_stored_as_one(binary16)), text(least_kappa_stored_as_one(bfloat16)),
        text(truth::kappa_inf(symmetric_matrix(1 + unit_roundoff(binary16), 1 - unit_roundoff(binary16) / 2))),
        text(truth::kappa_inf(ties_to_one_code(binary16))));
}

/// What two neighbours of a matrix are stored as: the singular one, and the one as far beyond it.
std::vector<std::string> neighbours() {
    const Rational to_singular = shift_to_singular(whole);
    const Matrix2 singular = shifted(whole, to_singular), opposite = shifted(whole, 2 * to_singular);
    EXPECT_EQ(truth::determinant(singular), 0);
    EXPECT_EQ(stored(binary16, singular), stored(binary16, opposite));
    const Matrix2 both = stored(binary16, opposite);
    return {format("one of determinant {}", text(truth::determinant(opposite))),
            format("are stored as {}, which has determinant {} and", show(both), text(truth::determinant(both)))};
}

std::string kappa_times_u() {
    const auto product = [](const Format& f) { return text(kappa * unit_roundoff(f)); };
    return format("\"{} %\". With kappa = {}, kappa u is {} in fp16 and {} in bf16, and {} in fp32",
                  text(truth::floor(100 * kappa * unit_roundoff(binary16))), power(10, kappa), product(binary16),
                  product(bfloat16), product(binary32));
}

std::string digits() {
    const auto of = [](const Format& f) { return -std::log10(unit_roundoff(f).convert_to<double>()); };
    return format("log10 kappa = {} digits of -log10 u: {:.3f} in fp16, {:.3f} in bf16, {:.3f} in fp32",
                  std::log10(kappa.convert_to<double>()), of(binary16), of(bfloat16), of(binary32));
}

std::string pivot() {
    const auto in_fp16 = [](Operation op, const Rational& x, const Rational& y) {
        return emulated(op, binary16, x, y);
    };
    const Rational factor = in_fp16(Operation::Div, whole[2], whole[0]),
                   product = in_fp16(Operation::Mul, factor, whole[1]);
    return format("In fp16 {}/{} * {} becomes {}, the pivot {}, and", text(whole[2]), text(whole[0]), text(whole[1]),
                  text(product), text(in_fp16(Operation::Sub, whole[3], product)));
}

std::string quotient_of_opposites() {
    const Rational c = rounded(binary16, 1 / kappa), opposite = rounded(binary16, -1 / kappa);
    return format("have the quotient {}", text(emulated(Operation::Div, binary16, c, opposite)));
}

TEST(ProofPages, ConditionNumber) {
    const truth::System2 system = system_of(whole);
    std::vector<std::string> phrases = {
        heading(3),
        format("[[{}, b], [b, {}]] stretches {} by 1 + b and {} by 1 - b", text(of_exercise[0]), text(of_exercise[3]),
               stretched_by(of_exercise, 1 + b), stretched_by(of_exercise, 1 - b)),
        format("which is {} for b = {}", power(10, Rational((1 + b) / (1 - b))), text(b)),
        stored_as_one(binary16),
        format("store {}", show(stored(binary16, of_exercise))),
        borders(),
        format("no matrix of any size with kappa_inf below {} in fp16, or {} in bf16, is stored singular",
               text(safe_kappa(binary16)), text(safe_kappa(bfloat16))),
        kappa_times_u(),
        digits(),
        format("What a solver makes of {} x = {} is", show(system.a), show(system.c)),
        pivot(),
        format("fp32 has {} of {}", show_digits(*computed_error(whole, {binary32, binary32})),
               show(solution_of_systems())),
        quotient_of_opposites()};
    for (const std::string& phrase : neighbours()) phrases.push_back(phrase);
    expect_numbers("proofs/exercise3.md", phrases);
}

}  // namespace
}  // namespace halfulp::test
