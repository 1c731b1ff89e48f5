#pragma once

#include <cstdint>
#include <span>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// What one output element is computed from, as codes of the row's elements: a row of A, a column of B, and c. Rows with
/// scaling take a scale of each matrix for every scaling->block elements along k, others none.
struct MmaOperands {
    std::span<const std::uint64_t> a, b;                          ///< codes, equally long
    std::uint64_t c = 0;                                          ///< the code that they are added to
    std::span<const std::uint64_t> a_scales = {}, b_scales = {};  ///< codes, one a block, where the row has them
};

/// One output element, c + sum of a[k] * b[k], as the unit computes it: a code of spec.accumulator. The elements are
/// taken in the order and the groups that the row says, each group by the row's family (family/family.h); any K:
/// elements that lack to a full group are left out. A NaN scale makes the result NaN. NaN results are of spec.nan.
/// Throws InputError for a code that is wider than its element, for a and b of different length, and for scales that
/// are not as many as the row takes.
std::uint64_t mma_dot(const MmaSpec& spec, const MmaOperands& operands);

/// The same of a row without scaling.
std::uint64_t mma_dot(const MmaSpec& spec, std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                      std::uint64_t c);

}  // namespace halfulp
