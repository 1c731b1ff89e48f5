#pragma once

#include <bit>
#include <cstdint>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::property {

/// The flags of a result as bits: TestFloat's five (inexact 1, underflow 2, overflow 4, divide_by_zero 8, invalid 16),
/// then input_denormal 32.
constexpr std::uint64_t flag_bits(const Status& s) {
    return (s.inexact ? 1U : 0U) | (s.underflow ? 2U : 0U) | (s.overflow ? 4U : 0U) | (s.divide_by_zero ? 8U : 0U) |
           (s.invalid ? 16U : 0U) | (s.input_denormal ? 32U : 0U);
}

/// A hash of a table of results, to be published and computed again by others: the sum, modulo 2^64, of a hash of each
/// row, so that shards may be computed in any order and added up. It finds accidents, not forgeries.
class TableHash {
  public:
    /// The result of row `row`: operands as one number, the first in front.
    constexpr void add(std::uint64_t row, const Rounded& result) {
        // Six places above the code's are for the flags; a code of 64 bits shares them.
        sum_ += mixed_bits(mixed_bits(row) ^ mixed_bits(std::rotl(result.code, 6) ^ flag_bits(result.status)));
    }
    constexpr void add(const TableHash& shard) { sum_ += shard.sum_; }  ///< rows that another process hashed
    constexpr std::uint64_t value() const { return sum_; }              ///< of all rows so far

  private:
    std::uint64_t sum_ = 0;
};

}  // namespace halfulp::property
