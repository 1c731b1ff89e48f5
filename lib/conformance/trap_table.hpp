#pragma once

#include <halfulp/lib/report/table.hpp>

namespace halfulp {

/// The discriminating set as text, a row a trap. Operands, separated by blanks, and results are as `halfulp eval` reads
/// and prints them; formats, rounding and options as it takes them.
Table trap_table();

}  // namespace halfulp
