#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <halfulp/lib/property/operands.hpp>

#include "fuzz/problem.hpp"
#include "support/kernel_targets.hpp"

// What the comparisons draw, a file an idea, and what they have in common.

namespace halfulp::fuzz {

using property::SplitMix;
using Codes = std::vector<std::uint64_t>;

template <class Row, std::size_t n>
const Row& any_of(const std::array<Row, n>& rows, SplitMix& bits) {
    return rows[bits() % n];
}

/// Mostly short, for the edges of vectors; some as long as `most`.
inline std::size_t any_size(std::size_t most, SplitMix& bits) {
    return 1 + bits() % (bits() % 4 == 0 ? most : most / 8 + 1);
}

inline std::string first_difference(const Codes& expected, const Codes& found) {
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (expected[i] != found[i]) return fmt::format("element {} is {:x}, expected {:x}", i, found[i], expected[i]);
    return {};
}

/// By every instruction set of this CPU.
template <class Compute>
std::string first_difference_of_targets(const Codes& expected, const Compute& compute) {
    std::string difference;
    test::on_every_target([&] {
        if (difference.empty()) difference = first_difference(expected, compute());
    });
    return difference;
}

// Single operations on arrays.
Problem narrow(SplitMix& bits);
Problem batch(SplitMix& bits);
Problem elementwise(SplitMix& bits);

// Matrix units.
Problem unit(SplitMix& bits);

// Products and sums.
Problem gemm(SplitMix& bits);
Problem gemv(SplitMix& bits);
Problem sum(SplitMix& bits);
Problem dot(SplitMix& bits);

// PTX.
Problem interpreter(SplitMix& bits);

}  // namespace halfulp::fuzz
