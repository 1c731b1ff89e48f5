#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/ptx/global_memory.hpp>
#include <halfulp/gpu/ptx/module.hpp>
#include <halfulp/gpu/ptx/program.hpp>
#include <halfulp/gpu/ptx/race.hpp>

// A GPU that executes PTX: see Machine.

namespace halfulp::ptx {

/// add, sub and mul of f32 and f64 without a rounding: ptxas may contract them, so their bits are not known.
enum class Unsuffixed : std::uint8_t {
    Refuse,
    Nearest,  ///< as if .rn stood there: right if ptxas is told -fmad=false
};

/// How a machine executes.
struct MachineOptions {
    /// Of the order of CTAs, warps and lanes. 0 has CTAs and lanes in their own order; others have another order in each
    /// launch.
    std::uint64_t seed = 0;
    /// Instructions of the warps of a CTA, before it counts as endless: a minute, at some millions a second.
    std::uint64_t step_limit = std::uint64_t{1} << 28;
    unsigned threads = 1;  ///< of this computer, which CTAs are shared among; the result does not depend on it
    Unsuffixed unsuffixed = Unsuffixed::Refuse;  ///< operations without a rounding
    Races races = Races::Refuse;                 ///< what becomes of them
};

/// What a launch executed.
struct Statistics {
    std::uint64_t instructions = 0;                  ///< of warps
    std::uint64_t lane_instructions = 0;             ///< of threads
    std::uint64_t mma = 0;                           ///< matrix instructions, of warps
    std::map<std::string, std::uint64_t> by_opcode;  ///< instructions of warps, by the opcode with its modifiers
    std::vector<Race> races = {};                    ///< where they are reported: one for each instruction that had any

    Statistics& operator+=(const Statistics& other);  ///< Those of another launch are added.
};

/// How a kernel is launched.
struct LaunchShape {
    Dim3 grid, block;                ///< in CTAs, and in threads
    std::size_t dynamic_shared = 0;  ///< bytes
};

/// Executes kernels as a GPU of an architecture does, bit for bit where PTX says what they compute, and by the exact
/// models of lib/matrix_unit where it does not: mma. Every access to memory is checked for bounds, alignment, values
/// that nobody wrote, and races: of the threads of a CTA, and of CTAs, where one accesses what another has written, or
/// writes what it has read. Lanes of a warp part and meet; what they must do together, they must all come to.
class Machine {
  public:
    /// `architecture` as sm_80, or any name of a processor of NVIDIA that lib/matrix_unit/table.hpp knows. Throws
    /// InputError.
    explicit Machine(std::string_view architecture, const MachineOptions& options = {});
    ~Machine();

    /// Memory that nobody has written, aligned to 256 bytes. Throws InputError if the host has not so much.
    Address allocate(std::size_t bytes);
    /// Throws InputError unless `allocate` gave the address.
    void release(Address address);
    /// Throw InputError for bytes that are not allocated; read does for bytes that nobody has written, too.
    void write(Address to, std::span<const std::byte> from);
    void read(Address from, std::span<std::byte> to) const;  ///< copies out of it

    /// Runs a kernel to its end. An argument is the bytes of one parameter. Variables of the module keep their values
    /// from launch to launch on this machine. Throws Error for arguments that are not as many and as large as the
    /// parameters, for a shape that no GPU takes, for PTX of a newer target than the architecture, and for what
    /// decode() and kernels do wrong; memory is then as the kernel left it.
    Statistics launch(const Module& module, std::string_view kernel, const LaunchShape& shape,
                      std::span<const std::vector<std::byte>> arguments);

    /// Where a variable of .global or .const lies. Throws InputError if the module has none of that name.
    Address address_of(const Module& module, std::string_view variable);

    const std::string& architecture() const { return architecture_; }  ///< as sm_80
    int target() const { return number_; }                             ///< 80 for sm_80

  private:
    struct Loaded {
        std::shared_ptr<const Code> code;  ///< kept alive
        Symbols symbols;
        std::map<std::string, Program, std::less<>> programs;  ///< of its kernels, once they were launched
    };

    Loaded& load(const Module& module);
    Address address_in(const Loaded& loaded, const AddressValue& value, int line) const;
    Program& program(const Module& module, std::string_view kernel);

    std::string architecture_;
    int number_;  ///< 80 for sm_80
    MachineOptions options_;
    GlobalMemory memory_;
    std::map<const Code*, Loaded> loaded_;
    std::uint64_t launches_ = 0;
};

}  // namespace halfulp::ptx
