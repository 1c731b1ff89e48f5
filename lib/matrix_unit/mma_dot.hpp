#pragma once

#include <cstdint>
#include <span>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// One output element, c + sum of a[k] * b[k], as the unit computes it. Codes in, code out: a and b of spec.input,
/// c and the result of spec.accumulator. For each block of spec.group products: all terms, the running value among
/// them, are aligned to the largest exponent, cut off (towards zero) below spec.fraction_bits, summed exactly and
/// rounded once. NaN results are the all-ones positive NaN of NVIDIA's units
/// (of binary64 rows no NaN is published). A sum of 0 is -0 only if every term is
/// -0 (MMA-Sim; disputed, no recorded result decides).
/// Any K: elements that lack to a full block are left out. Pre: a and b have the same length.
std::uint64_t mma_dot(const MmaSpec& spec, std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                      std::uint64_t c);

}  // namespace halfulp
