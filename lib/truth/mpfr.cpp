#include <halfulp/lib/truth/mpfr.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

#include <halfulp/lib/truth/mpfr_number.hpp>

namespace halfulp::truth {
namespace {

/// A code by its fields (IEEE 754-2019, 3.4).
struct Fields {
    bool negative;
    std::uint64_t exponent, fraction;
    bool all_ones;  ///< the exponent's: infinity or NaN
};

std::uint64_t implicit_bit(const Format& f) { return std::uint64_t{1} << (f.precision - 1); }

std::uint64_t all_ones_exponent(const Format& f) { return (std::uint64_t{1} << (f.width - f.precision)) - 1; }

int smallest_exponent(const Format& f) { return 1 - f.bias; }

Fields fields(const Format& f, std::uint64_t code) {
    const std::uint64_t exponent = code >> (f.precision - 1) & all_ones_exponent(f);
    return {.negative = (code >> (f.width - 1) & 1) == 1,
            .exponent = exponent,
            .fraction = code & (implicit_bit(f) - 1),
            .all_ones = exponent == all_ones_exponent(f)};
}

bool is_nan(const Format& f, std::uint64_t code) {
    const Fields c = fields(f, code);
    return c.all_ones && c.fraction != 0;
}

bool is_signaling_nan(const Format& f, std::uint64_t code) {
    return is_nan(f, code) && fields(f, code).fraction < implicit_bit(f) / 2;
}

/// Pre: x has f's precision at least.
void set_code(mpfr_ptr x, const Format& f, std::uint64_t code) {
    const Fields c = fields(f, code);
    if (c.all_ones && c.fraction != 0) {
        mpfr_set_nan(x);
    } else if (c.all_ones) {
        mpfr_set_inf(x, c.negative ? -1 : 1);
    } else {
        const std::uint64_t significand = c.exponent == 0 ? c.fraction : c.fraction | implicit_bit(f);
        const int exponent = std::max(static_cast<int>(c.exponent) - f.bias, smallest_exponent(f));
        mpfr_set_ui_2exp(x, significand, exponent - (f.precision - 1), MPFR_RNDZ);
        mpfr_setsign(x, x, c.negative, MPFR_RNDZ);
    }
}

/// Pre: x is a number of the format, infinity or NaN. Changes x.
std::uint64_t code_of(const Format& f, mpfr_ptr x) {
    const std::uint64_t infinity = all_ones_exponent(f) * implicit_bit(f);
    if (mpfr_nan_p(x)) return infinity + implicit_bit(f) / 2;
    const std::uint64_t sign = mpfr_signbit(x) ? std::uint64_t{1} << (f.width - 1) : 0;
    if (mpfr_inf_p(x)) return sign | infinity;
    if (mpfr_zero_p(x)) return sign;
    const int exponent = std::max(static_cast<int>(mpfr_get_exp(x)) - 1, smallest_exponent(f));
    mpfr_abs(x, x, MPFR_RNDZ);
    mpfr_mul_2si(x, x, f.precision - 1 - exponent, MPFR_RNDZ);
    const std::uint64_t significand = mpfr_get_ui(x, MPFR_RNDZ);
    return sign | (static_cast<std::uint64_t>(exponent - smallest_exponent(f)) * implicit_bit(f) + significand);
}

/// x, rounded with ternary value t while the exponent was unbounded, within the exponent range whose least positive
/// number is 2^least and whose numbers stay below 2^end. Returns the ternary value that is then right.
int fit(mpfr_ptr x, int t, mpfr_rnd_t rounding, int least, int end) {
    const mpfr_exp_t emin = mpfr_get_emin(), emax = mpfr_get_emax();
    mpfr_set_emin(least + 1);  // MPFR's significands are in [1/2, 1)
    mpfr_set_emax(end);
    t = mpfr_check_range(x, t, rounding);
    t = mpfr_subnormalize(x, t, rounding);
    mpfr_set_emin(emin);
    mpfr_set_emax(emax);
    return t;
}

mpfr_rnd_t first_rounding(Rounding rounding) {
    switch (rounding) {
        case Rounding::NearestEven: return MPFR_RNDN;
        case Rounding::Down: return MPFR_RNDD;
        case Rounding::Up: return MPFR_RNDU;
        case Rounding::AwayFromZero: return MPFR_RNDA;
        case Rounding::TowardZero:
        case Rounding::ToOdd:
        case Rounding::NearestAway: return MPFR_RNDZ;
        case Rounding::Stochastic: break;
    }
    __builtin_unreachable();
}

bool below_normal(const Format& f, mpfr_srcptr x) {
    return mpfr_regular_p(x) && mpfr_get_exp(x) <= smallest_exponent(f);
}

/// `compute(x, rounding)` delivers the operation's result in x's precision and returns the ternary value. Signals all
/// but invalid.
template <class Compute>
Rounded rounded(const Format& f, const Compute& compute, const Env& env) {
    assert(env.overflow == Overflow::ByRounding);
    const bool halves = env.rounding == Rounding::NearestAway;
    const mpfr_rnd_t rounding = first_rounding(env.rounding);
    const int least = smallest_exponent(f) - (f.precision - 1), end = f.bias + 1;

    MpfrNumber first{f.precision + (halves ? 1 : 0)}, result{f.precision};
    mpfr_clear_flags();
    int inexact = compute(first, rounding);
    // Away from zero from the truncation to half units is to nearest, ties away; the other roundings leave nothing to
    // do. With unbounded exponent still: this is what tininess after rounding looks at. ToOdd, here truncated, crosses
    // no power of two either.
    mpfr_set(result, first, MPFR_RNDA);
    bool tiny = below_normal(f, result);
    if (env.tininess == Tininess::BeforeRounding) {
        compute(result, MPFR_RNDZ);
        tiny = below_normal(f, result);
    }
    inexact = fit(first, inexact, rounding, least - (halves ? 1 : 0), end);
    int more = mpfr_set(result, first, MPFR_RNDA);
    if (halves) more |= fit(result, more, MPFR_RNDA, least, end);

    const bool changed = inexact != 0 || more != 0;
    const std::uint64_t code = code_of(f, result);
    return {code | (env.rounding == Rounding::ToOdd && changed ? 1 : 0),
            {.divide_by_zero = mpfr_divby0_p() != 0,
             .overflow = mpfr_overflow_p() != 0,
             .underflow = tiny && changed,
             .inexact = changed}};
}

int apply(Operation operation, mpfr_ptr result, mpfr_srcptr a, mpfr_srcptr b, mpfr_srcptr c, mpfr_rnd_t rounding) {
    switch (operation) {
        case Operation::Add: return mpfr_add(result, a, b, rounding);
        case Operation::Sub: return mpfr_sub(result, a, b, rounding);
        case Operation::Mul: return mpfr_mul(result, a, b, rounding);
        case Operation::Div: return mpfr_div(result, a, b, rounding);
        case Operation::Sqrt: return mpfr_sqrt(result, a, rounding);
        case Operation::Fma: return mpfr_fma(result, a, b, c, rounding);
        case Operation::Remainder: return mpfr_remainder(result, a, b, rounding);
        case Operation::Fmod: return mpfr_fmod(result, a, b, rounding);
        default: __builtin_unreachable();
    }
}

/// `operands` has `count` that are read.
bool is_invalid(Operation operation, const Format& f, const Operands& operands, unsigned count, bool nan_result) {
    bool any_nan = false;
    for (unsigned i = 0; i < count; ++i) {
        if (is_signaling_nan(f, operands[i])) return true;
        any_nan |= is_nan(f, operands[i]);
    }
    if (operation != Operation::Fma || !is_nan(f, operands[2])) return nan_result && !any_nan;
    return mpfr_result(Operation::Mul, f, operands, {}).status.invalid;
}

}  // namespace

Rounded mpfr_result(Operation operation, const Format& f, const Operands& operands, const Env& env) {
    assert(is_ieee(f));
    MpfrNumber a{f.precision}, b{f.precision}, c{f.precision};
    const unsigned count = row_of(operation).operands;
    const std::array<mpfr_ptr, 3> numbers{a, b, c};
    for (unsigned i = 0; i < count; ++i) set_code(numbers[i], f, operands[i]);
    const auto compute = [&](mpfr_ptr result, mpfr_rnd_t rounding) {
        return apply(operation, result, a, b, c, rounding);
    };
    Rounded r = rounded(f, compute, env);
    r.status.invalid = is_invalid(operation, f, operands, count, is_nan(f, r.code));
    return r;
}

Rounded mpfr_round_to_integral(const Format& f, std::uint64_t code, Rounding rounding) {
    assert(is_ieee(f));
    MpfrNumber x{f.precision}, integer{f.precision};
    set_code(x, f, code);
    switch (rounding) {
        case Rounding::NearestEven: mpfr_roundeven(integer, x); break;
        case Rounding::NearestAway: mpfr_round(integer, x); break;
        case Rounding::TowardZero: mpfr_trunc(integer, x); break;
        case Rounding::Down: mpfr_floor(integer, x); break;
        case Rounding::Up: mpfr_ceil(integer, x); break;
        case Rounding::AwayFromZero: mpfr_rint(integer, x, MPFR_RNDA); break;
        case Rounding::ToOdd: {
            MpfrNumber half{f.precision};
            mpfr_trunc(integer, x);
            mpfr_div_2ui(half, integer, 1, MPFR_RNDZ);
            if (mpfr_cmp(integer, x) != 0 && mpfr_integer_p(half) != 0) mpfr_rint(integer, x, MPFR_RNDA);
            break;
        }
        case Rounding::Stochastic: __builtin_unreachable();
    }
    const bool inexact = mpfr_number_p(x) != 0 && mpfr_cmp(integer, x) != 0;
    return {code_of(f, integer), {.invalid = is_signaling_nan(f, code), .inexact = inexact}};
}

Rounded mpfr_convert(const Format& to, const Format& from, std::uint64_t code, const Env& env) {
    assert(is_ieee(to) && is_ieee(from));
    MpfrNumber x{from.precision};
    set_code(x, from, code);
    Rounded r = rounded(
        to, [&](mpfr_ptr result, mpfr_rnd_t rounding) { return mpfr_set(result, x, rounding); }, env);
    r.status.invalid = is_signaling_nan(from, code);
    return r;
}

Rounded mpfr_rounded(const Format& to, const Sticky& x, const Env& env) {
    MpfrNumber odd{128};
    const u128 sig = x.value.sig | (x.inexact ? 1U : 0U);
    mpfr_set_ui_2exp(odd, static_cast<std::uint64_t>(sig >> 64), 64, MPFR_RNDZ);
    mpfr_add_ui(odd, odd, static_cast<std::uint64_t>(sig), MPFR_RNDZ);
    mpfr_mul_2si(odd, odd, x.value.exp, MPFR_RNDZ);
    mpfr_setsign(odd, odd, x.value.negative, MPFR_RNDZ);
    return rounded(
        to, [&](mpfr_ptr result, mpfr_rnd_t rounding) { return mpfr_set(result, odd, rounding); }, env);
}

}  // namespace halfulp::truth
