#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace halfulp::measure {

/// A level of the memory: a cache, or what lies behind the last one.
struct Level {
    std::string name;   ///< L1, L2, L3, memory
    std::size_t bytes;  ///< what it holds; 0 of memory
};

/// What a measured number holds for.
struct Machine {
    std::string processor;      ///< its model
    unsigned threads;           ///< that run at once
    std::size_t memory;         ///< bytes of it
    double clock_mhz;           ///< as the system says now; 0 where it does not
    std::vector<Level> levels;  ///< from the core outwards; memory is the last
    std::string compiler;       ///< that made this program
    std::string target;         ///< the instruction set that kernels choose
    double load;                ///< processes that want to run, the average of the last minute
};

/// This one. Where the system does not say what caches there are, those of a common one are assumed: 32 KiB, 512 KiB and
/// 16 MiB.
Machine this_machine();

/// The instruction sets that the kernels were compiled for and this CPU has, the best first.
std::vector<std::string> targets();

/// Kernels choose that one from now on. Throws std::invalid_argument with the known names if it is none of them.
void choose_target(const std::string& name);

/// A line for captions: processor, clock, instruction set, compiler, load.
std::string caption(const Machine& machine);

}  // namespace halfulp::measure
