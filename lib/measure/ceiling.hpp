#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/measure/loop.hpp>
#include <halfulp/lib/measure/machine.hpp>

namespace halfulp::measure {

/// What one core of this machine reached doing nothing else: the roof of every kernel that has to do it.
struct Ceiling {
    std::string name;   ///< the loop's; of Reading, the level's: L1, L2, L3, memory
    Kind kind;          ///< of what
    double per_second;  ///< operations, numbers or bytes
    std::size_t bytes;  ///< of Reading: the length of the array that was read; else 0
    std::size_t holds;  ///< of Reading: what the level holds; of memory the largest number
};

/// All of them, measured now in thread CPU time, the best of many runs; seconds.
/// Memory is read beyond the last cache, but not more than `most_bytes` of it; where that does not suffice to leave the
/// cache, there is no ceiling of memory.
std::vector<Ceiling> ceilings(const Machine& machine, std::size_t most_bytes);

/// Measures those that follow the core's clock once more, each for about so many seconds; a better rate replaces the one
/// that is there. A clock that rises in the meantime, or a neighbour that falls silent, would let kernels exceed them. Not
/// arrays of more than 1 MiB, which lie where cores share caches and memory.
void measure_again(std::vector<Ceiling>& ceilings, double seconds);

/// The rate of that name. Throws std::out_of_range if there is none.
double rate_of(const std::vector<Ceiling>& ceilings, std::string_view name);

}  // namespace halfulp::measure
