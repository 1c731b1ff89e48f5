#include <halfulp/lib/matrix_unit/family/terms.h>

#include <bit>

namespace halfulp {

int fraction_bits_of_products(const MmaSpec& spec) {
    const int of_elements = operand_format(spec, spec.a).fraction_bits() + operand_format(spec, spec.b).fraction_bits();
    return of_elements + (spec.scaling ? 2 * spec.scaling->format.fraction_bits() : 0);
}

/// Above its exponent a product has a bit, and one more for each two factors.
bool fits_64_bits(const MmaSpec& spec) {
    const int above = spec.scaling ? 4 : 2, sign = 1;
    const int more = static_cast<int>(std::bit_width(static_cast<unsigned>(spec.group))) + sign;
    return fraction_bits_of_products(spec) + above < 64 && spec.fraction_bits <= 64 - above - more;
}

}  // namespace halfulp
