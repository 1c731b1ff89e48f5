#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// One matrix instruction: D = A B + C with A of m x k, B of k x n, C and D of m x n.
struct MmaInstruction {
    std::string name;     ///< in full
    int m, n, k;          ///< of its tile
    const MmaSpec* spec;  ///< how each output is computed
};

/// The instruction of that name on a processor, by PTX's or the instruction set's spelling; layouts (row, col) do not
/// matter. Where PTX has shape and elements in a descriptor, as tcgen05 does, they follow the name as wgmma writes them:
/// `tcgen05.mma.cta_group::1.kind::f16.m128n64k16.f32.f16.f16`. Throws InputError for an unknown processor, which lists
/// them, and for an unknown name, which lists the patterns of the processor that begin alike, or how these begin.
MmaInstruction find_instruction(std::string_view processor, std::string_view name);

/// The K of the shortest instruction that computes as the row does: of longer ones it is a divisor.
int shortest_k(const MmaSpec& spec);

/// The K of the longest one.
int longest_k(const MmaSpec& spec);

/// The patterns of the names that find_instruction takes, each once: {a}, {b}, {d} stand for elements, {n} for a number.
std::vector<std::string> instruction_patterns(std::string_view processor);

/// The operands of an instruction, as codes, each matrix row after row. Where the unit scales, with its blocks along k:
/// a_scales of m x k / block, b_scales of k / block x n.
struct MmaTile {
    std::span<const std::uint64_t> a, b, c;                       ///< codes, row by row
    std::span<const std::uint64_t> a_scales = {}, b_scales = {};  ///< codes, where the row has them
};

/// D, row after row: each output is mma_dot of a row of A, a column of B and an element of C. Throws InputError where a
/// matrix is not of the instruction's shape, such as one of another K, and as mma_dot does.
std::vector<std::uint64_t> mma_tile(const MmaInstruction& instruction, const MmaTile& tile);

}  // namespace halfulp
