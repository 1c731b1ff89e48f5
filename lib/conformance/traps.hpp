#pragma once

#include <algorithm>
#include <array>

#include <halfulp/lib/conformance/traps/range.hpp>
#include <halfulp/lib/conformance/traps/rounding.hpp>
#include <halfulp/lib/conformance/traps/special.hpp>

// The discriminating set: for each common mistake, operands on which it shows, with the right result and the one that
// the mistake delivers. Data for the tests of any implementation: nothing here computes.

namespace halfulp {

/// Every trap; the names are unique.
inline constexpr auto traps = [] {
    using namespace trap_rows;
    std::array<Trap, rounding_traps.size() + range_traps.size() + special_traps.size()> all{};
    auto end = std::copy(rounding_traps.begin(), rounding_traps.end(), all.begin());
    end = std::copy(range_traps.begin(), range_traps.end(), end);
    std::copy(special_traps.begin(), special_traps.end(), end);
    return all;
}();

}  // namespace halfulp
