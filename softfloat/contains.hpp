#pragma once

#include <halfulp/softfloat/format.hpp>

namespace halfulp {

/// Is every finite number of `narrow` one of `wide`? Signs of zeros and NaNs are not asked about. Pre: both have subnormal
/// numbers.
constexpr bool contains(const Format& wide, const Format& narrow) {
    return narrow.precision <= wide.precision && narrow.emax() <= wide.emax() &&
           narrow.emin() - narrow.fraction_bits() >= wide.emin() - wide.fraction_bits();
}

}  // namespace halfulp
