#pragma once

#include <filesystem>

#include <halfulp/lib/io/tensor.hpp>

namespace halfulp {

/// The most numbers that a matrix of such a file may have, zeros included: a short file may name any size.
inline constexpr std::size_t most_matrix_market_numbers = std::size_t{1} << 24;

/// The matrix of a Matrix Market file (Boisvert, Pozo, Remington, NISTIR 5935, 1996), zeros and mirrored halves filled
/// in: coordinate or array; real, integer (int64) or pattern (int64, 1 where there is an entry); general, symmetric or
/// skew-symmetric. Throws InputError with the line for complex numbers and whatever does not follow the format, such as
/// an entry above the diagonal of a symmetric matrix, or one that is given twice.
Tensor read_matrix_market(const std::filesystem::path& path);

}  // namespace halfulp
