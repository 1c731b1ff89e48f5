// Claim: proofs/exercise1.md has no number but those that are computed here.
// Oracle: the descriptors of formats, the values of their codes by definition, and the emulator's conversions.
// Shared: nothing with the page.
#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include <halfulp/lib/truth/definition.hpp>

#include "support/page_numbers.hpp"
#include "support/proof_page.hpp"

namespace halfulp::test {
namespace {

using fmt::format;

std::string descriptor(std::string_view name, const Format& f) {
    return format("{} has p = {}, emin = {}, emax = {}", name, f.precision, f.emin() - f.fraction_bits(), f.emax() + 1);
}

/// The first number that overflows.
Rational threshold(const Format& f) { return value_of(binary32, first_overflow(f)); }

std::size_t overflowing(const Format& f) { return 2 * (binary32.inf_code() - first_overflow(f)); }

/// At 1 + u, the relative error of the number that it rounds to.
Rational relative_error(const Format& f) {
    const Rational x = 1 + unit_roundoff(f);
    return (x - rounded(f, x)) / x;
}

std::pair<std::size_t, std::size_t> codes_and_numbers(const Format& f) {
    std::size_t codes = 0;
    std::set<double> numbers;  // which hold all of both
    for (std::uint64_t code = 0; code <= f.code_mask(); ++code)
        if (const auto x = truth::value(f, code)) ++codes, numbers.insert(x->convert_to<double>());
    return {codes, numbers.size()};
}

std::string counts() {
    const auto [codes, numbers] = codes_and_numbers(binary16);
    const auto [codes_bf16, numbers_bf16] = codes_and_numbers(bfloat16);
    const Rational twice = value_of(binary16, binary16.sign_bit());
    return format("as {} has two codes: {} codes and {} numbers in fp16, {} and {} in bf16", text(twice), codes,
                  numbers, codes_bf16, numbers_bf16);
}

/// The most digits with 10^digits < 2^(p-1), and that inequality.
std::pair<int, std::string> decimal_digits(const Format& f) {
    int digits = 0;
    Rational decimals = 1;
    for (; decimals * 10 < pow2(f.precision - 1); ++digits) decimals *= 10;
    return {digits, format("{} < {}", power(10, decimals), power(pow2(f.precision - 1)))};
}

std::string decimals() {
    const auto [digits, inequality] = decimal_digits(binary16);
    const auto [digits_bf16, inequality_bf16] = decimal_digits(bfloat16);
    return format("{} gives {} digits in fp16, {} gives {} in bf16", inequality, digits, inequality_bf16, digits_bf16);
}

std::string top_binade(const Format& f) {
    const Rational top = largest(f), step = top - before(f, top), end = pow2(f.emax() + 1);
    return format(
        "from 2^(emax-{}) to 2^emax, numbers are 2^(emax-p) apart. The last one is one step below 2^emax: {} - {} = {} in fp16",
        truth::floor_log2(end) - truth::floor_log2(top), text(end), text(step), text(top));
}

std::string significand_at_top(const Format& f) {
    const Rational top = largest(f);
    return format("significand, 2^p - {}, is odd", text(pow2(f.precision) - top / (top - before(f, top))));
}

std::string least_numbers() {
    const Format &f = binary16, &b = bfloat16;
    const int emin = f.emin() - f.fraction_bits();
    return format(
        "is m = {} with the least exponent: 2^emin, which is {} in fp16 and {} in bf16. Up to 2^(emin+p) numbers stay 2^emin "
        "apart, so m has all its p bits from 2^(emin+p-{}) on only, the least normal number (`least-normal`): {} and {}",
        text(least(f) / pow2(emin)), power(least(f)), power(least(b)),
        emin + f.precision - truth::floor_log2(least_normal(f)), power(least_normal(f)), power(least_normal(b)));
}

int first_integer_lost(const Format& f) {
    int n = 1;
    while (rounded(f, n) == n) ++n;
    return n;
}

TEST(ProofPages, RangeAndEpsilon) {
    const Format &f = binary16, &b = bfloat16;
    const Rational top = largest(f);
    const std::string one = text(start_of_binade(f, 2 * unit_roundoff(f)));
    const auto distances = [](const Format& any) {
        return std::pair{power(after(any, 1) - 1), power(1 - before(any, 1))};
    };
    const auto [above, below] = distances(f);
    const auto [above_bf16, below_bf16] = distances(b);
    expect_numbers("proofs/exercise1.md",
                   {heading(1), descriptor("fp16", f), descriptor("bf16", b), top_binade(f), significand_at_top(f),
                    least_numbers(), counts(), format("between it and 2^emax, {} in fp16", text(threshold(f))),
                    format("\"what is above {} overflows\" is wrong by {}", text(top), text(threshold(f) - top)),
                    format("From {0} on numbers are 2^(1-p) apart, below {0} half as far", one),
                    format("ends there: {} and {} in fp16, {} and {} in bf16", above, below, above_bf16, below_bf16),
                    format("a tie that rounds to {}, attains it: {} in fp16, {} in bf16",
                           text(rounded(f, 1 + unit_roundoff(f))), text(relative_error(f)), text(relative_error(b))),
                    decimals(), format("{} and {} are ties that go down", first_integer_lost(f), first_integer_lost(b)),
                    format("of the {} finite ones of fp32 {} in fp16, and {} in bf16", 2 * binary32.inf_code(),
                           overflowing(f), overflowing(b))});
}

}  // namespace
}  // namespace halfulp::test
