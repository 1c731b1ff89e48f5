#pragma once

#include <cstddef>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// Position in k of the `index`-th product that the instruction takes.
constexpr std::size_t element(const MmaSpec& spec, std::size_t index) {
    if (spec.order == KOrder::Ascending) return index;
    if (spec.order == KOrder::OddFirst) return index ^ 1;
    const auto group = static_cast<std::size_t>(spec.group);
    const std::size_t start = index / (2 * group) * (2 * group), within = index % (2 * group);
    const std::size_t pair = within % group / 2, half = within / group;
    return start + 4 * pair + 2 * half + within % 2;
}

}  // namespace halfulp
