#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/kernel/table.hpp>

namespace halfulp::gpu {

/// Arrays by the names of the parameters, as codes of their elements; rows with a pitch are that far apart.
using Arrays = std::map<std::string, std::vector<std::uint64_t>, std::less<>>;

/// What a kernel is called with, but for places in memory.
struct Call {
    Sizes sizes;                                                    ///< of the problem
    Arrays arrays;                                                  ///< those that are In or InOut
    std::map<std::string, std::uint64_t, std::less<>> values = {};  ///< as codes of their elements
};

/// What the kernel leaves in its Out and InOut arrays, by its meaning alone: the emulator, the orders of
/// lib/accumulate, and for matrix instructions the exact model of the processor's unit, A100 for sm_80. Throws
/// InputError if the processor lacks the instruction. Pre: `call` has every array and value that the kernel's
/// parameters name, of their sizes.
Arrays expected(const Kernel& kernel, const Call& call, std::string_view processor);

}  // namespace halfulp::gpu
