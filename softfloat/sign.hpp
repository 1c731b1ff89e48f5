#pragma once

#include <cstdint>

#include <halfulp/softfloat/format.hpp>

// The sign of a code (IEEE 754-2019, 5.5.1): of NaNs too, and without any exception. Bits above the format's width must
// be 0.

namespace halfulp {

/// Does the code have a sign that can be changed? Zero and NaN of the fnuz formats have none, nor has any unsigned code.
constexpr bool has_sign(const Format& f, std::uint64_t code) {
    return f.is_signed && (f.has_negative_zero || (code & f.magnitude_mask()) != 0);
}

/// Has it a sign, and is that minus? Of a NaN too.
constexpr bool is_negative(const Format& f, std::uint64_t code) {
    return has_sign(f, code) && (code & f.sign_bit()) != 0;
}

/// The code with the other sign; of fnuz formats zero and NaN stay.
constexpr std::uint64_t negate(const Format& f, std::uint64_t code) {
    return has_sign(f, code) ? code ^ f.sign_bit() : code;
}

/// The code with the sign cleared.
constexpr std::uint64_t abs(const Format& f, std::uint64_t code) {
    return is_negative(f, code) ? negate(f, code) : code;
}

/// The magnitude of `code` with the given sign.
constexpr std::uint64_t copy_sign(const Format& f, std::uint64_t code, bool negative) {
    return is_negative(f, code) == negative ? code : negate(f, code);
}

}  // namespace halfulp
