#pragma once

#include <array>
#include <cstdint>

#include <halfulp/softfloat/integer.hpp>
#include <halfulp/softfloat/name.hpp>

namespace halfulp::quantize {

/// The integer types that tensors are quantised to; the names are ONNX's.
inline constexpr std::array code_types = {
    Named<IntegerType>{"int8", {8, true}, {"i8", "s8"}},     Named<IntegerType>{"uint8", {8, false}, {"u8"}},
    Named<IntegerType>{"int16", {16, true}, {"i16", "s16"}}, Named<IntegerType>{"uint16", {16, false}, {"u16"}},
    Named<IntegerType>{"int4", {4, true}, {"i4", "s4"}},     Named<IntegerType>{"uint4", {4, false}, {"u4"}},
    Named<IntegerType>{"int2", {2, true}, {"i2", "s2"}},     Named<IntegerType>{"uint2", {2, false}, {"u2"}},
};

/// The integers that are codes.
struct CodeRange {
    std::int32_t least, greatest;  ///< both are codes

    /// Is it one of the codes?
    constexpr bool has(std::int64_t code) const { return least <= code && code <= greatest; }
    /// Steps from the first code to the last.
    constexpr std::int32_t steps() const { return greatest - least; }

    friend constexpr bool operator==(const CodeRange&, const CodeRange&) = default;
};

/// All integers of a type: [-128, 127]. Pre: at most 16 bits.
constexpr CodeRange full_range(const IntegerType& type) {
    const std::int32_t codes = std::int32_t{1} << type.width;
    return type.is_signed ? CodeRange{-codes / 2, codes / 2 - 1} : CodeRange{0, codes - 1};
}

/// The same without the least one of a signed type, so that -k is a code if k is: [-127, 127]. Pre: at most 16 bits.
constexpr CodeRange restricted_range(const IntegerType& type) {
    const CodeRange all = full_range(type);
    return type.is_signed ? CodeRange{-all.greatest, all.greatest} : all;
}

}  // namespace halfulp::quantize
