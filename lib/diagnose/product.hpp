#pragma once

#include <halfulp/lib/diagnose/predict.hpp>

// What the unit itself does to a slice: below this stands mma_dot or a plain sum, above it the plan.

namespace halfulp {

struct OperandFormats {
    Format a, b;
};

/// The formats in which the unit takes A and B. Plain sums take every number that their accumulator has as one of it.
OperandFormats operand_formats(const Unit& unit, const Gemm& gemm);

/// The unit's accumulator. A plain sum may have that of the result.
Format accumulator_of(const Unit& unit, const GemmPlan& plan);

/// C + A B, each element by the unit, in the accumulator's format; without C from +0. Pre: operands in the unit's formats,
/// C in the accumulator's.
Matrix product(const Unit& unit, const Gemm& gemm, const Format& accumulator, const Env& env, unsigned threads);

}  // namespace halfulp
