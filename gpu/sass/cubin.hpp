#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace halfulp::gpu {

/// An instruction of 16 bytes, as every architecture from sm_70 on has them.
struct SassInstruction {
    std::uint64_t low, high;  ///< the halves of it

    /// Which instruction it is, and in which form of its operands.
    constexpr unsigned opcode() const { return low & 0xFFF; }
};

/// A kernel in a cubin.
struct CubinKernel {
    std::string name;                   ///< as PTX has it
    std::vector<SassInstruction> code;  ///< in the order of the file
};

/// The kernels of a cubin, what ptxas makes: an ELF file of 64 bits with a section .text.NAME for each. Throws
/// InputError where the file is none or points outside itself; `name` is what the message calls it.
std::vector<CubinKernel> read_cubin(std::string_view bytes, std::string_view name);

}  // namespace halfulp::gpu
