#include <algorithm>

#include <halfulp/lib/matrix_unit/family/terms.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/decode.hpp>

namespace halfulp {
namespace {

constexpr std::size_t summed_exactly = 16;

/// The exact sum of some products times their scales. Its exponent is that of the scales alone, even where the products
/// cancel; it has none where all products or a scale are zero.
Term scaled_sum(const MmaSpec& spec, std::span<const Term> products, const Exact& scale) {
    const int least =
        spec.a.format.emin() - spec.a.format.fraction_bits() + spec.b.format.emin() - spec.b.format.fraction_bits();
    const Exact sum = signed_sum(cut_sum(products, least), least, products);
    if (scale.kind != Kind::Finite || largest_exponent(products) == Term::no_exponent) return {mul(sum, scale)};
    return {mul(sum, scale), scale.exp + 2 * spec.scaling->format.fraction_bits()};
}

}  // namespace

// MMA-Sim's GST-FDPA (algorithm 9). Pre: the elements have neither infinity nor NaN.
std::uint64_t scaled_groups(const MmaSpec& spec, const Group& group, const Running& d) {
    const auto block = static_cast<std::size_t>(spec.scaling->block);
    const Format& scale_format = spec.scaling->format;
    MmaSpec unscaled = spec;
    unscaled.scaling.reset();
    TermRoom room;
    const std::pmr::vector<Term> products = products_of(unscaled, group, room);
    std::vector<Term> terms;
    for (std::size_t i = 0; i < products.size(); i += summed_exactly) {
        const Exact scale =
            mul(decode(scale_format, group.a_scales[i / block]), decode(scale_format, group.b_scales[i / block]));
        const std::size_t count = std::min(summed_exactly, products.size() - i);
        terms.push_back(scaled_sum(spec, std::span(products).subspan(i, count), scale));
    }
    terms.push_back(term_of(spec.accumulator.format, d.value_or(0)));
    return cut_and_round(spec, terms);
}

}  // namespace halfulp
