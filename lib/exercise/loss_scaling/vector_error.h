#pragma once

#include <cstddef>
#include <vector>

#include <halfulp/lib/exercise/observer.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/format.hpp>

// How far vectors of exact values lie apart.

namespace halfulp {

using Vector = std::vector<truth::Rational>;

/// The values of binary32 codes. Pre: they are finite.
Vector values(const Codes& codes);

/// The 2-norm, and ||got - truth|| / ||truth|| in it. Exact but for the last step, a root.
double norm(const Vector& vector);
double norm_error(const Vector& got, const Vector& truth);

/// A row of a matrix, and its norm_error.
struct RowError {
    std::size_t row;
    double error;
};

/// The row with the largest error. Pre: the matrix has so many equally long rows, and none of the truth is all 0.
RowError worst_row(const Vector& got, const Vector& truth, std::size_t rows);

/// How many elements have a relative error beyond u / (1 + u), the sharp bound of the format's normal numbers.
std::size_t count_beyond_bound(const Format& f, const Vector& got, const Vector& truth);

}  // namespace halfulp
