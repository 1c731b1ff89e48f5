#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <halfulp/lib/matrix_unit/spec.hpp>

// Every field of a row, and every change of it that could be mistaken for the truth: what results say of a unit is which of
// these they refute.

namespace halfulp {

/// A row of the table with one field changed.
struct RowChange {
    std::string field, change;  ///< the member's name, and what it is instead
    MmaSpec row;                ///< changed; as it was where the field has no change
    std::string moot;           ///< why no result can tell, if none can
};

/// Of an instruction of that K, as no result of a short one depends on more. Pre: a row of mma_specs(), and an instruction of it.
std::vector<RowChange> changes_of(const MmaSpec& row, int k);

/// How many fields a row has: each is the field of a change.
std::size_t row_field_count(const MmaSpec& row);

}  // namespace halfulp
