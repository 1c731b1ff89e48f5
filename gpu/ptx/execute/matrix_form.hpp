#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/ptx/module.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>

namespace halfulp::ptx {

/// How the lanes of a warp hold a matrix: registers of 32 bits, or of 64 for f64, with elements from their low bits on.
struct Fragment {
    int registers = 0;
    int per_register = 1;
    int bits = 32;  ///< of an element's place
    int shift = 0;  ///< of a code within its place: tf32 lies in the high bits
    /// Which element of the matrix, row after row, lane `l` has as number `e`: places[l * elements() + e].
    std::vector<std::uint16_t> places = {};

    int elements() const { return registers * per_register; }
};

/// The formulas of PTX ISA, "Warp-level matrix fragment for mma": with groupID = lane / 4 and threadID = lane % 4,
/// registers hold neighbours along k, where threads follow each other; of 16 rows the lower 8 come in every second
/// register, and further k after those.
Fragment fragment_a(int m, int k, int bits);
Fragment fragment_b(int k, int n, int bits);
/// Two neighbours along n a thread, then the lower 8 rows.
Fragment fragment_c(int m, int n, int bits);

/// A matrix instruction as an architecture executes it.
struct MatrixForm {
    MmaInstruction instruction;
    Fragment a, b, c;  ///< d is as c
};

/// Of a mma; nothing where lib/matrix_unit has no model of what the architecture's unit makes of it.
std::optional<MatrixForm> matrix_form(const Instruction& x, std::string_view architecture);

/// What is then said.
std::string no_model_text(std::string_view architecture);

}  // namespace halfulp::ptx
