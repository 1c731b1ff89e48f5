#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace halfulp::ptx {

/// What becomes of two accesses to memory whose order nothing states.
enum class Races : std::uint8_t {
    Refuse,  ///< the first one ends the kernel
    Report,  ///< the kernel goes on with what memory holds, and the launch tells of them
};

/// The races at one instruction.
struct Race {
    std::uint64_t cta = 0;    ///< the first in number that had one
    int line = 0;             ///< of the instruction
    std::string first = {};   ///< in that CTA, as what() of the Error that it would have been
    std::uint64_t count = 0;  ///< how many
};

/// Takes a race of a thread, by its number within the CTA. Throws Fault, or lets the access go on.
using NoteRace = std::function<void(std::uint32_t thread, const std::string& what)>;

}  // namespace halfulp::ptx
