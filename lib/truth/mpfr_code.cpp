#include <halfulp/lib/truth/mpfr_code.hpp>

#include <algorithm>

namespace halfulp::truth {
namespace {

std::uint64_t implicit_bit(const Format& f) { return std::uint64_t{1} << (f.precision - 1); }

/// A code by its fields (IEEE 754-2019, 3.4).
struct Fields {
    bool negative;
    std::uint64_t magnitude, exponent, fraction;
};

Fields fields(const Format& f, std::uint64_t code) {
    const std::uint64_t magnitude = code & f.magnitude_mask();
    return {.negative = f.is_signed && (code >> (f.width - 1) & 1) == 1,
            .magnitude = magnitude,
            .exponent = magnitude >> (f.precision - 1),
            .fraction = magnitude & (implicit_bit(f) - 1)};
}

bool is_infinity(const Format& f, const Fields& c) {
    return f.has_inf && c.magnitude == f.magnitude_mask() - f.nan_codes;
}

/// The exponent of subnormal numbers, which normal ones begin with.
int least_exponent(const Format& f) { return (f.has_subnormals ? 1 : 0) - f.bias; }

}  // namespace

bool is_nan(const Format& f, std::uint64_t code) {
    const Fields c = fields(f, code);
    return c.magnitude > f.magnitude_mask() - f.nan_codes || (!f.has_negative_zero && c.negative && c.magnitude == 0);
}

bool is_signaling_nan(const Format& f, std::uint64_t code) {
    return f.nan_codes > 1 && is_nan(f, code) && fields(f, code).fraction < implicit_bit(f) / 2;
}

std::uint64_t without_subnormal(const Format& f, std::uint64_t code) {
    const Fields c = fields(f, code);
    const bool subnormal = f.has_subnormals && c.exponent == 0 && c.fraction != 0;
    return !subnormal ? code : f.has_negative_zero ? code & ~f.magnitude_mask() : 0;
}

void set_code(mpfr_ptr x, const Format& f, std::uint64_t code) {
    const Fields c = fields(f, code);
    if (is_nan(f, code)) {
        mpfr_set_nan(x);
    } else if (is_infinity(f, c)) {
        mpfr_set_inf(x, c.negative ? -1 : 1);
    } else {
        const bool subnormal = f.has_subnormals && c.exponent == 0;
        const int exponent = std::max(static_cast<int>(c.exponent) - f.bias, least_exponent(f));
        mpfr_set_ui_2exp(x, subnormal ? c.fraction : c.fraction | implicit_bit(f), exponent - (f.precision - 1),
                         MPFR_RNDZ);
        mpfr_setsign(x, x, c.negative, MPFR_RNDZ);
    }
}

std::uint64_t magnitude_of(const Format& f, mpfr_ptr x) {
    if (mpfr_zero_p(x)) return 0;
    const auto fields_of_exponent = static_cast<mpfr_exp_t>(f.magnitude_mask() >> (f.precision - 1));
    if (mpfr_get_exp(x) - 1 + f.bias > fields_of_exponent) return f.magnitude_mask() + 1;
    const int exponent = std::max(static_cast<int>(mpfr_get_exp(x)) - 1, least_exponent(f));
    mpfr_abs(x, x, MPFR_RNDZ);
    mpfr_mul_2si(x, x, f.precision - 1 - exponent, MPFR_RNDZ);
    const std::uint64_t significand = mpfr_get_ui(x, MPFR_RNDZ);
    const auto binade = static_cast<std::uint64_t>(exponent - least_exponent(f));
    return binade * implicit_bit(f) + significand - (f.has_subnormals ? 0 : implicit_bit(f));
}

}  // namespace halfulp::truth
