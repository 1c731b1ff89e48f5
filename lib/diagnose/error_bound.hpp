#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <halfulp/lib/diagnose/predict.hpp>

namespace halfulp {

/// An element that no order of summation explains.
struct Outlier {
    std::size_t row, column;  ///< from 0
    double exact;             ///< r, in binary64
    double error, bound;      ///< of the element against the exact result, and what roundings make at most
};

/// What the elements of a result have in common.
struct Bounded {
    /// The narrowest arithmetic within whose bound every element lies, whatever its order; empty if there is none.
    std::string_view arithmetic;
    std::optional<Outlier> outlier;  ///< of the widest bound, if there is none
};

/// Holds every element d against a bound that holds for sums of any order. With n = k + 4 and u the unit roundoff,
///     |d - r| <= e + u' (|r| + e) + t',   e = m gamma_n + n t + m (2 v + v^2) + m (2 k + 8) 2^-53,
///     gamma_n = n u / (1 - n u),   r = alpha a.b + beta c,   m = |alpha| |a|.|b| + |beta| |c|
/// (Higham, Accuracy and Stability of Numerical Algorithms, 3.1): each product meets one rounding by the multiplication,
/// at most k additions, and 3 roundings in the epilogue; t is the largest error of an underflow, v that of an operand which
/// is rounded first, u' and t' the unit roundoff and the smallest number of D's format, and the last term this function's own
/// error, as it takes r and m in binary64. What overflows may be infinite or NaN. Where n u > 1/4 nothing is concluded, nor are
/// sums in few bits or rounded operands where at most one element in 16 lies outside of fp32's bound: these show in most.
/// Elements that are `explained` otherwise are left out; empty: none is. Pre: D is of numbers.
Bounded check_bounds(const Gemm& gemm, double alpha, double beta, const Matrix& d,
                     const std::vector<bool>& explained = {});

}  // namespace halfulp
