#pragma once

#include <halfulp/lib/report/table.hpp>

namespace halfulp {

/// A row for each format: encoding, range, precision, special values, source.
Table format_table();

}  // namespace halfulp
