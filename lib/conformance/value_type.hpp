#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

/// A type of TestFloat's functions: a floating-point format or an integer.
struct ValueType {
    std::string_view name;  ///< as TestFloat spells it
    int bits;
    std::optional<Format> format = {};  ///< empty for an integer
    bool is_signed = true;              ///< of an integer
};

inline constexpr std::array value_types = {
    ValueType{"f16", 16, binary16},    ValueType{"bf16", 16, bfloat16},
    ValueType{"f32", 32, binary32},    ValueType{"f64", 64, binary64},
    ValueType{"i32", 32},              ValueType{"i64", 64},
    ValueType{"ui32", 32, {}, false},  ValueType{"ui64", 64, {}, false},
};

/// The type of that name.
constexpr std::optional<ValueType> find_value_type(std::string_view name) {
    for (const ValueType& type : value_types)
        if (type.name == name) return type;
    return std::nullopt;
}

}  // namespace halfulp
