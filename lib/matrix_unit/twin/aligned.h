#pragma once

#include <cstddef>
#include <cstdint>

#include <halfulp/lib/matrix_unit/twin/operands.h>

// The twin of rows that align the products of a block to the largest exponent.
//
// A lane is an output. Products of at most 24 bits are exact in binary32; beside the operands lie the exponents that
// hardware aligns by. A block then is: the largest exponent; each product times a power of two and converted to a whole
// number, which cuts it off towards zero; the sum of whole numbers; one rounding. That is exact as long as the largest
// exponent keeps everything within the normal numbers of binary32 and no more than 25 bits below it count. What lies outside
// shows in that exponent too: those vectors do the same in binary64, which has all products and their sums, and where
// infinities, NaNs and a sum of zeros become what IEEE arithmetic makes of them, as in the unit. Rows that sum groups of
// 16 products exactly (Family::ScaledGroups) are computed so from the start: such a group is then what a product is else.

namespace halfulp::twin {

/// A row of the table as constants of the kernel.
struct AlignedRule {
    /// Stand for the exponents of running values of 0 and of -0, between those of zero products and those of numbers.
    static constexpr int of_running_zero = -1024, of_running_minus_zero = of_running_zero / 2;
    /// Aligned to these exponents and those between, blocks are exact.
    static constexpr int least = -100, greatest = 120;
    /// Infinite and NaN running values have one more.
    static constexpr int greatest_of_numbers = 127;
    /// Beyond all exponents of products and running values, scaled or not.
    static constexpr int beyond = 600;

    explicit AlignedRule(const MmaSpec& spec);

    std::size_t groups_in_step;
    bool c_last, truncates;
    bool sums_groups;    ///< of `summed_exactly` products
    bool fits_binary32;  ///< or all is computed in binary64
    int fraction_bits;
    int exponent_floor;       ///< blocks are aligned to it at least
    int floor;                ///< the same or, where blocks are not exact in binary32 below, `least`
    int vanishing;            ///< products of this exponent, or of smaller ones, are cut off whole
    int exact_from;           ///< blocks with a smaller largest exponent are not exact, unless all is 0
    int emin;                 ///< of the accumulator
    std::uint64_t kept_bits;  ///< of a binary64 that is cut off to the precision kept
    double to_last_bit;       ///< times the binade of a number: see the kernel's `nearest`
    double last_bit;          ///< times the binade of a number: of the last bit kept
    double smallest;          ///< normal number of what is kept
    float infinite;           ///< numbers as large are infinite in what is kept
    float zero_sum;           ///< added to a sum of zeros: -0 changes nothing, 0 turns -0 into 0
    float zero;               ///< the same of every result
};

class Aligned {
  public:
    static bool serves(const MmaSpec& spec);

    Aligned(const Matrices& matrices, unsigned threads);

    /// Writes a tile of D.
    void compute(const Tile& tile) const;

    const AlignedRule& rule() const { return rule_; }
    const Operands& operands() const { return operands_; }

  private:
    Matrices x_;
    AlignedRule rule_;
    Operands operands_;
    std::uint64_t nan_;
};

/// The kernel: the running values of a tile, panel_width in a row, from those of C to those of D.
void advance(const Aligned& matrices, const Tile& tile, float* running);

}  // namespace halfulp::twin
