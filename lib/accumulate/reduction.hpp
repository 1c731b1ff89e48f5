#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <halfulp/lib/accumulate/order.hpp>
#include <halfulp/lib/accumulate/sum.hpp>

// Orders of two levels, which leave vectors and threads something to do: the sums and dot products of lib/kernel.

namespace halfulp {

/// Blocks of consecutive terms, each summed in one order; the blocks' sums, if there are several, in another.
struct Reduction {
    std::string_view name;         ///< as bench and tests print it
    std::string_view description;  ///< a sentence
    Order within;                  ///< of the terms of a block
    std::size_t block;             ///< terms
    Order across;                  ///< of the sums of the blocks
    bool exact = false;            ///< no order at all: the exact sum, rounded once
};

/// A term after another, in one accumulator.
inline constexpr Order one_by_one{"sequential", "", Grouping::Lanes, Accumulation::Plain, 1};
/// As SIMD loops have it.
inline constexpr Order in_128_lanes{"128 lanes", "", Grouping::Lanes, Accumulation::Plain, 128};
/// The same with Kahan's sums.
inline constexpr Order in_128_kahan_lanes{"128 Kahan lanes", "", Grouping::Lanes, Accumulation::Kahan, 128};
/// A term after another, each less what was lost before.
inline constexpr Order by_kahan{"Kahan", "", Grouping::Lanes, Accumulation::Kahan, 1};
/// The sum of the first half and of the second.
inline constexpr Order in_halves{"pairwise", "", Grouping::Halves, Accumulation::Plain, 1};
/// All terms are one block.
inline constexpr std::size_t one_block = std::numeric_limits<std::size_t>::max();

/// The orders that kernels have.
inline constexpr std::array reductions = {
    Reduction{"sequential", "one term after another", one_by_one, one_block, one_by_one},
    Reduction{"lanes", "2^16 terms a block, in 128 lanes; the blocks one after another", in_128_lanes, 65536,
              one_by_one},
    Reduction{"pairwise", "2^11 terms a block, in 128 lanes; the blocks in halves", in_128_lanes, 2048, in_halves},
    Reduction{"Kahan", "2^16 terms a block, in 128 lanes of Kahan's; the blocks by Kahan's", in_128_kahan_lanes, 65536,
              by_kahan},
    // Blanchard, Higham, Mary, SIAM J. Sci. Comput. 42(3), 2020.
    Reduction{"FABsum", "2^11 terms a block, in 128 lanes; the blocks by Kahan's", in_128_lanes, 2048, by_kahan},
    Reduction{"exact", "all terms exactly, rounded once", one_by_one, one_block, one_by_one, true},
};

/// The row of that name; null if there is none.
constexpr const Reduction* find_reduction(std::string_view name) {
    for (const Reduction& r : reductions)
        if (r.name == name) return &r;
    return nullptr;
}

/// The sum of the terms in this order, as a code of the adder's format: within blocks, then across.
template <Adder A, class Term>
std::uint64_t reduced(const Reduction& r, const A& adder, std::span<const Term> terms) {
    if (terms.size() <= r.block) return sum(r.within, adder, terms);
    std::vector<std::uint64_t> sums;
    sums.reserve(terms.size() / r.block + 1);
    for (std::size_t start = 0; start < terms.size(); start += r.block)
        sums.push_back(sum(r.within, adder, terms.subspan(start, std::min(r.block, terms.size() - start))));
    return sum(r.across, adder, sums);
}

/// The sum of the terms in that order; 0 of none. Pre: the order is not exact, for which there is ExactSum.
template <Adder A>
std::uint64_t sum(const Reduction& r, const A& adder, std::span<const std::uint64_t> terms) {
    return reduced(r, adder, terms);
}
/// The same of products.
template <Multiplier A>
std::uint64_t sum(const Reduction& r, const A& adder, std::span<const Product> terms) {
    return reduced(r, adder, terms);
}

}  // namespace halfulp
