#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "support/unit_on_rationals.hpp"

// What the families of matrix units do, on exact rationals: values, floors and truncations of quotients where the code
// under test aligns integers. It shares the rows of the table, and no computation.

namespace halfulp::test {

class MmaByRationals : UnitOnRationals {
  public:
    explicit MmaByRationals(const MmaSpec& spec) : UnitOnRationals(spec) {}

    /// The code of the result. Pre: all operands are finite. Throws Overflowed where an intermediate result is not.
    std::uint64_t dot(const MmaOperands& x) const {
        if (s_.family == Family::Integers) return integers(x);
        std::uint64_t d = code(flushed(out(), number(x.c)));
        const auto step = static_cast<std::size_t>(s_.order == KOrder::Ascending ? s_.group : 2 * s_.group);
        for (std::size_t first = 0; first < x.a.size(); first += step) {
            const std::size_t end = std::min(first + step, x.a.size());
            std::vector<std::vector<std::size_t>> groups(1);
            for (std::size_t k = first; k < end; ++k) groups[0].push_back(k);
            if (s_.order == KOrder::AlternatePairs) groups = alternating(groups[0]);
            if (s_.order == KOrder::OddFirst) groups = odd_first(groups[0]);
            std::optional<std::uint64_t> sum;
            if (!s_.c_last) sum = d;
            for (const auto& group : groups)
                if (!group.empty()) sum = block(x, group, sum);
            d = s_.c_last ? code(add(number(d), number(*sum), Rounding::NearestEven)) : *sum;
        }
        return d;
    }

  private:
    static std::vector<Indices> alternating(const Indices& all) {
        std::vector<Indices> halves(2);
        for (const std::size_t k : all) halves[k % 4 < 2 ? 0 : 1].push_back(k);
        return halves;
    }
    static std::vector<Indices> odd_first(const Indices& all) {
        std::vector<Indices> single(all.size());
        for (std::size_t i = 0; i < all.size(); ++i) single[all.size() - 1 - i] = {all[i]};
        return single;
    }

    std::uint64_t block(const MmaOperands& x, const Indices& group, const Running& d) const {
        switch (s_.family) {
            case Family::AlignedSum: return aligned(scaled_products(x, group), d);
            case Family::ScaledGroups: return aligned(sums_of_16(x, group), d);
            case Family::ExactSum: return exact(x, group, d);
            case Family::RoundedTree: return tree(x, group, *d);
            case Family::TwoChains: return chains(x, group, *d);
            case Family::FlooredSum:
            case Family::FlooredHalves: return floors(products(x, group), *d);
            case Family::Integers: break;
        }
        return 0;
    }

    std::vector<Term> scaled_products(const MmaOperands& x, const Indices& group) const {
        std::vector<Term> terms = products(x, group);
        for (std::size_t i = 0; s_.scaling && i < terms.size(); ++i) {
            terms[i].number = times(terms[i].number, scale(x, group[i]));
            if (terms[i].exponent) *terms[i].exponent += scale_exponent(x, group[i]);
        }
        return terms;
    }

    std::vector<Term> sums_of_16(const MmaOperands& x, const Indices& group) const {
        std::vector<Term> terms;
        for (std::size_t i = 0; i < group.size(); i += 16) {
            const Indices part(group.begin() + static_cast<std::ptrdiff_t>(i),
                               group.begin() + static_cast<std::ptrdiff_t>(std::min(i + 16, group.size())));
            const std::vector<Term> inner = products(x, part);
            const Number by = scale(x, part[0]);
            Term term{times(sum(numbers(inner)), by), {}};
            if (largest(inner) && !by.is_zero()) term.exponent = scale_exponent(x, part[0]);
            terms.push_back(term);
        }
        return terms;
    }

