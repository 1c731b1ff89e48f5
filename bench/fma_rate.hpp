#pragma once

#include <cstddef>

namespace halfulp::bench {

/// Computes so many fused multiply-adds of binary32, independent of each other, by this CPU's widest vectors.
void fused_multiply_adds(std::size_t count);

}  // namespace halfulp::bench
