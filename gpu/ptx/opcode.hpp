#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <halfulp/gpu/ptx/module.hpp>

// The instructions that are known, as rows: what is not one is refused. Each file of execute/ has those of a kind
// beside what they do.

namespace halfulp::ptx {

class Warp;
struct Step;

/// Lanes of a warp, a bit each.
using Mask = std::uint32_t;
/// The whole warp.
inline constexpr Mask all_lanes = ~Mask{0};

/// What an instruction does in the lanes of a mask.
using Execute = void (*)(Warp&, const Step&, Mask);

/// What an instruction means for which lane goes on, and where.
enum class Flow : std::uint8_t {
    Next,
    Branch,
    IndexedBranch,
    Call,
    Return,
    Exit,
    Aligned,        ///< all lanes of the warp together
    Members,        ///< the lanes of a mask, the last argument, together; those that have exited count as absent
    Barrier,        ///< all lanes of the warp that have not exited together come to a barrier of the CTA
    ThreadBarrier,  ///< each lane comes to it by itself
};

/// A row of the tables: opcodes of one form.
struct Opcode {
    /// Words by dots, alternatives by |, what may be left out followed by ?:
    /// "ld.volatile?.global|shared.v2|v4?.b32|u32".
    std::string_view pattern;
    /// An operand a word. Its type: t, the last type among the modifiers; t0, t1, ..., the first, second, ...; w, one
    /// twice as wide as t; or one by name. Before it: = it is written, ~ a register may be wider, # a constant (#4|8: of u32, one of
    /// these), ! may be negated. Behind it: *4 a vector of four, *v of as many as .v2, .v4 or .v8 says, <16 >0 %32 limits of
    /// a constant and what it must be a multiple of, ? may be left out, |pred a second result, |pred? one that may be left
    /// out. Others: @ an address in the space of the modifiers, or `@shared`, `@global`, L a label, carry the condition code,
    /// F a call's operands, M what mov takes.
    std::string_view operands;
    /// The function for one of the forms.
    Execute (*choose)(const Instruction&);
    Flow flow = Flow::Next;         ///< which lane goes on where
    int target = 50;                ///< the first sm_ that has it
    int version = 60;               ///< of PTX, times ten
    std::string_view refusal = {};  ///< why it is known and yet not executed
    bool unsuffixed = false;  ///< the rounding is not stated, so that ptxas may contract it with another operation
    bool passes_undefined = false;  ///< copies registers, those without a value too
};

/// The tables, each of a file in execute/.
using OpcodeTable = std::span<const Opcode>;
/// Of integers.
OpcodeTable integer_opcodes();
/// Of integers whose results are twice as wide, with carry, and dot products of bytes.
OpcodeTable wide_integer_opcodes();
/// Of bits.
OpcodeTable bit_opcodes();
/// Of f32 and f64.
OpcodeTable real_opcodes();
/// Of f16 and bf16.
OpcodeTable half_opcodes();
/// setp, selp, slct.
OpcodeTable compare_opcodes();
/// set.
OpcodeTable set_opcodes();
/// cvt.
OpcodeTable convert_opcodes();
/// cvt of several numbers at once.
OpcodeTable pack_opcodes();
/// mov, cvta, isspacep.
OpcodeTable move_opcodes();
/// ld, ldu, st, fences and prefetches.
OpcodeTable memory_opcodes();
/// atom and red.
OpcodeTable atomic_opcodes();
/// cp.async.
OpcodeTable copy_opcodes();
/// Branches, calls, barriers.
OpcodeTable control_opcodes();
/// shfl, vote, match, redux, elect.
OpcodeTable collective_opcodes();
/// ldmatrix, stmatrix, movmatrix.
OpcodeTable fragment_opcodes();
/// mma.
OpcodeTable matrix_opcodes();
/// What is known and not executed.
OpcodeTable refused_opcodes();

/// All rows, table after table.
const std::vector<const Opcode*>& opcodes();

/// The row whose pattern the instruction's words match, or nullptr.
const Opcode* find_opcode(const Instruction& x);

/// Of an instruction that no row matches what is wrong: "expected one of .rn, .rz, found .foo", at the first modifier that the
/// rows of its base opcode do not have there, in at most 200 characters or so; empty if the base opcode has no row that
/// is executed.
std::string wrong_modifier(const Instruction& x);

}  // namespace halfulp::ptx
