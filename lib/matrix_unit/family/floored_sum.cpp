#include <algorithm>
#include <array>

#include <halfulp/lib/matrix_unit/family/terms.h>

namespace halfulp {
namespace {

using Addend = Term<u128>;
using Addends = std::span<const Addend>;

/// Bits of the sum with c that survive below its own leading bit: seven more than of the products.
constexpr int more_bits = 7;

/// floor(x / 2^drop). Pre: it fits.
i128 floored(i128 x, int drop) { return drop <= 0 ? x << -drop : x >> std::min(drop, 127); }

/// Products beyond the range of binary32 are infinite.
void overflow(std::span<Addend> products, int emax) {
    for (Addend& x : products)
        if (x.kind == Kind::Finite && x.value().top() > emax) x.kind = Kind::Inf;
}

/// The products' sum in units of 2^(exponent - fraction bits): each part cut off below its own largest exponent, then
/// floored there.
i128 sum_of_parts(std::span<const std::vector<Addend>> parts, int exponent, int fraction_bits) {
    i128 sum = 0;
    for (const Addends part : parts) {
        const int own = largest_exponent(part);
        if (own != Addend::no_exponent) sum += floored(cut_sum(part, own - fraction_bits), exponent - own);
    }
    return sum;
}

}  // namespace

// CDNA3: MMA-Sim's TR-FDPA and GTR-FDPA (algorithms 10 and 11), with the two floors of its code where the paper's line 14
// has one. Floors are towards minus infinity.
std::uint64_t floored_sum(const MmaSpec& spec, const Group& group, const Running& d) {
    const Format& accumulator = spec.accumulator.format;
    const bool halves = spec.family == Family::FlooredHalves;
    TermRoom<u128> room;
    auto terms = products_of(spec, group, room);
    overflow(terms, accumulator.emax());
    std::array<std::vector<Addend>, 2> parts;
    for (std::size_t i = 0; i < terms.size(); ++i) parts[halves ? i % 2 : 0].push_back(terms[i]);

    Addend c = running_term<u128>(spec, d);
    const int dot = largest_exponent(Addends(terms)), common = std::max(dot, c.exponent);
    // Hardware reads the exponent of infinity and NaN as -1, and drops a c that lies far below.
    const int c_exponent = c.kind == Kind::Inf || c.kind == Kind::NaN ? -1 : c.exponent;
    if (halves && !c.is_zero() && c_exponent < std::max(dot, c_exponent) - spec.fraction_bits - 1) c = {};
    terms.push_back(c);
    const Addends all = terms;
    const Exact special = special_sum(all);
    if (!special.is_zero()) return to_accumulator(spec, special);
    if (common == Addend::no_exponent) return to_accumulator(spec, signed_sum(0, 0, all));

    const int last = common - spec.fraction_bits - more_bits - 1;
    i128 sum = dot == Addend::no_exponent
                   ? 0
                   : floored(sum_of_parts(parts, dot, spec.fraction_bits), last - (dot - spec.fraction_bits));
    if (c.kind == Kind::Finite) {
        const i128 sig = static_cast<i128>(c.sig), value = c.negative ? -sig : sig;
        sum += floored(value, common - spec.fraction_bits - c.exp) << (more_bits + 1);
    }
    const Exact whole = signed_sum(sum, last, all);
    if (whole.is_zero()) return to_accumulator(spec, whole);
    const int kept = std::max(whole.top(), accumulator.emin()) - spec.fraction_bits - more_bits;
    return to_accumulator(spec, signed_sum(floored(sum, kept - last), kept, all));
}

}  // namespace halfulp
