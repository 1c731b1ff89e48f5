#pragma once

#include <halfulp/lib/diagnose/predict.hpp>

// What the unit itself does to a slice: below this stands mma_dot or a plain sum, above it the plan.

namespace halfulp {

/// A and B as the unit takes them. Plain sums take every number that their accumulator has as one of it, and scaled ones
/// as products with their scales, in binary64 where they have no accumulator. `rounding` is that of binary32 to tf32.
Gemm operands_for(const Unit& unit, Gemm gemm, const Env& rounding);

/// The unit's accumulator. A plain sum may have that of the result.
Element accumulator_of(const Unit& unit, const GemmPlan& plan);

/// C + A B, each element by the unit, in the accumulator; without C from +0. Pre: operands_for the unit, C of the
/// accumulator; the operands' own C is not read.
Matrix product(const Unit& unit, const Gemm& operands, std::optional<Matrix> c, const Element& accumulator,
               const Env& env, unsigned threads);

}  // namespace halfulp
