#pragma once

#include <halfulp/lib/report/table.hpp>

namespace halfulp {

/// A row for each matrix unit, or for those that differ in their inputs alone: what it is, how it computes, and how well
/// each field is known.
Table unit_table();

}  // namespace halfulp
