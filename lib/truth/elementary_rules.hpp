#pragma once

#include <optional>

#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/softfloat/elementary.hpp>

namespace halfulp::truth {

/// The elementary functions where they are not a matter of approximation, as IEEE 754-2019, 9.2.1, words their special
/// cases, or by their limits where it does not list them; empty elsewhere. Shared with softfloat: the functions' names.
std::optional<Real> special_result(Elementary function, const Real& x);

}  // namespace halfulp::truth
