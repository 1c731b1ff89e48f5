#pragma once

#include <array>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/name.hpp>

namespace halfulp {

/// double precision
inline constexpr Format binary64 = ieee(64, 53);
/// single precision
inline constexpr Format binary32 = ieee(32, 24);
inline constexpr Format tf32 = ieee(19, 11);  ///< the 19 bits that matter; registers hold them atop 13 unused ones
/// half precision
inline constexpr Format binary16 = ieee(16, 11);
/// binary32's range with 8 bits of precision
inline constexpr Format bfloat16 = ieee(16, 8);
/// fp8 with binary16's range, infinity and NaNs
inline constexpr Format e5m2 = ieee(8, 3);
/// fp8 without infinity and with one NaN of each sign
inline constexpr Format e4m3fn = {.width = 8, .precision = 4, .bias = 7, .nan_codes = 1};
/// fp8 with IEEE's infinity and NaNs
inline constexpr Format e4m3 = ieee(8, 4);
/// fp8 of one NaN, without infinity and -0
inline constexpr Format e5m2fnuz = {.width = 8, .precision = 3, .bias = 16, .has_negative_zero = false};
/// fp8 of one NaN, without infinity and -0
inline constexpr Format e4m3fnuz = {.width = 8, .precision = 4, .bias = 8, .has_negative_zero = false};
/// fp6 without infinity and NaN
inline constexpr Format e3m2 = {.width = 6, .precision = 3, .bias = 3};
/// fp6 without infinity and NaN
inline constexpr Format e2m3 = {.width = 6, .precision = 4, .bias = 1};
/// fp4 without infinity and NaN
inline constexpr Format e2m1 = {.width = 4, .precision = 2, .bias = 1};
/// The powers of two from 2^-127 to 2^127, as scales.
inline constexpr Format e8m0 = {
    .width = 8, .precision = 1, .bias = 127, .nan_codes = 1, .is_signed = false, .has_subnormals = false};

/// A row of the table of formats.
struct NamedFormat {
    std::string_view name;    ///< its first name
    Format format;            ///< what it is
    Aliases aliases;          ///< other names
    std::string_view source;  ///< who defines the encoding
};

/// Every format: what tests sweep, the README lists and names are looked up in. The aliases are those of numpy,
/// ml_dtypes, PTX and common speech; `e4m3` by name is PTX's, the finite-and-NaN one of OCP FP8.
inline constexpr std::array formats = {
    NamedFormat{"binary64", binary64, {"fp64", "f64", "double", "float64"}, "IEEE 754-2019"},
    NamedFormat{"binary32", binary32, {"fp32", "f32", "single", "float", "float32"}, "IEEE 754-2019"},
    NamedFormat{"tf32", tf32, {"tensorfloat32"}, "NVIDIA PTX ISA"},
    NamedFormat{"binary16", binary16, {"fp16", "f16", "half", "float16"}, "IEEE 754-2019"},
    NamedFormat{"bfloat16", bfloat16, {"bf16"}, "Google; the upper half of binary32"},
    NamedFormat{"e5m2", e5m2, {"float8_e5m2", "fp8_e5m2"}, "OCP FP8 1.0"},
    NamedFormat{"e4m3fn", e4m3fn, {"e4m3", "float8_e4m3fn", "fp8_e4m3"}, "OCP FP8 1.0"},
    NamedFormat{"e4m3_ieee", e4m3, {"float8_e4m3"}, "ml_dtypes float8_e4m3"},
    NamedFormat{"e5m2fnuz", e5m2fnuz, {"float8_e5m2fnuz"}, "arXiv:2206.02915"},
    NamedFormat{"e4m3fnuz", e4m3fnuz, {"float8_e4m3fnuz"}, "arXiv:2206.02915"},
    NamedFormat{"e3m2", e3m2, {"e3m2fn", "float6_e3m2fn", "fp6_e3m2"}, "OCP MX 1.0"},
    NamedFormat{"e2m3", e2m3, {"e2m3fn", "float6_e2m3fn", "fp6_e2m3"}, "OCP MX 1.0"},
    NamedFormat{"e2m1", e2m1, {"e2m1fn", "float4_e2m1fn", "fp4"}, "OCP MX 1.0"},
    NamedFormat{"e8m0", e8m0, {"ue8m0", "float8_e8m0fnu"}, "OCP MX 1.0"},
};

/// The format of that name or alias.
constexpr std::optional<NamedFormat> find_format(std::string_view name) { return find_by_name(formats, name); }

/// The row of a format, if it has one: formats may also be made up, as hardware's intermediate ones are.
constexpr std::optional<NamedFormat> row_of(const Format& format) {
    for (const NamedFormat& row : formats)
        if (row.format == format) return row;
    return std::nullopt;
}

/// The name of a format of the table.
constexpr std::string_view name_of(const Format& format) {
    const auto row = row_of(format);
    return row ? row->name : "unnamed";
}

/// What people call it: fp16, bf16, fp32, e4m3. Where an alias is shorter than the name, it stands first.
constexpr std::string_view short_name(const Format& format) {
    const auto row = row_of(format);
    const bool shorter = row && !row->aliases.empty() && row->aliases.begin()->size() < row->name.size();
    return shorter ? *row->aliases.begin() : name_of(format);
}

}  // namespace halfulp
