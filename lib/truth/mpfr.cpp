#include <halfulp/lib/truth/mpfr.hpp>

#include <array>
#include <cassert>
#include <cstddef>
#include <variant>

#include <halfulp/lib/truth/elementary_rules.hpp>
#include <halfulp/lib/truth/mpfr_elementary.hpp>
#include <halfulp/lib/truth/mpfr_round.hpp>

namespace halfulp::truth {
namespace {

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
        default: return mpfr_set(result, a, rounding);
    }
}

bool is_even(mpfr_srcptr integer, int precision) {
    MpfrNumber half{precision};
    mpfr_div_2ui(half, integer, 1, MPFR_RNDZ);
    return mpfr_integer_p(half) != 0;
}

/// Do the 64 bits after the point, plus the random ones, carry?
bool carries(mpfr_srcptr x, int precision, std::uint64_t random) {
    MpfrNumber fraction{precision};
    mpfr_frac(fraction, x, MPFR_RNDZ);
    mpfr_abs(fraction, fraction, MPFR_RNDZ);
    mpfr_mul_2ui(fraction, fraction, 64, MPFR_RNDZ);
    const std::uint64_t bits = mpfr_get_ui(fraction, MPFR_RNDZ);
    return bits + random < random;
}

/// x becomes an integer; false if it was one, or is none. Pre: it has that precision.
bool round_to_integral(mpfr_ptr x, int precision, const Env& env) {
    if (!mpfr_regular_p(x) || mpfr_integer_p(x) != 0) return false;
    switch (env.rounding) {
        case Rounding::NearestEven: mpfr_roundeven(x, x); break;
        case Rounding::NearestAway: mpfr_round(x, x); break;
        case Rounding::TowardZero: mpfr_trunc(x, x); break;
        case Rounding::Down: mpfr_floor(x, x); break;
        case Rounding::Up: mpfr_ceil(x, x); break;
        case Rounding::AwayFromZero: mpfr_rint(x, x, MPFR_RNDA); break;
        case Rounding::ToOdd: {
            MpfrNumber integer{precision};
            mpfr_trunc(integer, x);
            mpfr_rint(x, x, is_even(integer, precision) ? MPFR_RNDA : MPFR_RNDZ);
            break;
        }
        case Rounding::Stochastic: mpfr_rint(x, x, carries(x, precision, env.random) ? MPFR_RNDA : MPFR_RNDZ); break;
    }
    return true;
}

/// Of an operation without a signaling operand.
bool is_invalid(Operation operation, mpfr_srcptr a, mpfr_srcptr b, mpfr_srcptr c, bool nan_result) {
    if (operation == Operation::Fma && mpfr_nan_p(c)) {
        MpfrNumber product{MPFR_PREC_MIN};
        mpfr_mul(product, a, b, MPFR_RNDZ);
        return mpfr_nan_p(product) && !mpfr_nan_p(a) && !mpfr_nan_p(b);
    }
    return nan_result && !mpfr_nan_p(a) && !mpfr_nan_p(b) && !mpfr_nan_p(c);
}

/// A function of a code before it is rounded: infinity, NaN and zero, or the leading bits of a number.
using Unrounded = std::variant<Real, Sticky>;

Unrounded unrounded(Elementary function, const Format& from, std::uint64_t code) {
    const Real x = operand(from, code);
    const auto special = special_result(function, x);
    if (!special) return mpfr_elementary(function, signed_value(x));
    if (!special->is(Real::Kind::Number) || special->is_zero()) return *special;
    const int exponent = floor_log2(special->magnitude);
    assert(special->magnitude == pow2(exponent));
    return Exact::finite(special->negative, exponent, 1);
}

Rounded delivered_by_mpfr(const Format& to, const Unrounded& x, const Env& env) {
    if (const auto* number = std::get_if<Sticky>(&x)) return mpfr_rounded(to, *number, env);
    return delivered(to, std::get<Real>(x), env);
}

}  // namespace

bool mpfr_has(Operation operation) {
    switch (operation) {
        case Operation::Remainder:
        case Operation::Fmod:
        case Operation::RoundToIntegral:
        case Operation::RoundToIntegralExact:
        case Operation::Convert: return true;
        default: return kind_of(operation) == OperationKind::Arithmetic;
    }
}

Rounded mpfr_result(Operation operation, const Format& to, const Format& from, const Operands& operands,
                    const Env& env) {
    assert(mpfr_has(operation));
    const unsigned count = row_of(operation).operands;
    MpfrNumber a{from.precision}, b{from.precision}, c{from.precision};
    const std::array<mpfr_ptr, 3> numbers{a, b, c};
    Status seen;
    for (unsigned i = 0; i < numbers.size(); ++i) {
        mpfr_set_zero(numbers.at(i), 1);
        if (i >= count) continue;
        const std::uint64_t code = env.flush_inputs ? without_subnormal(from, operands.at(i)) : operands.at(i);
        set_code(numbers.at(i), from, code);
        seen = seen | Status{.invalid = is_signaling_nan(from, code), .input_denormal = code != operands.at(i)};
    }
    const bool to_integral = operation == Operation::RoundToIntegral || operation == Operation::RoundToIntegralExact;
    if (to_integral && round_to_integral(a, from.precision, env))
        seen.inexact = operation == Operation::RoundToIntegralExact;
    const auto compute = [&](mpfr_ptr result, mpfr_rnd_t rounding) {
        return apply(operation, result, a, b, c, rounding);
    };
    const Rounded r = mpfr_delivered(to, compute, env);
    const bool nan_result = mpfr_nanflag_p() != 0;
    return {r.code, r.status | seen | Status{.invalid = is_invalid(operation, a, b, c, nan_result)}};
}

void mpfr_results(Elementary function, const Format& to, const Format& from, std::uint64_t code,
                  std::span<const Env> envs, std::span<Rounded> results) {
    const std::uint64_t flushed = without_subnormal(from, code);
    const Unrounded of_code = unrounded(function, from, code),
                    of_flushed = flushed == code ? of_code : unrounded(function, from, flushed);
    for (std::size_t e = 0; e < envs.size(); ++e) {
        const bool flushes = envs[e].flush_inputs && flushed != code;
        const Rounded r = delivered_by_mpfr(to, flushes ? of_flushed : of_code, envs[e]);
        results[e] = {r.code, r.status | Status{.input_denormal = flushes}};
    }
}

Rounded mpfr_rounded(const Format& to, const Sticky& x, const Env& env) {
    MpfrNumber odd{128};
    const u128 sig = x.value.sig | (x.inexact ? 1U : 0U);
    mpfr_set_ui_2exp(odd, static_cast<std::uint64_t>(sig >> 64), 64, MPFR_RNDZ);
    mpfr_add_ui(odd, odd, static_cast<std::uint64_t>(sig), MPFR_RNDZ);
    mpfr_mul_2si(odd, odd, x.value.exp, MPFR_RNDZ);
    mpfr_setsign(odd, odd, x.value.negative, MPFR_RNDZ);
    return mpfr_delivered(
        to, [&](mpfr_ptr result, mpfr_rnd_t rounding) { return mpfr_set(result, odd, rounding); }, env);
}

}  // namespace halfulp::truth
