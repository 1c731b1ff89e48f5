#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <memory_resource>
#include <span>
#include <vector>

#include <halfulp/lib/matrix_unit/family/family.hpp>

// What the families that align have in common.

namespace halfulp {

__extension__ typedef __int128 i128;

/// An addend with the exponent that hardware aligns by: that of its fields, not of its leading bit. A product is in
/// [0, 4) times 2^exponent, and a subnormal number has its format's smallest exponent.
struct Term {
    static constexpr int no_exponent = std::numeric_limits<int>::min();

    Exact value;
    int exponent = no_exponent;  ///< zeros have none
};

/// A number of a format.
Term term_of(const Format& format, std::uint64_t code);

/// Where the terms of a sum lie, those of a group and the running value: on the stack.
class TermRoom {
  public:
    std::pmr::memory_resource* resource() { return &resource_; }

  private:
    alignas(Term) std::array<std::byte, (largest_group + 1) * sizeof(Term)> bytes_;
    std::pmr::monotonic_buffer_resource resource_{bytes_.data(), bytes_.size()};
};

/// The products of a group, scaled where the row scales, with room for one term more.
std::pmr::vector<Term> products_of(const MmaSpec& spec, const Group& group, TermRoom& room);

int largest_exponent(std::span<const Term> terms);

/// The special result of a sum, or zero if all terms are finite: NaN for any NaN, for inf * 0 and for inf - inf.
Exact special_sum(std::span<const Term> terms);

/// The sum of finite terms in units of 2^last, each cut off towards zero there. Pre: it fits.
i128 cut_sum(std::span<const Term> terms, int last);

/// sum * 2^last; a zero has the sign of the terms if all of them are zeros of one sign, else +.
Exact signed_sum(i128 sum, int last, std::span<const Term> terms);

/// All terms aligned to the largest exponent, which is the row's floor at least, cut off below its fraction bits,
/// summed and left in the accumulator.
std::uint64_t cut_and_round(const MmaSpec& spec, std::span<const Term> terms);

}  // namespace halfulp
