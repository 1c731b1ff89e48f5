#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/exercise/range_epsilon/parts.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/parse.hpp>

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

// Between neighbours a < b the error of nearest, relative to x, is 1 - a/x below the middle and b/x - 1 above: it grows
// to the middle and falls from there. So the largest of all is that of a middle.

/// The middles of all neighbours among the normal numbers. In binary32 these lie 2^(24 - precision) codes apart.
Codes middles(const Format& f) {
    const std::uint64_t step = std::uint64_t{1} << (binary32.precision - f.precision);
    const std::uint64_t last = code_of(binary32, value_of(f, f.max_code()));
    Codes codes;
    for (std::uint64_t code = code_of(binary32, pow2(1 - f.bias)); code < last; code += step)
        codes.push_back(code + step / 2);
    return codes;
}

/// |y - x| / x of positive binary32 codes, where y is in x's binade or ends it: there numbers are as far apart as codes.
/// Anywhere else 1, which is no error of nearest.
Rational relative_error(std::uint64_t x, std::uint64_t y) {
    const std::uint64_t one = std::uint64_t{1} << binary32.fraction_bits(), fraction = x % one;
    const std::uint64_t binade = x - fraction;
    if (y < binade || y > binade + one) return 1;
    return Rational{y < x ? x - y : y - x, one + fraction};
}

/// The largest relative error, as numerator and denominator, and how many middles have it.
Answer largest_error(const Observer& observer, const Format& f, const Codes& points) {
    const Answer narrow = observer.convert(binary32, f, points);
    if (!narrow.unavailable.empty()) return narrow;
    const Answer widened = observer.convert(f, binary32, narrow.codes);
    if (!widened.unavailable.empty()) return widened;
    Rational largest = 0;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Rational error = relative_error(points[i], widened.codes.at(i));
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
    const Rational attained_at = 1 + pow2(-f.precision);
    return {
        .text = fmt::format("{}: the largest relative error to nearest, from the smallest normal number to the "
                            "largest",
                            short_name(f)),
        .claim = fmt::format("u / (1 + u) = 1/{}, less than u = 2^{}: attained at 1 + u, {}, and once in each of {} "
                             "binades",
                             denominator, -f.precision, truth::to_text(attained_at), 2 * f.bias),
        .predicted = show(codes),
        .codes = codes,
        .observe = [f, points = middles(f)](const Observer& observer) { return largest_error(observer, f, points); },
        .show = show,
        .facts = {error_fact(rounded(f, attained_at), attained_at, attained_at)}};
}

/// A decimal, the unit of its last digit, and its nearest binary32 code, by which observers are asked.
struct Sample {
    Rational value, unit;
    std::uint64_t code;
};
using Samples = std::vector<Sample>;

std::uint64_t power10(int n) { return n == 0 ? 1 : 10 * power10(n - 1); }

/// All decimals of n digits with the last digit at 10^exponent.
Samples decimals(int n, int exponent) {
    const Rational unit = exponent < 0 ? Rational{1} / pow(truth::Integer{10}, static_cast<unsigned>(-exponent))
                                       : Rational{pow(truth::Integer{10}, static_cast<unsigned>(exponent))};
    Samples samples;
    for (std::uint64_t digits = power10(n - 1); digits < power10(n); ++digits)
        samples.push_back({digits * unit, unit, parse(binary32, fmt::format("{}e{}", digits, exponent)).value->code});
    return samples;
}

/// Those among the format's normal numbers.
Samples normal_decimals(const Format& f, int n) {
    const Rational smallest = pow2(1 - f.bias), largest = value_of(f, f.max_code());
    const int decades = static_cast<int>(f.bias * std::log10(2.0)) + 1;
    Samples samples;
    for (int exponent = -decades - n; exponent <= decades; ++exponent)
        for (Sample& sample : decimals(n, exponent))
            if (smallest <= sample.value && sample.value <= largest) samples.push_back(std::move(sample));
    return samples;
}

/// The largest n with 10^n < 2^(precision - 1).
int decimal_digits(const Format& f) {
    int n = 0;
    while (power10(n + 1) < std::uint64_t{1} << f.fraction_bits()) ++n;
    return n;
}

/// The position of the first decimal that is not the nearest one of as many digits to what the observer makes of it; the
/// number of decimals if there is none.
Answer first_lost(const Observer& observer, const Format& f, const Samples& samples) {
    Codes codes;
    for (const Sample& sample : samples) codes.push_back(sample.code);
    const Answer narrow = observer.convert(binary32, f, codes);
    if (!narrow.unavailable.empty()) return narrow;
    std::size_t i = 0;
    for (; i < samples.size(); ++i) {
        const Rational back = truth::value(f, narrow.codes.at(i)).value_or(Rational{0});
        if (2 * abs(back - samples[i].value) >= samples[i].unit) break;
    }
    return {{i}, {}};
}

Question digits_question(const Format& f) {
    const int n = decimal_digits(f);
    const std::uint64_t lost = (std::uint64_t{1} << f.precision) + 1;
    const auto show = [](const Codes& codes) {
        return fmt::format("all {} come back; {} is the first integer that does not", codes.at(0), codes.at(1));
    };
    const Samples all = normal_decimals(f, n), longer = decimals(n + 1, 0);
    const Codes codes = {all.size(), lost};
    return {.text = fmt::format("{}: the decimals of {} digits that come back, and the first of {} digits that is lost",
                                short_name(f), n, n + 1),
            .claim = fmt::format("floor((p - 1) log10 2) = {} digits always do, as 10^{} < 2^{} (Matula 1968); "
                                 "\"{:.1f} digits\" is -log10 u = {:.3f}, a measure of u",
                                 n, n, f.fraction_bits(), f.precision * std::log10(2.0), f.precision * std::log10(2.0)),
            .predicted = show(codes),
            .codes = codes,
            .observe =
                [=](const Observer& observer) {
                    Answer answer = first_lost(observer, f, all);
                    if (!answer.unavailable.empty()) return answer;
                    answer.codes.push_back(power10(n) + first_lost(observer, f, longer).codes[0]);
                    return answer;
                },
            .show = show,
            .facts = {error_fact(rounded(f, lost), lost, rounded(binary32, lost))}};
}

}  // namespace

std::vector<Question> precision_questions(const Format& f) {
    return {count_question(f), relative_error_question(f), digits_question(f)};
}

}  // namespace halfulp