    std::uint64_t aligned(std::vector<Term> terms, const Running& d) const {
        terms.push_back(c_term(d));
        const int top = std::max(s_.exponent_floor, largest(terms).value_or(s_.exponent_floor));
        const Number whole = sum(numbers(terms));
        Rational total = 0;
        for (const Term& t : terms) total += cut(t.number.value, pow2(top - s_.fraction_bits));
        const bool zeros = std::all_of(terms.begin(), terms.end(), [](const Term& t) { return t.number.is_zero(); });
        return code(rounded({total, total < 0 || (zeros && whole.negative)}, s_.rounding));
    }

    std::uint64_t exact(const MmaOperands& x, const Indices& group, const Running& d) const {
        std::vector<Number> terms = numbers(products(x, group));
        if (d) terms.push_back(number(*d));
        return code(rounded(sum(terms), s_.rounding));
    }

    std::uint64_t tree(const MmaOperands& x, const Indices& group, std::uint64_t d) const {
        std::vector<Number> level;
        for (const Term& p : products(x, group)) level.push_back(rounded(p.number, s_.rounding));
        while (level.size() > 1) {
            std::vector<Number> next;
            for (std::size_t i = 0; i < level.size(); i += 2)
                next.push_back(i + 1 < level.size() ? add(level[i], level[i + 1], s_.rounding) : level[i]);
            level = next;
        }
        return code(add(number(d), level[0], s_.rounding));
    }

    std::uint64_t chains(const MmaOperands& x, const Indices& group, std::uint64_t d) const {
        Number even{0}, odd{0};
        for (std::size_t i = 0; i < group.size(); ++i) {
            Number& chain = i % 2 == 0 ? even : odd;
            chain = rounded(sum({product(x, group[i]).number, chain}), s_.rounding);
        }
        return code(add(number(d), add(even, odd, s_.rounding), s_.rounding));
    }

    std::uint64_t floors(const std::vector<Term>& terms, std::uint64_t d) const {
        const int f = s_.fraction_bits, f2 = 31;
        for (const Term& t : terms)
            if (abs(t.number.value) >= pow2(128)) throw Overflowed{};
        std::vector<std::vector<Term>> parts(2);
        for (std::size_t i = 0; i < terms.size(); ++i)
            parts[s_.family == Family::FlooredHalves ? i % 2 : 0].push_back(terms[i]);
        const auto dot = largest(terms);
        Rational total = 0;
        for (const auto& part : parts) {
            if (!largest(part)) continue;
            Rational partial = 0;
            for (const Term& t : part) partial += cut(t.number.value, pow2(*largest(part) - f));
            total += floored(partial, pow2(*dot - f));
        }
        const Number c = number(d);
        const int e_c = c.is_zero() ? 1 - out().bias : exponent(out(), c.value), e = std::max(dot.value_or(e_c), e_c);
        const bool dropped = s_.family == Family::FlooredHalves && e_c < e - f - 1;
        total = floored(total, pow2(e - f2 - 1)) + (dropped ? Rational{0} : floored(c.value, pow2(e - f)));
        if (total == 0) return 0;
        return code(rounded({floored(total, pow2(exponent(out(), total) - f2)), total < 0}, s_.rounding));
    }

    std::uint64_t integers(const MmaOperands& x) const {
        const auto value = [](const IntegerType& type, std::uint64_t c) {
            const Integer wide = c;
            return type.is_signed && (c >> (type.width - 1)) != 0 ? Integer{wide - (Integer{1} << type.width)} : wide;
        };
        const Integer modulus = Integer{1} << 32, greatest = (Integer{1} << 31) - 1, least = -greatest - 1;
        Integer total = value(*s_.accumulator.integer, x.c);
        for (std::size_t k = 0; k < x.a.size(); ++k) {
            total += value(*s_.a.integer, x.a[k]) * value(*s_.b.integer, x.b[k]);
            const bool ends = (k + 1) % static_cast<std::size_t>(s_.group) == 0 || k + 1 == x.a.size();
            if (s_.saturates && ends) total = std::clamp(total, least, greatest);
        }
        return static_cast<std::uint64_t>(Integer{((total % modulus) + modulus) % modulus});
    }
};

}  // namespace halfulp::test
