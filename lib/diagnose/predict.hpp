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
};

/// Throws InputError unless A, B and C can be multiplied and added.
void check_shapes(const Gemm& gemm);

/// Is there a tile of K for every slice?
bool fills_slices(const Unit& unit, const GemmPlan& plan, std::size_t k);

/// Throws InputError, naming what does not fit, unless the shapes agree, the unit takes numbers of A's and B's formats, and
/// K has a tile for each slice.
void check(const Unit& unit, const GemmPlan& plan, const Gemm& gemm);

/// D, m x n, every bit that a kernel of this plan on this unit must produce. Throws InputError as check does.
Matrix predict(const Unit& unit, const GemmPlan& plan, const Gemm& gemm, unsigned threads = 1);

}  // namespace halfulp
