#pragma once

#include <array>
#include <cstdint>

#include <halfulp/softfloat/name.hpp>
#include <halfulp/softfloat/sign.hpp>

namespace halfulp {

/// IEEE 754-2019, 5.7.2, in its order.
enum class Class : std::uint8_t {
    SignalingNaN,
    QuietNaN,
    NegativeInfinity,
    NegativeNormal,
    NegativeSubnormal,
    NegativeZero,
    PositiveZero,
    PositiveSubnormal,
    PositiveNormal,
    PositiveInfinity,
};

/// The classes by name, as the standard lists them.
inline constexpr std::array classes = {
    Named<Class>{"signalingNaN", Class::SignalingNaN, {"snan"}},
    Named<Class>{"quietNaN", Class::QuietNaN, {"qnan"}},
    Named<Class>{"negativeInfinity", Class::NegativeInfinity, {}},
    Named<Class>{"negativeNormal", Class::NegativeNormal, {}},
    Named<Class>{"negativeSubnormal", Class::NegativeSubnormal, {}},
    Named<Class>{"negativeZero", Class::NegativeZero, {}},
    Named<Class>{"positiveZero", Class::PositiveZero, {}},
    Named<Class>{"positiveSubnormal", Class::PositiveSubnormal, {}},
    Named<Class>{"positiveNormal", Class::PositiveNormal, {}},
    Named<Class>{"positiveInfinity", Class::PositiveInfinity, {}},
};

/// Subnormal: neither zero nor normal. Formats without subnormal numbers have none.
constexpr bool is_subnormal(const Format& f, std::uint64_t code) {
    const std::uint64_t magnitude = code & f.magnitude_mask();
    return magnitude != 0 && magnitude < f.min_normal_code();
}

/// The class of a code.
constexpr Class classify(const Format& f, std::uint64_t code) {
    if (f.is_nan(code)) return f.is_signaling(code) ? Class::SignalingNaN : Class::QuietNaN;
    const bool negative = is_negative(f, code);
    const std::uint64_t magnitude = code & f.magnitude_mask();
    if (f.has_inf && magnitude == f.inf_code()) return negative ? Class::NegativeInfinity : Class::PositiveInfinity;
    if (magnitude == 0 && f.has_subnormals) return negative ? Class::NegativeZero : Class::PositiveZero;
    if (is_subnormal(f, code)) return negative ? Class::NegativeSubnormal : Class::PositiveSubnormal;
    return negative ? Class::NegativeNormal : Class::PositiveNormal;
}

}  // namespace halfulp
