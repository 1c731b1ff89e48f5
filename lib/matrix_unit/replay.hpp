#pragma once

#include <cstdint>
#include <vector>

#include <halfulp/lib/matrix_unit/directed.hpp>
#include <halfulp/lib/matrix_unit/recordings.hpp>

namespace halfulp {

/// A recording computed again by a model.
struct Replay {
    std::size_t rows = 0;            ///< results that were asked
    std::size_t matches = 0;         ///< results that are equal
    std::size_t first_mismatch = 0;  ///< row, counting from 0; only if matches < rows
};

/// Every row of a recording by the model of its unit, or by another one with the same formats.
Replay replay(const Recording& recording, const MmaSpec& spec);

/// What the model of its unit makes of a directed vector, as a code.
std::uint64_t replay(const DirectedVector& vector);

}  // namespace halfulp
