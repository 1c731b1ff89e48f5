#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/formats.hpp>

// Elements of tensors as files hold them.

namespace halfulp {

/// Bits of a code.
constexpr int width_of(const ElementType& type) {
    return std::visit([](const auto& row) { return row.width; }, type);
}

/// How an unsigned integer holds a code.
struct Storage {
    int width;  ///< of the integer
    int shift;  ///< of the code within it
};

/// The number type of files whose bits are the format's, if there is one.
constexpr Storage storage_of(const Format& format) {
    const auto width = std::bit_ceil(static_cast<unsigned>(format.width));
    return {.width = width < 8 ? 8 : static_cast<int>(width), .shift = format == tf32 ? 32 - tf32.width : 0};
}

/// Integers are stored as they are.
constexpr Storage storage_of(const ElementType& type) {
    const auto* format = std::get_if<Format>(&type);
    return format ? storage_of(*format) : Storage{.width = width_of(type), .shift = 0};
}

/// The same codes stored in unsigned integers.
Tensor as_integers(const Tensor& tensor);

/// The product of the sizes, unless it needs more than 64 bits on the way.
std::optional<std::uint64_t> element_count(const std::vector<std::size_t>& shape);

/// "(3, 4)", "(3,)": a tuple of Python.
std::string shape_text(const std::vector<std::size_t>& shape);

/// The codes that lie one after another in these bytes. Pre: whole codes of a whole number of bytes, or of 4 bits: two in a
/// byte, the first in its low half, as PyTorch's float4_e2m1fn_x2 has them (c10/util/Float4_e2m1fn_x2.h).
std::vector<std::uint64_t> unpack(std::string_view bytes, int width, bool big_endian);

/// The codes one after another, little-endian. Pre: whole bytes.
std::string pack(const std::vector<std::uint64_t>& codes, int width);

}  // namespace halfulp
