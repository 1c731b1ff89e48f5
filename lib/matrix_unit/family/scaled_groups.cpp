#include <algorithm>

#include <halfulp/lib/matrix_unit/family/terms.h>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/decode.hpp>

namespace halfulp {
namespace {

using Addend = Term<u128>;

constexpr std::size_t summed_exactly = 16;

/// The exact sum of some products times their scales. Its exponent is that of the scales alone, even where the products
/// cancel; it has none where all products or a scale are zero.
Addend scaled_sum(const MmaSpec& spec, std::span<const Addend> products, const Exact& scale) {
    const int least =
        spec.a.format.emin() - spec.a.format.fraction_bits() + spec.b.format.emin() - spec.b.format.fraction_bits();
    const Exact sum = signed_sum(cut_sum(products, least), least, products);
    Addend group(mul(sum, scale));
    if (scale.kind == Kind::Finite && largest_exponent(products) != Addend::no_exponent)
        group.exponent = scale.exp + 2 * spec.scaling->format.fraction_bits();
    return group;
}

}  // namespace

// MMA-Sim's GST-FDPA (algorithm 9). Pre: the elements have neither infinity nor NaN.
std::uint64_t scaled_groups(const MmaSpec& spec, const Group& group, const Running& d) {
    const auto block = static_cast<std::size_t>(spec.scaling->block);
    const Format& scale_format = spec.scaling->format;
    MmaSpec unscaled = spec;
    unscaled.scaling.reset();
    TermRoom<u128> room;
    const auto products = products_of(unscaled, group, room);
    std::vector<Addend> terms;
    for (std::size_t i = 0; i < products.size(); i += summed_exactly) {
        const Exact scale =
            mul(decode(scale_format, group.a.scales[i / block]), decode(scale_format, group.b.scales[i / block]));
        const std::size_t count = std::min(summed_exactly, products.size() - i);
        terms.push_back(scaled_sum(spec, std::span<const Addend>(products).subspan(i, count), scale));
    }
    terms.push_back(running_term<u128>(spec, d));
    return cut_and_round<u128>(spec, terms);
}

}  // namespace halfulp
