#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <halfulp/softfloat/format.hpp>

// Sums and dot products whose terms cancel, with their exact values.

namespace halfulp::conditioning {

/// Numbers of a format, and what they sum up to.
struct CancellingProblem {
    std::vector<double> x, y;  ///< y is empty for a sum
    double value;              ///< exact, rounded once to binary64
    double kappa;              ///< what they came to: of_dot or of_sum
};

/// A dot product of about that condition number: GenDot (Ogita, Rump, Oishi, SIAM J. Sci. Comput. 26(6), 2005,
/// algorithm 6.1), with each number rounded to the format. In a format of few digits it takes more terms to come as
/// far. The same numbers for the same arguments, on every machine. Throws std::invalid_argument unless n >= 6, kappa >=
/// 1, and the format has room: the largest numbers are near sqrt(kappa).
CancellingProblem gen_dot(std::size_t n, double kappa, std::uint64_t seed, const Format& format);

/// A sum, in the same way with ones for the other factors; the largest numbers are near kappa.
CancellingProblem gen_sum(std::size_t n, double kappa, std::uint64_t seed, const Format& format);

}  // namespace halfulp::conditioning
