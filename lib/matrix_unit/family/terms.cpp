#include <halfulp/lib/matrix_unit/family/terms.hpp>

#include <algorithm>

#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp {
namespace {

Term with_exponent(const Exact& value, int fraction_bits) {
    return {value, value.kind == Kind::Finite ? value.exp + fraction_bits : Term::no_exponent};
}

}  // namespace

Term term_of(const Format& format, std::uint64_t code) {
    return with_exponent(decode(format, code), format.fraction_bits());
}

std::pmr::vector<Term> products_of(const MmaSpec& spec, const Group& group, TermRoom& room) {
    const Format &a = operand_format(spec, spec.a), &b = operand_format(spec, spec.b);
    const auto scale = [&](std::size_t i) {
        const std::size_t block = i / static_cast<std::size_t>(spec.scaling->block);
        return mul(decode(spec.scaling->format, group.a_scales[block]),
                   decode(spec.scaling->format, group.b_scales[block]));
    };
    int fraction_bits = a.fraction_bits() + b.fraction_bits();
    if (spec.scaling) fraction_bits += 2 * spec.scaling->format.fraction_bits();
    std::pmr::vector<Term> terms(room.resource());
    terms.reserve(group.a.size() + 1);
    for (std::size_t i = 0; i < group.a.size(); ++i) {
        Term& term = terms.emplace_back();
        term.value = mul(decode(a, group.a[i]), decode(b, group.b[i]));
        if (spec.scaling) term.value = mul(term.value, scale(i));
        if (term.value.kind == Kind::Finite) term.exponent = term.value.exp + fraction_bits;
    }
    return terms;
}

int largest_exponent(std::span<const Term> terms) {
    int largest = Term::no_exponent;
    for (const Term& term : terms) largest = std::max(largest, term.exponent);
    return largest;
}

Exact special_sum(std::span<const Term> terms) {
    Exact sum = Exact::zero(false);
    for (const Term& term : terms)
        if (term.value.kind == Kind::NaN || term.value.kind == Kind::Inf) sum = add(sum, term.value).value;
    return sum;
}

i128 cut_sum(std::span<const Term> terms, int last) {
    i128 sum = 0;
    for (const Term& term : terms) {
        if (term.value.kind != Kind::Finite) continue;
        const int drop = last - term.value.exp;
        const u128 kept = drop <= 0 ? term.value.sig << -drop : drop < 128 ? term.value.sig >> drop : 0;
        const i128 sign = term.value.negative ? -1 : 0;
        sum += (static_cast<i128>(kept) ^ sign) - sign;  // without a branch, which no processor foresees
    }
    return sum;
}

Exact signed_sum(i128 sum, int last, std::span<const Term> terms) {
    if (sum != 0) return Exact::finite(sum < 0, last, static_cast<u128>(sum < 0 ? -sum : sum));
    const auto is_minus_zero = [](const Term& term) { return term.value.is_zero() && term.value.negative; };
    return Exact::zero(std::all_of(terms.begin(), terms.end(), is_minus_zero));
}

std::uint64_t cut_and_round(const MmaSpec& spec, std::span<const Term> terms) {
    const Exact special = special_sum(terms);
    if (!special.is_zero()) return to_accumulator(spec, special);
    const int last = std::max(spec.exponent_floor, largest_exponent(terms)) - spec.fraction_bits;
    return to_accumulator(spec, signed_sum(cut_sum(terms, last), last, terms));
}

}  // namespace halfulp
