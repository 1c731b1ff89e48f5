#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace halfulp {

/// How the terms of a sum are shared out, and how the shares' sums come together.
enum class Grouping : std::uint8_t {
    Lanes,       ///< term i goes to lane i mod count; the lanes' sums are then added in halves
    Blocks,      ///< `count` consecutive terms a block; the blocks' sums are added one after another
    Halves,      ///< the first half of the terms and the second, each halved again, down to `count` terms
    MatrixUnit,  ///< blocks of the length that the unit has, each aligned, added exactly and rounded once
};

/// What takes the terms of one share, one after another.
enum class Accumulation : std::uint8_t {
    Plain,   ///< one rounded addition a term
    Kahan,   ///< the error of each addition is taken off the next term (Kahan 1965)
    TwoSum,  ///< the errors are summed apart and added at the end (Neumaier 1974; Sum2 of Ogita, Rump, Oishi 2005)
};

/// An order of summation, as data; sum.hpp is what walks it. A new order is a new row.
struct Order {
    std::string_view name;         ///< as exercises print it
    std::string_view description;  ///< a sentence
    Grouping grouping;             ///< how terms are shared out
    Accumulation accumulation;     ///< within a share
    std::size_t count;             ///< lanes, or terms of a block or of the last halves; 0: the matrix unit's own
};

/// The rows, in the order in which exercises ask for them.
inline constexpr std::array orders = {
    Order{"sequential", "one term after another", Grouping::Lanes, Accumulation::Plain, 1},
    Order{"blocks of 32", "32 terms one after another, then the blocks' sums one after another", Grouping::Blocks,
          Accumulation::Plain, 32},
    Order{"8 lanes", "every 8th term to the same lane, as a SIMD loop does, then the lanes in halves", Grouping::Lanes,
          Accumulation::Plain, 8},
    Order{"pairwise", "the sum of the first half and the sum of the second, each made in the same way",
          Grouping::Halves, Accumulation::Plain, 1},
    Order{"Kahan", "one after another; what an addition lost is taken off the next term", Grouping::Lanes,
          Accumulation::Kahan, 1},
    Order{"two-sum", "one after another; what the additions lost is summed apart, and added at the end",
          Grouping::Lanes, Accumulation::TwoSum, 1},
    Order{"tensor core", "a block at a time, aligned to its largest term, added exactly and rounded once",
          Grouping::MatrixUnit, Accumulation::Plain, 0},
};

}  // namespace halfulp
