#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace halfulp::ptx {

/// What a type's bits stand for. Bits fit every type of their width.
enum class Kind : std::uint8_t { Predicate, Bits, Unsigned, Signed, Real, RealPair, Element };

/// A type of PTX by its name; PTX ISA, chapters "Types" and "Alternate floating-point formats".
struct Type {
    std::string_view name;  ///< without its dot
    int bits;               ///< of a value
    Kind kind;              ///< what they stand for

    constexpr std::size_t bytes() const { return static_cast<std::size_t>(bits + 7) / 8; }  ///< in memory
    /// with a sign or without
    constexpr bool is_integer() const { return kind == Kind::Unsigned || kind == Kind::Signed; }
    constexpr bool is_real() const { return kind == Kind::Real || kind == Kind::RealPair; }  ///< one number, or two
    friend constexpr bool operator==(const Type& a, const Type& b) { return a.name == b.name; }
};

/// Every type, by name.
inline constexpr std::array types = {
    Type{"pred", 1, Kind::Predicate},  Type{"b8", 8, Kind::Bits},         Type{"b16", 16, Kind::Bits},
    Type{"b32", 32, Kind::Bits},       Type{"b64", 64, Kind::Bits},       Type{"u8", 8, Kind::Unsigned},
    Type{"u16", 16, Kind::Unsigned},   Type{"u32", 32, Kind::Unsigned},   Type{"u64", 64, Kind::Unsigned},
    Type{"s8", 8, Kind::Signed},       Type{"s16", 16, Kind::Signed},     Type{"s32", 32, Kind::Signed},
    Type{"s64", 64, Kind::Signed},     Type{"f16", 16, Kind::Real},       Type{"f32", 32, Kind::Real},
    Type{"f64", 64, Kind::Real},       Type{"f16x2", 32, Kind::RealPair}, Type{"bf16", 16, Kind::Element},
    Type{"bf16x2", 32, Kind::Element}, Type{"tf32", 32, Kind::Element},   Type{"e4m3", 8, Kind::Element},
    Type{"e5m2", 8, Kind::Element},    Type{"e4m3x2", 16, Kind::Element}, Type{"e5m2x2", 16, Kind::Element},
    Type{"u2", 2, Kind::Element},      Type{"s2", 2, Kind::Element},      Type{"u4", 4, Kind::Element},
    Type{"s4", 4, Kind::Element},      Type{"b1", 1, Kind::Element},      Type{"u16x2", 32, Kind::Element},
    Type{"s16x2", 32, Kind::Element},
};

/// The type of that name, without its dot.
constexpr std::optional<Type> find_type(std::string_view name) {
    for (const Type& type : types)
        if (type.name == name) return type;
    return std::nullopt;
}

/// Can a variable or a register be declared so? The others name what instructions make of bits.
constexpr bool is_fundamental(const Type& type) { return type.kind != Kind::Element; }

/// Can a register of this type be an operand of that one? PTX ISA, "Operand type checking": the same width, and
/// integers fit each other, and bits fit everything. Element types live in bits, or in registers of f16 kinds of their
/// width.
constexpr bool fits(const Type& of_register, const Type& wanted) {
    if (of_register.bits != wanted.bits && !(wanted.bits == 8 && of_register.bits == 16)) return false;
    if (wanted.kind == Kind::Predicate || of_register.kind == Kind::Predicate) return wanted.kind == of_register.kind;
    if (of_register.kind == Kind::Bits || wanted.kind == Kind::Bits) return true;
    if (of_register.is_integer() && wanted.is_integer()) return true;
    return of_register.is_real() == wanted.is_real() && !wanted.is_integer() && !of_register.is_integer() &&
           of_register.kind == wanted.kind;
}

}  // namespace halfulp::ptx
