#pragma once

#include <optional>

#include <halfulp/lib/diagnose/gemm_plan.hpp>
#include <halfulp/lib/diagnose/matrix.hpp>
#include <halfulp/lib/diagnose/unit.hpp>

namespace halfulp {

/// What a kernel is given: D = alpha A B + beta C.
struct Gemm {
    Matrix a;                      ///< m x k
    Matrix b;                      ///< k x n
    std::optional<Matrix> c = {};  ///< m x n, of any format

    /// Where blocks of elements along k share a scale: m x blocks for A, blocks x n for B. The blocks have 2^i elements,
    /// the last one perhaps fewer.
    std::optional<Matrix> a_scales = {}, b_scales = {};
};

/// Throws InputError unless A, B, C and the scales can be multiplied and added.
void check_shapes(const Gemm& gemm);

/// Pre: the shapes agree.
OperandKinds operands_of(const Gemm& gemm);

/// Is there a tile of K for every slice?
bool fills_slices(const Unit& unit, const GemmPlan& plan, std::size_t k);

/// Throws InputError, naming what does not fit, unless the shapes agree, the unit takes A's and B's elements and scales, K
/// has a tile for each slice, the tiles have whole blocks of what shares a scale, and integers meet integers.
void check(const Unit& unit, const GemmPlan& plan, const Gemm& gemm);

/// D, m x n, every bit that a kernel of this plan on this unit must produce. Where K ends within a block of a matrix unit,
/// zeros follow, with which kernels fill their tiles up; a tile that is shorter than a block is the whole block. Throws
/// InputError as check does.
Matrix predict(const Unit& unit, const GemmPlan& plan, Gemm gemm, unsigned threads = 1);

}  // namespace halfulp
