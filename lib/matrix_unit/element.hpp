#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>

namespace halfulp {

/// What the codes of a matrix stand for: numbers of a format, or integers.
struct Element {
    Format format = {};                       ///< unless it is an integer
    std::optional<IntegerType> integer = {};  ///< the integer type; empty of a format

    /// a number
    constexpr Element(const Format& f) : format(f) {}  // NOLINT(google-explicit-constructor): every Format is one
    /// an integer
    constexpr Element(const IntegerType& i) : integer(i) {}  // NOLINT(google-explicit-constructor): so is every integer

    constexpr int width() const { return integer ? integer->width : format.width; }            ///< bits of a code
    constexpr std::uint64_t code_mask() const { return ~std::uint64_t{0} >> (64 - width()); }  ///< all of these bits

    friend constexpr bool operator==(const Element&, const Element&) = default;
};

/// PTX's names: fp16, e4m3, s8, u4.
inline std::string name_of(const Element& element) {
    if (!element.integer) return std::string(short_name(element.format));
    return (element.integer->is_signed ? "s" : "u") + std::to_string(element.integer->width);
}

/// The integers of matrix units.
inline constexpr IntegerType s4{4, true}, u4{4, false}, s8{8, true}, u8{8, false}, s32{32, true};

/// The unsigned scale format of NVIDIA's mxf4nvf4: e4m3fn without a sign. Bytes hold it under an unused bit.
inline constexpr Format ue4m3 = {.width = 7, .precision = 4, .bias = 7, .nan_codes = 1, .is_signed = false};

/// PTX's name of a scale's format.
constexpr std::string_view name_of_scale(const Format& format) {
    return format == ue4m3 ? "ue4m3" : format == e8m0 ? "ue8m0" : short_name(format);
}

/// binary32 with 13 fraction bits: what a block of fp8 numbers leaves in its accumulator.
inline constexpr Format e8m13 = ieee(22, 14);

}  // namespace halfulp
