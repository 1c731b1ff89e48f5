#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <memory_resource>
#include <span>
#include <type_traits>
#include <vector>

#include <halfulp/lib/matrix_unit/family/family.h>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/decode.hpp>

// What the families that align have in common. Significands are words of type W: u128, which takes the products of any
// two formats, or 64 bits, where a row's products and their sums fit.

namespace halfulp {

__extension__ typedef __int128 i128;

/// An integer as wide as a word, with a sign: sums of terms that are cut off.
template <class W>
using Sum = std::conditional_t<sizeof(W) == sizeof(u128), i128, std::int64_t>;

/// An addend, (-1)^negative * sig * 2^exp where it is finite, with the exponent that hardware aligns by: that of its
/// fields, not of its leading bit. A product is in [0, 4) times 2^exponent, and a subnormal number has its format's
/// smallest exponent.
template <class W>
struct Term {
    static constexpr int no_exponent = std::numeric_limits<int>::min();

    Kind kind = Kind::Zero;
    bool negative = false;
    int exp = 0;
    int exponent = no_exponent;  ///< zeros have none
    W sig = 0;

    Term() = default;
    Term(bool is_negative, int exp_of_last_bit, W significand, int fraction_bits)
        : kind(Kind::Finite),
          negative(is_negative),
          exp(exp_of_last_bit),
          exponent(exp_of_last_bit + fraction_bits),
          sig(significand) {}
    explicit Term(const Exact& x) : kind(x.kind), negative(x.negative), exp(x.exp), sig(static_cast<W>(x.sig)) {}
    /// A number of a format, or a product, that has so many bits below its exponent.
    Term(const Exact& x, int fraction_bits) : Term(x) {
        if (kind == Kind::Finite) exponent = exp + fraction_bits;
    }

    Exact value() const { return {.kind = kind, .negative = negative, .exp = exp, .sig = sig}; }
    bool is_zero() const { return kind == Kind::Zero || kind == Kind::Cancelled; }
};

/// Bits of a product, times its scales if it has any, below its exponent.
int fraction_bits_of_products(const MmaSpec& spec);

/// Have 64 bits room for the row's products and, cut off below its fraction bits, for the sum of a group and c?
bool fits_64_bits(const MmaSpec& spec);

/// Where the terms of a sum lie, those of a group and the running value: on the stack.
template <class W>
class TermRoom {
  public:
    std::pmr::memory_resource* resource() { return &resource_; }

  private:
    alignas(Term<W>) std::array<std::byte, (largest_group + 1) * sizeof(Term<W>)> bytes_;
    std::pmr::monotonic_buffer_resource resource_{bytes_.data(), bytes_.size()};
};

/// Pre: W holds it, if it is finite.
template <class W>
Term<W> product(const Factor& x, const Factor& y, int fraction_bits) {
    if (x.kind == Kind::Finite && y.kind == Kind::Finite)
        return {x.negative != y.negative, x.exp + y.exp, static_cast<W>(x.sig) * y.sig, fraction_bits};
    return {mul(x.value(), y.value()), fraction_bits};
}

/// The products of a group, scaled where the row scales, with room for one term more.
template <class W>
std::pmr::vector<Term<W>> products_of(const MmaSpec& spec, const Group& group, TermRoom<W>& room) {
    const auto scale = [&](std::size_t i) {
        const std::size_t block = i / static_cast<std::size_t>(spec.scaling->block);
        return mul(decode(spec.scaling->format, group.a.scales[block]),
                   decode(spec.scaling->format, group.b.scales[block]));
    };
    const int fraction_bits = fraction_bits_of_products(spec);
    std::pmr::vector<Term<W>> terms(room.resource());
    terms.reserve(group.a.numbers.size() + 1);
    for (std::size_t i = 0; i < group.a.numbers.size(); ++i) {
        Term<W>& term = terms.emplace_back(product<W>(group.a.numbers[i], group.b.numbers[i], fraction_bits));
        if (spec.scaling) term = {mul(term.value(), scale(i)), fraction_bits};
    }
    return terms;
}

/// The running value.
template <class W>
Term<W> running_term(const MmaSpec& spec, const Running& d) {
    const Format& accumulator = spec.accumulator.format;
    return {decode(accumulator, d.value_or(0)), accumulator.fraction_bits()};
}

template <class W>
int largest_exponent(std::span<const Term<W>> terms) {
    int largest = Term<W>::no_exponent;
    for (const Term<W>& term : terms) largest = std::max(largest, term.exponent);
    return largest;
}

/// The special result of a sum, or zero if all terms are finite: NaN for any NaN, for inf * 0 and for inf - inf.
template <class W>
Exact special_sum(std::span<const Term<W>> terms) {
    Exact sum = Exact::zero(false);
    for (const Term<W>& term : terms)
        if (term.kind == Kind::NaN || term.kind == Kind::Inf) sum = add(sum, term.value()).value;
    return sum;
}

/// The sum of finite terms in units of 2^last, each cut off towards zero there. Pre: it fits, and no significand has the
/// words' top bit.
template <class W>
Sum<W> cut_sum(std::span<const Term<W>> terms, int last) {
    // Without branches, which no processor foresees.
    constexpr int most = 8 * sizeof(W) - 1;
    Sum<W> sum = 0;
    for (const Term<W>& term : terms) {
        if (term.kind != Kind::Finite) continue;
        const int drop = last - term.exp;
        const W kept = (term.sig << std::max(-drop, 0)) >> std::clamp(drop, 0, most);
        const Sum<W> sign = term.negative ? -1 : 0;
        sum += (static_cast<Sum<W>>(kept) ^ sign) - sign;
    }
    return sum;
}

/// sum * 2^last; a zero has the sign of the terms if all of them are zeros of one sign, else +.
template <class W>
Exact signed_sum(Sum<W> sum, int last, std::span<const Term<W>> terms) {
    if (sum != 0) return Exact::finite(sum < 0, last, static_cast<W>(sum < 0 ? -sum : sum));
    const auto is_minus_zero = [](const Term<W>& term) { return term.is_zero() && term.negative; };
    return Exact::zero(std::all_of(terms.begin(), terms.end(), is_minus_zero));
}

/// All terms aligned to the largest exponent, which is the row's floor at least, cut off below its fraction bits,
/// summed and left in the accumulator.
template <class W>
std::uint64_t cut_and_round(const MmaSpec& spec, std::span<const Term<W>> terms) {
    const Exact special = special_sum(terms);
    if (!special.is_zero()) return to_accumulator(spec, special);
    const int last = std::max(spec.exponent_floor, largest_exponent(terms)) - spec.fraction_bits;
    return to_accumulator(spec, signed_sum(cut_sum(terms, last), last, terms));
}

}  // namespace halfulp
