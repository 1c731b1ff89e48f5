#include <algorithm>
#include <array>

#include <halfulp/lib/matrix_unit/family/terms.hpp>

namespace halfulp {
namespace {

/// Bits of the sum with c that survive below its own leading bit: seven more than of the products.
constexpr int more_bits = 7;

/// floor(x / 2^drop). Pre: it fits.
i128 floored(i128 x, int drop) { return drop <= 0 ? x << -drop : x >> std::min(drop, 127); }

/// Products beyond the range of binary32 are infinite.
void overflow(std::span<Term> products, int emax) {
    for (Term& term : products)
        if (term.value.kind == Kind::Finite && term.value.top() > emax) term.value = Exact::inf(term.value.negative);
}

/// The products' sum in units of 2^(exponent - fraction bits): each part cut off below its own largest exponent, then
/// floored there.
i128 sum_of_parts(std::span<const std::vector<Term>> parts, int exponent, int fraction_bits) {
    i128 sum = 0;
    for (const std::vector<Term>& part : parts) {
        const int own = largest_exponent(part);
        if (own != Term::no_exponent) sum += floored(cut_sum(part, own - fraction_bits), exponent - own);
    }
    return sum;
}

}  // namespace

// CDNA3: MMA-Sim's TR-FDPA and GTR-FDPA (algorithms 10 and 11), with the two floors of its code where the paper's line 14
// has one. Floors are towards minus infinity.
std::uint64_t floored_sum(const MmaSpec& spec, const Group& group, const Running& d) {
    const Format& accumulator = spec.accumulator.format;
    const bool halves = spec.family == Family::FlooredHalves;
    TermRoom room;
    std::pmr::vector<Term> terms = products_of(spec, group, room);
    overflow(terms, accumulator.emax());
    std::array<std::vector<Term>, 2> parts;
    for (std::size_t i = 0; i < terms.size(); ++i) parts[halves ? i % 2 : 0].push_back(terms[i]);

    Term c = term_of(accumulator, d.value_or(0));
    const int dot = largest_exponent(terms), common = std::max(dot, c.exponent);
    // Hardware reads the exponent of infinity and NaN as -1, and drops a c that lies far below.
    const int c_exponent = c.value.kind == Kind::Inf || c.value.kind == Kind::NaN ? -1 : c.exponent;
    if (halves && !c.value.is_zero() && c_exponent < std::max(dot, c_exponent) - spec.fraction_bits - 1) c = {};
    terms.push_back(c);
    const Exact special = special_sum(terms);
    if (!special.is_zero()) return to_accumulator(spec, special);
    if (common == Term::no_exponent) return to_accumulator(spec, signed_sum(0, 0, terms));

    const int last = common - spec.fraction_bits - more_bits - 1;
    i128 sum = dot == Term::no_exponent
                   ? 0
                   : floored(sum_of_parts(parts, dot, spec.fraction_bits), last - (dot - spec.fraction_bits));
    if (c.value.kind == Kind::Finite) {
        const i128 sig = static_cast<i128>(c.value.sig), value = c.value.negative ? -sig : sig;
        sum += floored(value, common - spec.fraction_bits - c.value.exp) << (more_bits + 1);
    }
    const Exact whole = signed_sum(sum, last, terms);
    if (whole.is_zero()) return to_accumulator(spec, whole);
    const int kept = std::max(whole.top(), accumulator.emin()) - spec.fraction_bits - more_bits;
    return to_accumulator(spec, signed_sum(floored(sum, kept - last), kept, terms));
}

}  // namespace halfulp
