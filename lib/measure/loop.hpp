#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace halfulp::measure {

/// What a loop does.
enum class Kind : std::uint8_t {
    Arithmetic,  ///< multiplications and additions, each counted as one operation; memory is not touched
    Conversion,  ///< numbers converted
    Reading,     ///< bytes read
};

/// A loop that does one kind of operation and nothing else, by this CPU's widest vectors: no kernel exceeds it.
struct Loop {
    std::string_view name;  ///< as reports print it
    Kind kind;              ///< what it counts
    double operations;      ///< for each of `count`
    /// Arithmetic: `count` steps, and memory is null. Else `count` elements of memory: numbers or, of Reading, bytes;
    /// a multiple of 4096. All of it `passes` times, as a call takes longer than a pass over a small array. Returns what it
    /// computed, so that no compiler drops it.
    float (*run)(void* memory, std::size_t count, std::size_t passes);
};

/// Those of the instruction set that kernels choose; the first, which each has, is of fp32's fused multiply-adds.
std::vector<Loop> loops();

/// The name of that instruction set.
std::string_view target();

}  // namespace halfulp::measure
