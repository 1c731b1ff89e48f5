#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <halfulp/lib/io/binary_file.hpp>

namespace halfulp {

/// The dictionary at the head of an .npy file (numpy.lib.format).
struct NpyHeader {
    std::string descr;               ///< "<f2": byte order, kind and bytes of an element
    bool fortran_order = false;      ///< column-major: the first index runs fastest
    std::vector<std::size_t> shape;  ///< rows first
    std::uint64_t size = 0;          ///< bytes before the elements
};

/// Throws InputError for what is no .npy file of version 1.0, 2.0 or 3.0, or has elements of structured types.
NpyHeader read_npy_header(BinaryFile& file);

/// The bytes before the elements in version 1.0, as NumPy writes them: with blanks for the first size to grow to 21 digits,
/// and then for the elements to start at a multiple of 64. Pre: at most 64 sizes.
std::string npy_header(std::string_view descr, const std::vector<std::size_t>& shape);

}  // namespace halfulp
