#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <halfulp/gpu/ptx/execute/matrix_form.hpp>
#include <halfulp/gpu/ptx/global_memory.hpp>
#include <halfulp/gpu/ptx/module.hpp>
#include <halfulp/gpu/ptx/opcode.hpp>
#include <halfulp/gpu/ptx/special.hpp>

// A kernel with the functions that it calls, decoded for execution: operands are numbers of slots.

namespace halfulp::ptx {

/// A place of a warp's register file: a register, a special register or a constant, in all lanes. Predicates are masks,
/// others one word a lane, of 16, 32 or 64 bits.
using Slot = std::uint32_t;

inline constexpr std::size_t widest_access = 32;  ///< bytes of one access of a thread

/// What an instruction that accesses memory takes.
struct Access {
    Space space = Space::Generic;  ///< of the address
    std::uint8_t bytes = 0;        ///< of an element
    std::uint8_t count = 1;        ///< elements one after another
    bool is_signed = false;        ///< narrower values are extended by their sign
    bool is_strong = false;        ///< volatile, relaxed, acquire, release, atomic
    bool releases = false;         ///< what came before it: a fence is part of it
    bool of_cta = false;           ///< for threads of the CTA alone
};

/// Bytes that go from one place of a thread's parameter memory to another: the values of a call.
struct FrameCopy {
    std::size_t from, to, bytes;  ///< offsets, and how many
};

/// An instruction as it is executed.
struct Step {
    Execute execute = nullptr;    ///< what it does
    Flow flow = Flow::Next;       ///< which lane goes on where
    const Slot* slots = nullptr;  ///< one an argument, of an address its base
    /// Slots for the same arguments, which all instructions share that lanes may wait for each other at; else nullptr.
    const Slot* meeting = nullptr;
    std::int64_t offset = 0;         ///< of the address
    std::int64_t second_offset = 0;  ///< of the second one
    Slot guard = 0;                  ///< a predicate
    /// whether it stands under a predicate, and under one that is to be false
    bool is_guarded = false, guard_negated = false;
    bool passes_undefined = false;                        ///< it copies registers without a value
    std::uint16_t slot_count = 0;                         ///< of `slots`
    std::uint32_t target = 0;                             ///< Branch, Call
    const std::vector<std::uint32_t>* targets = nullptr;  ///< IndexedBranch
    std::uint32_t written = 0;                            ///< arguments that are results, a bit each
    Access access = {};                                   ///< of memory
    const MatrixForm* matrix = nullptr;                   ///< of ldmatrix and mma; else null
    const std::vector<FrameCopy>* copies = nullptr;       ///< around calls
    const Instruction* instruction = nullptr;             ///< of the module, for messages
};

/// A register that holds a constant.
struct Constant {
    Slot slot;           ///< which one
    std::uint64_t bits;  ///< its value
};

/// A register that holds what a special register tells.
struct SpecialSlot {
    Slot slot;               ///< which one
    const Special* special;  ///< which special register
};

/// How many bytes of which space a kernel needs, and where its variables lie.
struct Layout {
    std::size_t shared = 0;      ///< without dynamic shared memory, which begins there
    std::size_t local = 0;       ///< of each thread
    std::size_t parameters = 0;  ///< of the kernel
    std::size_t frame = 0;       ///< parameters of functions and calls, of each thread

    /// Their addresses follow those of the kernel's parameters, so far behind that what overruns these does not meet them.
    static constexpr std::size_t frame_start = std::size_t{1} << 16;
};

/// A kernel, ready to be executed, with the functions that it calls.
struct Program {
    std::shared_ptr<const Code> code;            ///< kept alive
    const Function* kernel = nullptr;            ///< in `code`
    std::vector<Step> steps;                     ///< of all functions, one after another
    std::uint32_t entry = 0;                     ///< the kernel's first step
    std::vector<std::uint8_t> widths;            ///< of each slot: 1, 16, 32 or 64
    std::vector<Constant> constants;             ///< that are set once
    std::vector<SpecialSlot> specials;           ///< that are set for each lane
    Layout layout;                               ///< of its memory
    std::vector<std::size_t> parameter_offsets;  ///< of the kernel's parameters

    /// Does one of the kernel's parameters have all bytes of that offset and size?
    bool is_in_a_parameter(Address at, std::size_t bytes) const;

    std::deque<std::vector<Slot>> slot_lists = {};         ///< Owns what steps point to.
    std::deque<std::vector<FrameCopy>> frame_copies = {};  ///< Owns what steps point to.
    std::deque<MatrixForm> matrices = {};                  ///< Owns what steps point to.
};

/// Addresses of a module's own variables in global and constant memory.
using Symbols = std::map<std::string, Address, std::less<>>;

/// What a program is decoded for.
struct Target {
    std::string architecture;            ///< sm_80
    bool unsuffixed_is_nearest = false;  ///< take instructions without a rounding for .rn, instead of refusing them
};

/// Throws Error for what cannot be executed: refused instructions, undefined or recursive functions, matrix
/// instructions that the architecture has not.
Program decode(const Module& module, const Function& kernel, const Symbols& symbols, const Target& target);

}  // namespace halfulp::ptx
