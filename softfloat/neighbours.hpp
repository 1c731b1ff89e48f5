#pragma once

#include <cstdint>
#include <optional>

#include <halfulp/softfloat/sign.hpp>

namespace halfulp {

/// One step up or down the numbers of a format (IEEE 754-2019, 5.3.1, nextUp and nextDown). -0 and +0 are one place, and
/// the number above the largest negative one is -0 where there is one. A NaN stays, and so does what lies at the end:
/// infinity, in formats without it the largest number, and e8m0's least.
constexpr std::uint64_t neighbour(const Format& f, std::uint64_t code, bool up) {
    const std::uint64_t magnitude = code & f.magnitude_mask(), last = f.has_inf ? f.inf_code() : f.max_code();
    if (f.is_nan(code)) return code;
    if (magnitude == 0 && f.has_subnormals) return f.min_code() | (up ? 0 : f.sign_bit());
    if (is_negative(f, code) != up) return magnitude == last ? code : code + 1;
    if (magnitude == 0) return code;
    return magnitude == 1 && !f.has_negative_zero ? 0 : code - 1;
}

/// the least number above
constexpr std::uint64_t next_up(const Format& f, std::uint64_t code) { return neighbour(f, code, true); }
/// the greatest number below
constexpr std::uint64_t next_down(const Format& f, std::uint64_t code) { return neighbour(f, code, false); }

/// How many steps lead from the one number to the other, an infinity being one beyond the largest number; nothing if
/// either is NaN.
constexpr std::optional<std::uint64_t> steps_between(const Format& f, std::uint64_t a, std::uint64_t b) {
    a &= f.code_mask(), b &= f.code_mask();
    if (f.is_nan(a) || f.is_nan(b)) return std::nullopt;
    const std::uint64_t x = a & f.magnitude_mask(), y = b & f.magnitude_mask();
    if (is_negative(f, a) != is_negative(f, b)) return x + y;
    return x > y ? x - y : y - x;
}

}  // namespace halfulp
