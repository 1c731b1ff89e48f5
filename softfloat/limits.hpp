#pragma once

#include <cstdint>
#include <limits>

#include <halfulp/softfloat/float.hpp>
#include <halfulp/softfloat/parse.hpp>

// std::numeric_limits of Float<F>, derived from the format ([numeric.limits.members]; C 5.2.4.2.2). Where the standard asks
// for a number that a format lacks, it is the one with code 0, as for any type.

namespace halfulp {

/// floor(log10(2^e)). 30103 / 10^5 is above log10(2) by less than 5e-9; exact for |e| <= 2135.
constexpr int floor_log10_of_two_to(int e) {
    const int scaled = e * 30103;
    return scaled >= 0 ? scaled / 100000 : -((99999 - scaled) / 100000);
}

/// The largest n for which 10^n is not beyond the largest finite number, which lies below 2^(emax + 1).
constexpr int max_exponent10_of(const Format& f) {
    const int n = floor_log10_of_two_to(f.emax() + 1);
    const Sticky power = decimal(false, {.number = BigUnsigned{1}, .exponent = n});
    return round_pack(f, power, {.rounding = Rounding::Up}).status.overflow ? n - 1 : n;
}

}  // namespace halfulp

template <halfulp::Format F>
struct std::numeric_limits<halfulp::Float<F>> {
  private:
    using Float = halfulp::Float<F>;
    /// 2^e, as far as the format has it.
    static constexpr Float two_to(int e) noexcept {
        return halfulp::rounded<F>(halfulp::Exact::finite(false, e, 1)).value;
    }

  public:
    static constexpr bool is_specialized = true;
    static constexpr bool is_signed = F.is_signed;
    static constexpr bool is_integer = false;
    static constexpr bool is_exact = false;
    static constexpr bool is_bounded = true;
    static constexpr bool is_modulo = false;
    static constexpr bool traps = false;
    /// The interchange formats of IEEE 754-2019, 3.6, of up to 64 bits. The others only resemble them.
    static constexpr bool is_iec559 = F == halfulp::binary16 || F == halfulp::binary32 || F == halfulp::binary64;

    static constexpr bool has_infinity = F.has_inf;
    static constexpr bool has_quiet_NaN = F.has_nan();
    static constexpr bool has_signaling_NaN = F.is_signaling(F.inf_code() + 1);
    static constexpr float_denorm_style has_denorm =
        F.min_code() < F.min_normal_code() ? denorm_present : denorm_absent;
    static constexpr bool has_denorm_loss = false;
    static constexpr float_round_style round_style = round_to_nearest;  ///< of the operators
    static constexpr bool tinyness_before = false;                      ///< of the operators

    static constexpr int radix = 2;
    static constexpr int digits = F.precision;
    static constexpr int digits10 = halfulp::floor_log10_of_two_to(F.precision - 1);
    static constexpr int max_digits10 = halfulp::floor_log10_of_two_to(F.precision) + 2;
    static constexpr int min_exponent = F.emin() + 1;
    static constexpr int max_exponent = F.emax() + 1;
    /// Not negative where no power of ten below 1 is normal.
    static constexpr int min_exponent10 = -halfulp::floor_log10_of_two_to(-F.emin());
    static constexpr int max_exponent10 = halfulp::max_exponent10_of(F);

    static constexpr Float min() noexcept { return Float::from_code(F.min_normal_code()); }
    static constexpr Float max() noexcept { return Float::from_code(F.max_code()); }
    static constexpr Float lowest() noexcept { return Float::from_code(F.is_signed ? F.sign_bit() | F.max_code() : 0); }
    static constexpr Float epsilon() noexcept { return two_to(1 - F.precision); }
    static constexpr Float round_error() noexcept { return two_to(-1); }
    static constexpr Float denorm_min() noexcept { return Float::from_code(F.min_code()); }
    static constexpr Float infinity() noexcept { return Float::from_code(has_infinity ? F.inf_code() : 0); }
    static constexpr Float quiet_NaN() noexcept { return Float::from_code(has_quiet_NaN ? F.nan_code() : 0); }
    /// The one whose leading bit after the quiet bit is set, as compilers have it.
    static constexpr Float signaling_NaN() noexcept {
        return Float::from_code(has_signaling_NaN ? F.inf_code() + (F.nan_code() - F.inf_code()) / 2 : 0);
    }
};
