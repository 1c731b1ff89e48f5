#pragma once

#include <cstdint>

#include <halfulp/lib/kernel/gemm/ranges.h>
#include <halfulp/lib/kernel/gemm_policy.hpp>
#include <halfulp/lib/kernel/matrix_view.hpp>

namespace halfulp::kernel {

/// C = alpha * A * B + beta * C, once it is checked.
template <class Element, class Result>
struct Problem {
    const GemmPolicy* policy;
    MatrixView<const Element> a, b;
    MatrixView<Result> c;
    float alpha, beta;     ///< numbers of policy.accumulate
    bool bounded = false;  ///< no product and no sum comes near infinity (bounded.h)
};

// Rows and columns of C. Pre: the caller has set the default floating-point environment.

void multiply_part(const Problem<float, float>& x, const Range& rows, const Range& columns);
void multiply_part(const Problem<std::uint16_t, float>& x, const Range& rows, const Range& columns);
void multiply_part(const Problem<std::uint16_t, std::uint16_t>& x, const Range& rows, const Range& columns);
/// The last, where the policy sums in 16 bits.
void multiply_part_in_16_bits(const Problem<std::uint16_t, std::uint16_t>& x, const Range& rows, const Range& columns);

}  // namespace halfulp::kernel
