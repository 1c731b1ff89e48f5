#pragma once

#include <algorithm>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <optional>
#include <vector>

// What a matrix unit makes of operands and single results, on exact rationals: products with the exponents that they are
// aligned by, sums, floors, roundings. mma_by_rationals.hpp has the families.

namespace halfulp::test {

using truth::Integer;
using truth::pow2;
using truth::Rational;

/// A finite number, whose zeros have signs.
struct Number {
    Rational value;
    bool negative = false;

    bool is_zero() const { return value == 0; }
};

/// Something became infinite on the way.
struct Overflowed {};

class UnitOnRationals {
  protected:
    using Indices = std::vector<std::size_t>;
    using Running = std::optional<std::uint64_t>;

    explicit UnitOnRationals(const MmaSpec& spec) : s_(spec) {}

    const Format& out() const { return s_.accumulator.format; }
    const Format& as(const Element& element) const { return s_.multiplied ? *s_.multiplied : element.format; }

    static Number read(const Format& f, std::uint64_t c) { return {*truth::value(f, c), (c & f.sign_bit()) != 0}; }
    Number number(std::uint64_t c) const { return read(out(), c); }

    /// An operand as the unit sees it.
    Number operand(const Element& element, std::uint64_t c) const {
        return flushed(as(element), read(element.format, c));
    }
    Number flushed(const Format& f, const Number& x) const {
        if (s_.subnormals == Subnormals::Kept || abs(x.value) >= pow2(1 - f.bias)) return x;
        return {0, s_.subnormals == Subnormals::Flushed && x.negative};
    }

    Env env(Rounding rounding) const {
        return {.rounding = rounding,
                .overflow = Overflow::ToInfinity,
                .flush_outputs = s_.subnormals == Subnormals::Kept ? Flush::Never : Flush::AfterRounding};
    }

    /// A result in the accumulator, as a number again.
    Number rounded(const Number& x, Rounding rounding) const {
        if (x.is_zero()) return {x.value, x.negative && s_.zero_sign != ZeroSign::PositiveSum};
        const std::uint64_t c = truth::round(s_.kept, x.value, env(rounding)).code;
        const auto value = truth::value(s_.kept, c);
        if (!value) throw Overflowed{};
        return {*value, x.negative};
    }
    std::uint64_t code(const Number& x) const {
        const bool negative = x.negative && !(x.is_zero() && s_.zero_sign == ZeroSign::PositiveZero);
        return (*truth::encode(out(), abs(x.value))) | (negative ? out().sign_bit() : 0);
    }

    static Number times(const Number& x, const Number& y) { return {x.value * y.value, x.negative != y.negative}; }
    /// An exact sum: a zero is negative if all terms are negative zeros.
    static Number sum(const std::vector<Number>& terms) {
        Rational total = 0;
        bool minus_zero = true;
        for (const Number& t : terms) {
            total += t.value;
            minus_zero = minus_zero && t.is_zero() && t.negative;
        }
        return {total, total < 0 || (total == 0 && minus_zero)};
    }
    Number add(const Number& x, const Number& y, Rounding rounding) const { return rounded(sum({x, y}), rounding); }

    /// The exponent that a number is aligned by.
    static int exponent(const Format& f, const Rational& x) {
        const int least = f.has_subnormals ? 1 - f.bias : -f.bias;
        return std::max(truth::floor_log2(abs(x)), least);
    }
    static Rational cut(const Rational& x, const Rational& unit) {
        const Rational magnitude = unit * truth::floor(abs(x) / unit);
        return x < 0 ? Rational{-magnitude} : magnitude;
    }
    static Rational floored(const Rational& x, const Rational& unit) { return unit * truth::floor(x / unit); }

    struct Term {
        Number number;
        std::optional<int> exponent;
    };
    Term c_term(const Running& d) const {
        const Number c = number(d.value_or(0));
        return {c, c.is_zero() ? std::nullopt : std::optional(exponent(out(), c.value))};
    }

    Number scale(const MmaOperands& x, std::size_t k) const {
        const std::size_t at = k / static_cast<std::size_t>(s_.scaling->block);
        return times(read(s_.scaling->format, x.a_scales[at] & s_.scaling->format.code_mask()),
                     read(s_.scaling->format, x.b_scales[at] & s_.scaling->format.code_mask()));
    }
    int scale_exponent(const MmaOperands& x, std::size_t k) const {
        const std::size_t at = k / static_cast<std::size_t>(s_.scaling->block);
        const Format& f = s_.scaling->format;
        return exponent(f, *truth::value(f, x.a_scales[at] & f.code_mask())) +
               exponent(f, *truth::value(f, x.b_scales[at] & f.code_mask()));
    }

    Term product(const MmaOperands& x, std::size_t k) const {
        const Number a = operand(s_.a, x.a[k]), b = operand(s_.b, x.b[k]);
        Term term{times(a, b), {}};
        if (!term.number.is_zero()) term.exponent = exponent(as(s_.a), a.value) + exponent(as(s_.b), b.value);
        return term;
    }
    std::vector<Term> products(const MmaOperands& x, const Indices& group) const {
        std::vector<Term> terms(group.size());
        std::transform(group.begin(), group.end(), terms.begin(), [&](std::size_t k) { return product(x, k); });
        return terms;
    }
    static std::vector<Number> numbers(const std::vector<Term>& terms) {
        std::vector<Number> all(terms.size());
        std::transform(terms.begin(), terms.end(), all.begin(), [](const Term& t) { return t.number; });
        return all;
    }
    static std::optional<int> largest(const std::vector<Term>& terms) {
        std::optional<int> top;
        for (const Term& t : terms) top = std::max(top, t.exponent);  // nothing is less than any number
        return top;
    }

    const MmaSpec& s_;
};

}  // namespace halfulp::test
