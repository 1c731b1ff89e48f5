#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// One input chosen to tell models apart, and the bits that hardware returned. Codes in the formats of `spec`.
struct DirectedVector {
    std::string id, gpu, formats, source, note;  ///< the columns of the table, as they stand there
    const MmaSpec* spec = nullptr;               ///< the row that it asks, if there is one
    std::vector<std::uint64_t> a, b;             ///< codes
    std::uint64_t c = 0, d = 0;                  ///< codes: what is added, and the result of the hardware
};

/// Reads a table with a head line and the tab-separated columns
///     id  arch  type  A_hex  B_hex  C_hex  D_hex  source  note
/// where arch is a GPU of the table or BW (Blackwell's native instructions), type is such as f16>f32, and codes are
/// separated by blanks; tf32 codes are whole binary32 words. Throws InputError with file and line.
std::vector<DirectedVector> read_directed(const std::filesystem::path& path);

}  // namespace halfulp
