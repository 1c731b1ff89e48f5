#include <halfulp/lib/condition/problems/cancelling.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include <halfulp/lib/condition/double_sum.h>
#include <halfulp/lib/condition/condition.hpp>
#include <halfulp/lib/condition/problems/draw.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::conditioning {
namespace {

/// Beyond the largest number that one: what it leaves over, the next terms take away.
double in_format(const Format& f, double x) {
    const std::uint64_t code =
        convert(f, binary64, std::bit_cast<std::uint64_t>(x), {.overflow = Overflow::Saturate}).code;
    return std::bit_cast<double>(convert(binary64, f, code).code);
}

/// Terms and the exact sum of their products so far.
struct Terms {
    std::vector<double> x, y;
    DoubleSum sum;

    void add(double a, double b) {
        x.push_back(a);
        y.push_back(b);
        sum.add(a, b);
    }
};

/// The first half draws from exponents up to `span`; the second takes away, term by term, what has come together down
/// to a part of ever smaller exponent.
Terms cancelling_terms(std::size_t n, int span, bool products, const Format& f, Draw& draw) {
    Terms terms;
    const std::size_t half = n / 2;
    const auto number = [&](int exponent) { return std::ldexp(draw.symmetric(), exponent); };
    for (std::size_t i = 0; i < half; ++i) {
        int exponent = static_cast<int>(std::lround(draw.uniform() * span));
        if (i == 0) exponent = span + 1;
        if (i == half - 1) exponent = 0;
        const double x = in_format(f, number(exponent));
        terms.add(x, products ? in_format(f, number(exponent)) : 1);
    }
    for (std::size_t i = half; i < n; ++i) {
        const double share = static_cast<double>(n - 1 - i) / static_cast<double>(n - 1 - half);
        const int exponent = static_cast<int>(std::lround(share * span));
        const double x = products ? in_format(f, number(exponent)) : 1;
        const double y = in_format(f, (number(exponent) - terms.sum.value()) / x);
        terms.add(products ? x : y, products ? y : 1);
    }
    return terms;
}

void shuffle(Terms& terms, Draw& draw) {
    for (std::size_t i = terms.x.size(); i > 1; --i) {
        const std::size_t j = draw.below(i);
        std::swap(terms.x[i - 1], terms.x[j]);
        std::swap(terms.y[i - 1], terms.y[j]);
    }
}

CancellingProblem problem(std::size_t n, double kappa, std::uint64_t seed, const Format& f, bool products) {
    if (n < 6) throw std::invalid_argument("expected at least 6 terms, found " + std::to_string(n));
    if (!(kappa >= 1 && std::isfinite(kappa)))
        throw std::invalid_argument("expected a finite condition number of at least 1, found " + std::to_string(kappa));
    const int span = static_cast<int>(std::lround(products ? std::log2(kappa) / 2 : std::log2(kappa)));
    if (span + 1 >= f.emax())
        throw std::invalid_argument("expected a condition number that the format has room for, found one of 2^" +
                                    std::to_string(span * (products ? 2 : 1)));
    Draw draw(seed);
    Terms terms = cancelling_terms(n, span, products, f, draw);
    shuffle(terms, draw);
    if (products) return {terms.x, terms.y, terms.sum.value(), of_dot(terms.x, terms.y)};
    return {terms.x, {}, terms.sum.value(), of_sum(terms.x)};
}

}  // namespace

CancellingProblem gen_dot(std::size_t n, double kappa, std::uint64_t seed, const Format& format) {
    return problem(n, kappa, seed, format, true);
}

CancellingProblem gen_sum(std::size_t n, double kappa, std::uint64_t seed, const Format& format) {
    return problem(n, kappa, seed, format, false);
}

}  // namespace halfulp::conditioning
