#pragma once

#include <span>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>

// Arithmetic in fixed point: every finite number of a format is a whole multiple of its least one, hence sums and products
// are integers, and quotients and roots have an integer part. Those of binary16 and narrower formats fit __int128, those
// of bfloat16 integers of 1024 bits. Rounding compares integers. It shares with softfloat the rows of the format table
// and the types Env and Rounded, and no computation.

namespace halfulp::truth {

/// Can the format be asked about? It has a sign and subnormal numbers, and roots that fit 1024 bits.
bool has_fixed_point(const Format& f);

/// The result of an arithmetic operation on codes of f in each of the environments, which choose the rounding, but not
/// Stochastic, and the rules of overflow and tininess. Pre: has_fixed_point(f); as many results as envs.
void fixed_point_results(Operation operation, const Format& f, const Operands& operands, std::span<const Env> envs,
                         std::span<Rounded> results);

}  // namespace halfulp::truth
