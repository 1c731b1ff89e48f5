#pragma once

#include <span>

#include <halfulp/lib/matrix_unit/spec.hpp>
#include <halfulp/lib/plan/trace.hpp>

namespace halfulp::plan {

/// What a matrix unit's blocks will meet along the terms of one result: of each block every term is cut off, towards zero, at
/// `fraction_bits` below the largest exponent in it, and their sum is rounded to the kept format. Where that cuts off, too,
/// the errors have a mean of half of what is cut: they go one way, as long as the sums have one sign.
/// Pre: Family::AlignedSum in the order of k; as many of a as of b, as they are stored.
Roundings trace_of_blocks(const MmaSpec& spec, std::span<const double> a, std::span<const double> b);

/// By how much of the sum of magnitudes one block can be wrong: each of its products and the running sum lose less than
/// 2^-fraction_bits of the largest of them, whose exponent, of a product of significands, is not above its own; the sum, one
/// rounding (Blanchard, Higham, Lopez, Mary, Pranesh, SIAM J. Sci. Comput. 42(3), 2020, for blocks; Fasi, Higham, Mikaitis,
/// Pranesh, PeerJ CS 7:e330, 2021, for what is cut off).
double roundoff_of_block(const MmaSpec& spec);

/// What a block can lose besides, as no term is aligned to less than the exponent floor.
double underflow_of_block(const MmaSpec& spec);

}  // namespace halfulp::plan
