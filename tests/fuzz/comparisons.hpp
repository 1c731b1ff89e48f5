#pragma once

#include <span>
#include <string_view>

#include <halfulp/lib/property/operands.hpp>

#include "fuzz/problem.hpp"

namespace halfulp::fuzz {

/// Two ways to compute the same, of which one is the meaning of the other.
struct Comparison {
    std::string_view name;
    Problem (*draw)(property::SplitMix& bits);
};

std::span<const Comparison> comparisons();

}  // namespace halfulp::fuzz
