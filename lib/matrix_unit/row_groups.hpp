#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/matrix_unit/spec.hpp>

// The rows of the table of matrix units as people list them: those that differ in their inputs alone together.

namespace halfulp {

/// Neighbours of the table that differ in a and b alone, of each processor or of one.
std::vector<std::span<const MmaSpec>> row_groups(std::string_view processor = "");

/// "fp16->fp32", "any two of e4m3 e5m2->fp32", "e4m3 by e5m2, e5m2 by e4m3->fp32".
std::string formats_of(std::span<const MmaSpec> group);

/// "mma.sync wmma: fp16->fp32, bf16->fp32; wgmma: fp16->fp16": what a processor has, each instruction once.
std::string units_of(std::string_view processor);

}  // namespace halfulp
