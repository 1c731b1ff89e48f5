#include <halfulp/lib/truth/mpfr_round.hpp>

#include <algorithm>

#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/lib/truth/mpfr.hpp>

namespace halfulp::truth {
namespace {

constexpr int random_bits = 64;

/// Below any exponent that occurs, and above.
constexpr int unbounded = 1 << 20;

int smallest_normal_exponent(const Format& f) { return (f.has_subnormals ? 1 : 0) - f.bias; }

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

/// Of a number cut off to two bits: to one bit, ties to the even code. MPFR's ties go up then (its manual, "Rounding").
int to_even_of_one_bit(const Format& f, mpfr_ptr result, mpfr_srcptr x, bool cut_off) {
    if (mpfr_set(result, x, MPFR_RNDZ) == 0) return 0;
    const bool is_odd = (mpfr_get_exp(x) - 1 + f.bias) % 2 != 0;
    return cut_off || is_odd ? mpfr_set(result, x, MPFR_RNDA) : -1;
}

/// Of a number with 64 bits beyond the last place, which is 2^least at least: the random bits are added to those, and
/// what then is beyond the last place is cut off.
int add_random_bits(const Format& f, mpfr_ptr result, mpfr_srcptr x, int least, std::uint64_t random) {
    if (mpfr_zero_p(x)) return mpfr_set(result, x, MPFR_RNDZ);
    const int unit = std::max(static_cast<int>(mpfr_get_exp(x)) - f.precision, least);
    MpfrNumber bits{random_bits}, sum{f.precision + random_bits + 1};
    mpfr_set_ui_2exp(bits, random, unit - random_bits, MPFR_RNDZ);
    mpfr_abs(sum, x, MPFR_RNDZ);
    mpfr_add(sum, sum, bits, MPFR_RNDZ);
    mpfr_div_2si(sum, sum, unit, MPFR_RNDZ);
    mpfr_trunc(result, sum);
    mpfr_mul_2si(result, result, unit, MPFR_RNDZ);
    mpfr_setsign(result, result, mpfr_signbit(x), MPFR_RNDZ);
    return mpfr_cmp(result, x);
}

/// What the first rounding left to do; the last place is 2^least at least. Returns whether that changed anything.
int rounded_on(const Format& f, mpfr_ptr result, mpfr_srcptr x, bool cut_off, int least, const Env& env) {
    if (env.rounding == Rounding::Stochastic) return add_random_bits(f, result, x, least, env.random);
    if (env.rounding == Rounding::NearestEven && f.precision == 1) return to_even_of_one_bit(f, result, x, cut_off);
    return mpfr_set(result, x, MPFR_RNDA);
}

}  // namespace

FirstRounding first_rounding(const Format& f, Rounding rounding) {
    switch (rounding) {
        case Rounding::NearestEven: return f.precision == 1 ? FirstRounding{MPFR_RNDZ, 1} : FirstRounding{MPFR_RNDN, 0};
        case Rounding::Down: return {MPFR_RNDD, 0};
        case Rounding::Up: return {MPFR_RNDU, 0};
        case Rounding::AwayFromZero: return {MPFR_RNDA, 0};
        case Rounding::TowardZero:
        case Rounding::ToOdd: return {MPFR_RNDZ, 0};
        case Rounding::NearestAway: return {MPFR_RNDZ, 1};
        case Rounding::Stochastic: return {MPFR_RNDZ, random_bits};
    }
    __builtin_unreachable();
}

bool is_below_normal(const Format& f, mpfr_srcptr x) {
    return mpfr_regular_p(x) && mpfr_get_exp(x) - 1 < smallest_normal_exponent(f);
}

Rounded delivered_special(const Format& f, mpfr_srcptr x, const Env& env) {
    using enum Real::Kind;
    const bool negative = mpfr_signbit(x) != 0;
    return delivered(f, {.kind = mpfr_nan_p(x) ? NaN : mpfr_inf_p(x) ? Infinity : Number, .negative = negative}, env);
}

Rounded delivered_number(const Format& f, mpfr_ptr x, int ternary, bool tiny_before, const Env& env) {
    const bool negative = mpfr_signbit(x) != 0;
    if (negative && !f.is_signed) return {f.nan_code(), {.invalid = true}};
    if (tiny_before && !f.has_subnormals) return {f.min_code(), {.underflow = true, .inexact = true}};

    MpfrNumber result{f.precision};
    rounded_on(f, result, x, ternary != 0, -unbounded, env);  // as if there were no smallest exponent
    const bool tiny_after = is_below_normal(f, result), flush_after = env.flush_outputs == Flush::AfterRounding;
    if (env.flush_outputs != Flush::Never && (flush_after ? tiny_after : tiny_before))
        return {negative && f.has_negative_zero ? f.sign_bit() : 0, {.underflow = true, .inexact = flush_after}};

    const FirstRounding step = first_rounding(f, env.rounding);
    const int least = f.has_subnormals ? smallest_normal_exponent(f) - (f.precision - 1) : -unbounded;
    const bool overflow_by_mpfr =
        is_ieee(f) && env.overflow == Overflow::ByRounding && env.rounding != Rounding::Stochastic;
    const int end = overflow_by_mpfr ? f.bias + 1 : unbounded;
    ternary = fit(x, ternary, step.rounding, least - step.more_bits, end);
    int more = rounded_on(f, result, x, ternary != 0, least, env);
    if (env.rounding == Rounding::NearestAway) more |= fit(result, more, MPFR_RNDA, least, end);

    const bool changed = ternary != 0 || more != 0;
    const std::uint64_t sign = negative ? f.sign_bit() : 0;
    const Status beyond{.overflow = true, .inexact = true};
    if (mpfr_inf_p(result)) return {sign | f.inf_code(), beyond};
    const std::uint64_t magnitude = magnitude_of(f, result) | (env.rounding == Rounding::ToOdd && changed ? 1U : 0U);
    if (magnitude > f.max_code()) return {sign | overflow_code(f, env, negative), beyond};
    const bool tiny = env.tininess == Tininess::BeforeRounding ? tiny_before : tiny_after;
    return {magnitude != 0 || f.has_negative_zero ? sign | magnitude : 0,
            {.overflow = mpfr_overflow_p() != 0, .underflow = tiny && changed, .inexact = changed}};
}

}  // namespace halfulp::truth
