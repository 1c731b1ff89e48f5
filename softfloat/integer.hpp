#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>

#include <halfulp/softfloat/integral.hpp>
#include <halfulp/softfloat/name.hpp>
#include <halfulp/softfloat/operand.hpp>

// Conversions to and from integers of 8 to 64 bits (IEEE 754-2019, 5.4.1 and 5.8).

namespace halfulp {

/// A two's complement or unsigned integer type as data. Its codes are the low `width` bits.
struct IntegerType {
    int width;       ///< bits, 8 to 64
    bool is_signed;  ///< in two's complement

    constexpr std::uint64_t code_mask() const { return ~std::uint64_t{0} >> (64 - width); }  ///< all of its bits
    constexpr std::uint64_t greatest() const { return code_mask() >> (is_signed ? 1 : 0); }  ///< the largest integer
    constexpr std::uint64_t least() const { return is_signed ? greatest() + 1 : 0; }         ///< as a code

    friend constexpr bool operator==(const IntegerType&, const IntegerType&) = default;
};

/// The aliases are TestFloat's and PTX's.
inline constexpr std::array integer_types = {
    Named<IntegerType>{"int8", {8, true}, {"i8", "s8"}},
    Named<IntegerType>{"int16", {16, true}, {"i16", "s16"}},
    Named<IntegerType>{"int32", {32, true}, {"i32", "s32"}},
    Named<IntegerType>{"int64", {64, true}, {"i64", "s64"}},
    Named<IntegerType>{"uint8", {8, false}, {"ui8", "u8"}},
    Named<IntegerType>{"uint16", {16, false}, {"ui16", "u16"}},
    Named<IntegerType>{"uint32", {32, false}, {"ui32", "u32"}},
    Named<IntegerType>{"uint64", {64, false}, {"ui64", "u64"}},
};

/// What becomes of a number whose rounded value the integer type lacks, of infinity and of NaN. In each case invalid is
/// signalled and inexact is not (IEEE 754-2019, 5.8).
enum class OutOfRange : std::uint8_t {
    Saturate,    ///< the end of the range; NaN is 0 (Arm, CUDA), under NanPolicy::Riscv the greatest integer (RISC-V)
    Wrap,        ///< modulo 2^width; infinity and NaN are 0 (ECMAScript's ToInt32, Arm's FJCVTZS)
    Indefinite,  ///< x86's integer indefinite: only the top bit set; all bits set where unsigned (AVX-512)
};

/// The rules by name, as the program takes them.
inline constexpr std::array out_of_range_rules = {
    Named<OutOfRange>{"Saturate", OutOfRange::Saturate, {"saturate", "arm", "riscv", "cuda"}},
    Named<OutOfRange>{"Wrap", OutOfRange::Wrap, {"wrap", "modulo"}},
    Named<OutOfRange>{"Indefinite", OutOfRange::Indefinite, {"indefinite", "x86"}},
};

/// The code that takes the place of what the type lacks. Pre: x is an integer, infinity or NaN.
constexpr std::uint64_t out_of_range_code(const IntegerType& to, const Exact& x, OutOfRange rule, NanPolicy policy) {
    if (rule == OutOfRange::Indefinite) return to.is_signed ? to.least() : to.code_mask();
    if (rule == OutOfRange::Wrap) {
        if (x.kind != Kind::Finite || x.exp >= 64) return 0;
        const auto magnitude = static_cast<std::uint64_t>(x.sig << x.exp);
        return (x.negative ? ~magnitude + 1 : magnitude) & to.code_mask();
    }
    if (x.kind == Kind::NaN) return policy == NanPolicy::Riscv ? to.greatest() : 0;
    return x.negative ? to.least() : to.greatest();
}

/// Rounded to an integer, then brought into range.
/// Pre: x is exact, or below 2^61, or the rounding is not Stochastic and the rule not Wrap.
[[nodiscard]] constexpr Rounded to_integer(const IntegerType& to, const Sticky& x, const Env& env = {},
                                           OutOfRange rule = OutOfRange::Saturate) {
    const Exact v = round_to_integral_exact(x, env);
    const u128 limit = v.negative ? to.least() : to.greatest();
    if (v.is_zero()) return {0, v.raised};
    if (v.kind == Kind::Finite && v.top() <= 64 && v.sig << v.exp <= limit) {
        const auto magnitude = static_cast<std::uint64_t>(v.sig << v.exp);
        return {(v.negative ? ~magnitude + 1 : magnitude) & to.code_mask(), v.raised};
    }
    return {out_of_range_code(to, v, rule, env.nan), x.value.raised | Status{.invalid = true}};
}

/// A code to an integer.
[[nodiscard]] constexpr Rounded to_integer(const IntegerType& to, const Operand& x, const Env& env = {},
                                           OutOfRange rule = OutOfRange::Saturate) {
    const Input in = input_of(x, env);
    const Rounded r = to_integer(to, decode(in.operand), env, rule);
    return {r.code, r.status | in.status};
}

/// The integer of a code, exactly.
constexpr Exact exact(const IntegerType& type, std::uint64_t code) {
    code &= type.code_mask();
    if (!type.is_signed || code <= type.greatest()) return exact(code);
    Exact x = exact((~code + 1) & type.code_mask());
    x.negative = true;
    return x;
}

/// An integer as a code, rounded once: never by way of another format.
[[nodiscard]] constexpr Rounded from_integer(const Format& to, const IntegerType& from, std::uint64_t code,
                                             const Env& env = {}) {
    return round_pack(to, exact(from, code), env);
}

// The same for the integer types of C++.

/// The type of C++ as a row.
template <std::integral I>
inline constexpr IntegerType integer_type{8 * static_cast<int>(sizeof(I)), std::signed_integral<I>};

/// An integer of C++ with the exceptions signalled on the way.
template <std::integral I>
struct RoundedInteger {
    I value;        ///< in range of the type
    Status status;  ///< the exceptions signalled on the way

    friend constexpr bool operator==(const RoundedInteger&, const RoundedInteger&) = default;
};

/// Rounded to an integer of C++, then brought into range.
template <std::integral I>
[[nodiscard]] constexpr RoundedInteger<I> to_integer(const Sticky& x, const Env& env = {},
                                                     OutOfRange rule = OutOfRange::Saturate) {
    const Rounded r = to_integer(integer_type<I>, x, env, rule);
    return {static_cast<I>(r.code), r.status};
}

/// An integer of C++ as a code, rounded once.
[[nodiscard]] constexpr Rounded from_integer(const Format& to, std::integral auto integer, const Env& env = {}) {
    return round_pack(to, exact(integer), env);
}

}  // namespace halfulp
