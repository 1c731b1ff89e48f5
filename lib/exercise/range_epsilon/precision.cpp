#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/lib/exercise/range_epsilon/parts.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

/// Of all codes: those that an observer widens to a finite number, and how many different numbers these are.
Answer count_numbers(const Observer& observer, const Format& f) {
    Codes all(f.code_mask() + 1);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    const Answer widened = observer.convert(f, binary32, all);
    if (!widened.unavailable.empty()) return widened;
    Codes finite;
    for (const std::uint64_t code : widened.codes) {
        const std::uint64_t magnitude = code & binary32.magnitude_mask();
        if (magnitude <= largest_fp32) finite.push_back(magnitude == 0 ? 0 : code);
    }
    const std::uint64_t codes = finite.size();
    std::sort(finite.begin(), finite.end());
    finite.erase(std::unique(finite.begin(), finite.end()), finite.end());
    return {{codes, finite.size()}, {}};
}

Question count_question(const Format& f) {
    const std::uint64_t finite = (std::uint64_t{1} << f.width) - (std::uint64_t{1} << f.precision);
    const auto show = [](const Codes& codes) { return fmt::format("{} codes, {} numbers", codes.at(0), codes.at(1)); };
    return {.text = fmt::format("{}: the finite codes, and the different numbers among them", short_name(f)),
            .claim = fmt::format("2^{} - 2^{} codes, as the largest exponent field is for infinity and NaN; one number "
                                 "less, as 0 has two codes",
                                 f.width, f.precision),
            .predicted = show({finite, finite - 1}),
            .codes = {finite, finite - 1},
            .observe = [f](const Observer& observer) { return count_numbers(observer, f); },
            .show = show};
}

// Between two neighbours the middle is farthest from both, and relative to itself farthest of all below the next power
// of two: where nearest is nearest, the largest relative error is that of a middle.

/// The middles of all neighbours among the normal numbers, as binary32 codes.
Codes middles(const Format& f) {
    Codes codes;
    for (std::uint64_t code = f.min_normal_code(); code < f.max_code(); ++code)
        codes.push_back(code_of(binary32, (value_of(f, code) + value_of(f, code + 1)) / 2));
    return codes;
}

/// The largest relative error, as numerator and denominator, and how many middles have it.
Answer largest_error(const Observer& observer, const Format& f, const Codes& points) {
    const Answer narrow = observer.convert(binary32, f, points);
    if (!narrow.unavailable.empty()) return narrow;
    Rational largest = 0;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Rational x = value_of(binary32, points[i]);
        const Rational error = abs(truth::value(f, narrow.codes.at(i)).value_or(Rational{0}) - x) / x;
        if (error < largest) continue;
        count = error == largest ? count + 1 : 1;
        largest = error;
    }
    return {{static_cast<std::uint64_t>(numerator(largest)), static_cast<std::uint64_t>(denominator(largest)), count},
            {}};
}

Question relative_error_question(const Format& f) {
    const std::uint64_t denominator = (std::uint64_t{1} << f.precision) + 1;
    const auto show = [](const Codes& codes) {
        return fmt::format("{}/{}, {} times", codes.at(0), codes.at(1), codes.at(2));
    };
    const Codes codes = {1, denominator, 2 * static_cast<std::uint64_t>(f.bias)};
    return {
        .text = fmt::format("{}: the largest relative error to nearest, from the smallest normal number to the "
                            "largest",
                            short_name(f)),
        .claim = fmt::format("u / (1 + u) = 1/{}, less than u = 2^{}: attained at 1 + u, {}, and once in each of {} "
                             "binades",
                             denominator, -f.precision, truth::to_text(1 + pow2(-f.precision)), 2 * f.bias),
        .predicted = show(codes),
        .codes = codes,
        .observe = [f, points = middles(f)](const Observer& observer) { return largest_error(observer, f, points); },
        .show = show};
}

/// significand * 10^exponent, and its nearest binary32 code.
struct Decimal {
    Rational value, unit;
    std::uint64_t code;

    Decimal(std::uint64_t significand, const Rational& power)
        : value(significand * power), unit(power), code(code_of(binary32, rounded(binary32, value))) {}
};
using Decimals = std::vector<Decimal>;

std::uint64_t power10(int n) { return n == 0 ? 1 : 10 * power10(n - 1); }

/// The largest n with 10^n < 2^(precision - 1).
int decimal_digits(const Format& f) {
    int n = 0;
    while (power10(n + 1) < std::uint64_t{1} << f.fraction_bits()) ++n;
    return n;
}

/// All decimals of n digits among the format's normal numbers.
Decimals all_decimals(const Format& f, int n) {
    const Rational smallest = pow2(1 - f.bias), largest = value_of(f, f.max_code());
    Rational power = 1;
    while (power10(n) * power > smallest) power /= 10;
    Decimals decimals;
    for (; power <= largest; power *= 10)
        for (std::uint64_t significand = power10(n - 1); significand < power10(n); ++significand) {
            const Rational value = significand * power;
            if (smallest <= value && value <= largest) decimals.emplace_back(significand, power);
        }
    return decimals;
}

Decimals integers(int digits) {
    Decimals decimals;
    for (std::uint64_t i = power10(digits - 1); i < power10(digits); ++i) decimals.emplace_back(i, 1);
    return decimals;
}

/// The position of the first decimal that is not the nearest one of as many digits to what the observer makes of it; the
/// number of decimals if there is none.
Answer first_lost(const Observer& observer, const Format& f, const Decimals& decimals) {
    Codes codes;
    for (const Decimal& decimal : decimals) codes.push_back(decimal.code);
    const Answer narrow = observer.convert(binary32, f, codes);
    if (!narrow.unavailable.empty()) return narrow;
    std::size_t i = 0;
    for (; i < decimals.size(); ++i) {
        const Rational back = truth::value(f, narrow.codes.at(i)).value_or(Rational{0});
        if (2 * abs(back - decimals[i].value) >= decimals[i].unit) break;
    }
    return {{i}, {}};
}

Question digits_question(const Format& f) {
    const int n = decimal_digits(f);
    const std::uint64_t lost = (std::uint64_t{1} << f.precision) + 1;
    const auto show = [](const Codes& codes) {
        return fmt::format("all {} come back; {} is the first integer that does not", codes.at(0), codes.at(1));
    };
    const Decimals decimals = all_decimals(f, n), longer = integers(n + 1);
    const Codes codes = {decimals.size(), lost};
    return {.text = fmt::format("{}: the decimals of {} digits that come back, and the first of {} digits that is lost",
                                short_name(f), n, n + 1),
            .claim = fmt::format("floor((p - 1) log10 2) = {} digits always do, as 10^{} < 2^{} (Matula 1968); "
                                 "-log10 u = {:.3f} digits is no number of digits that come back",
                                 n, n, f.fraction_bits(), f.precision * std::log10(2.0)),
            .predicted = show(codes),
            .codes = codes,
            .observe =
                [f, n, decimals, longer](const Observer& observer) {
                    Answer all = first_lost(observer, f, decimals);
                    if (!all.unavailable.empty()) return all;
                    const Answer first = first_lost(observer, f, longer);
                    all.codes.push_back(power10(n) + first.codes[0]);
                    return all;
                },
            .show = show};
}

}  // namespace

std::vector<Question> precision_questions(const Format& f) {
    return {count_question(f), relative_error_question(f), digits_question(f)};
}

}  // namespace halfulp
