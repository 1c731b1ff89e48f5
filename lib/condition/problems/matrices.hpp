#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <halfulp/lib/condition/matrix.hpp>

namespace halfulp::conditioning {

/// Matrices of which more is known, in closed form, than binary64 could find out. What is not known is null. Each
/// number of an inverse, a determinant and a condition number are rounded, by a few units in the last place at most.
struct KnownMatrix {
    std::string_view name;          ///< as the program takes it
    std::string_view description;   ///< a sentence
    std::size_t least, most;        ///< rows for which there is one whose numbers are exact
    Matrix (*make)(std::size_t n);  ///< Pre: least <= n <= most, here and below
    /// exact up to roundings in binary64; null where no closed form is known
    Matrix (*inverse)(std::size_t n) = nullptr;
    double (*determinant)(std::size_t n) = nullptr;  ///< null where no closed form is known
    double (*kappa_2)(std::size_t n) = nullptr;      ///< null where no closed form is known
};

/// Hilbert, Vandermonde, Kahan, Frank, Pascal, and those of exercise 3.
std::span<const KnownMatrix> known_matrices();

}  // namespace halfulp::conditioning
