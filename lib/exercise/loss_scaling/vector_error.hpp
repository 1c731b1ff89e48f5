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

/// The largest norm_error of a row, of so many rows. Pre: they are equally long, and no row of the truth is all 0.
double worst_row_error(const Vector& got, const Vector& truth, std::size_t rows);

/// How many elements have a relative error beyond u / (1 + u), the sharp bound of the format's normal numbers.
std::size_t count_beyond_bound(const Format& f, const Vector& got, const Vector& truth);

}  // namespace halfulp
