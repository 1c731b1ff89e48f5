#pragma once

#include <cstdint>

namespace halfulp {

/// What an encoding can represent, as data. Nothing else in the library describes a format, so adding one is adding
/// a row to formats.hpp. Structural, hence also a template argument: Float<binary16>.
///
/// A code is sign | magnitude. Magnitudes count upwards through zero, the subnormal and the normal numbers, then
/// infinity, then the NaNs, so that "the next larger number" is always "code + 1".
struct Format {
    int width;                      ///< bits of the encoding, 1 to 64
    int precision;                  ///< bits of the significand, the implicit one included
    int bias;                       ///< exponent field minus bias = exponent of the leading bit
    std::uint64_t nan_codes = 0;    ///< how many of the largest magnitudes are NaN
    bool has_inf = false;           ///< the magnitude just below those NaNs is infinity
    bool is_signed = true;          ///< the top bit is a sign
    bool has_negative_zero = true;  ///< false: the code of -0 is the one NaN (the "uz" of fnuz)
    bool has_subnormals = true;     ///< false: exponent field 0 is one more normal binade, and there is no zero (e8m0)

    constexpr int fraction_bits() const { return precision - 1; }  ///< bits of the significand that are stored
    /// Exponent of the smallest normal number.
    constexpr int emin() const { return has_subnormals ? 1 - bias : -bias; }
    /// Exponent of the largest finite number.
    constexpr int emax() const { return static_cast<int>(max_code() >> fraction_bits()) - bias; }

    /// only that bit of a code; 0 if there is none
    constexpr std::uint64_t sign_bit() const { return is_signed ? std::uint64_t{1} << (width - 1) : 0; }
    constexpr std::uint64_t code_mask() const { return ~std::uint64_t{0} >> (64 - width); }  ///< all bits of a code
    constexpr std::uint64_t magnitude_mask() const { return code_mask() & ~sign_bit(); }     ///< all but the sign

    constexpr std::uint64_t min_code() const { return has_subnormals ? 1 : 0; }  ///< least positive number
    /// 2^emin
    constexpr std::uint64_t min_normal_code() const { return has_subnormals ? std::uint64_t{1} << fraction_bits() : 0; }
    constexpr std::uint64_t max_code() const { return inf_code() - (has_inf ? 1 : 0); }  ///< largest finite number
    constexpr std::uint64_t inf_code() const { return magnitude_mask() - nan_codes; }    ///< only if has_inf

    constexpr bool has_nan() const { return nan_codes > 0 || !has_negative_zero; }  ///< is any code a NaN?
    /// The canonical quiet NaN: the middle one, which in the IEEE formats is the quiet bit alone. Only if has_nan().
    constexpr std::uint64_t nan_code() const {
        return has_negative_zero ? magnitude_mask() - nan_codes / 2 : sign_bit();
    }
    /// Is it no number? Pre: no bits above the width.
    constexpr bool is_nan(std::uint64_t code) const {
        const bool negative_zero = is_signed && code == sign_bit();
        return (code & magnitude_mask()) > inf_code() || (negative_zero && !has_negative_zero);
    }
    /// IEEE 754-2019, 6.2.1: a NaN whose quiet bit is clear. Formats with a single NaN have none.
    constexpr bool is_signaling(std::uint64_t code) const {
        return (code & magnitude_mask()) > inf_code() && (code & magnitude_mask()) < nan_code();
    }

    friend constexpr bool operator==(const Format&, const Format&) = default;
};

/// An IEEE 754 interchange-like format: bias and special values follow from the two widths.
constexpr Format ieee(int width, int precision) {
    return {.width = width,
            .precision = precision,
            .bias = (1 << (width - precision - 1)) - 1,
            .nan_codes = (std::uint64_t{1} << (precision - 1)) - 1,
            .has_inf = true};
}

}  // namespace halfulp
