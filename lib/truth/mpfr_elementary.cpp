#include <halfulp/lib/truth/mpfr_elementary.hpp>

#include <algorithm>
#include <cstdint>
#include <tuple>

#include <halfulp/lib/truth/mpfr_number.hpp>

namespace halfulp::truth {
namespace {

constexpr int leading_bits = 128;

/// Pre: x is an odd number of at most 64 bits times a power of two.
void set(mpfr_ptr result, const Rational& x) {
    const Integer count = abs(numerator(x));
    const auto odd = static_cast<std::uint64_t>(Integer{count >> lsb(count)});
    const int exponent = static_cast<int>(lsb(count)) - static_cast<int>(msb(denominator(x)));
    mpfr_set_ui_2exp(result, odd, exponent, MPFR_RNDZ);
    mpfr_setsign(result, result, x < 0, MPFR_RNDZ);
}

/// |x| as an integer of 128 bits times a power of two. Pre: x has that precision.
Exact to_exact(mpfr_srcptr x) {
    MpfrNumber scaled{leading_bits}, high{leading_bits};
    const auto exponent = static_cast<int>(mpfr_get_exp(x)) - leading_bits;
    mpfr_abs(scaled, x, MPFR_RNDZ);
    mpfr_mul_2si(scaled, scaled, -exponent - 64, MPFR_RNDZ);
    const std::uint64_t upper = mpfr_get_ui(scaled, MPFR_RNDZ);
    mpfr_frac(high, scaled, MPFR_RNDZ);
    mpfr_mul_2si(high, high, 64, MPFR_RNDZ);
    const std::uint64_t lower = mpfr_get_ui(high, MPFR_RNDZ);
    return Exact::finite(mpfr_signbit(x) != 0, exponent, u128{upper} << 64 | lower);
}

/// [low, high]: sigmoid(x) lies in it.
void enclose_sigmoid(mpfr_srcptr x, mpfr_ptr low, mpfr_ptr high) {
    MpfrNumber opposite{leading_bits};
    mpfr_neg(opposite, x, MPFR_RNDZ);
    for (const auto& [end, outward, inward] : {std::tuple{low, MPFR_RNDD, MPFR_RNDU}, {high, MPFR_RNDU, MPFR_RNDD}}) {
        mpfr_exp(end, opposite, inward);
        mpfr_add_ui(end, end, 1, inward);
        mpfr_ui_div(end, 1, end, outward);
    }
}

/// The normal distribution function, erfc(-x / sqrt 2) / 2, where erfc falls as its operand grows.
void enclose_distribution(mpfr_srcptr x, mpfr_ptr low, mpfr_ptr high) {
    for (const auto& [end, outward, inward] : {std::tuple{low, MPFR_RNDD, MPFR_RNDU}, {high, MPFR_RNDU, MPFR_RNDD}}) {
        // -x / sqrt 2, away from the wanted end: larger for the low one.
        mpfr_sqr(end, x, MPFR_RNDZ);
        mpfr_div_2ui(end, end, 1, MPFR_RNDZ);
        mpfr_sqrt(end, end, mpfr_sgn(x) < 0 ? inward : outward);
        mpfr_setsign(end, end, mpfr_sgn(x) > 0, MPFR_RNDZ);
        mpfr_erfc(end, end, outward);
        mpfr_div_2ui(end, end, 1, outward);
    }
}

/// The leading bits of factor times a number that `enclose` encloses. Pre: the product has more of them.
template <class Enclose>
Sticky decided(mpfr_srcptr factor, const Enclose& enclose) {
    // 32 bits more decide all but one in 2^30; with twice as many, MPFR's erfc takes a series of milliseconds from 20 to 60.
    for (int precision = leading_bits + 32;; precision *= 2) {
        MpfrNumber low{precision}, high{precision}, low_bits{leading_bits}, high_bits{leading_bits};
        enclose(low, high);
        const int below = mpfr_mul(low_bits, low, factor, MPFR_RNDZ);
        mpfr_mul(high_bits, high, factor, MPFR_RNDZ);
        if (below != 0 && mpfr_equal_p(low_bits, high_bits)) return {to_exact(low_bits), true};
    }
}

int apply(Elementary function, mpfr_ptr result, mpfr_srcptr x) {
    switch (function) {
        case Elementary::Exp: return mpfr_exp(result, x, MPFR_RNDZ);
        case Elementary::Log: return mpfr_log(result, x, MPFR_RNDZ);
        case Elementary::Tanh: return mpfr_tanh(result, x, MPFR_RNDZ);
        case Elementary::Erf: return mpfr_erf(result, x, MPFR_RNDZ);
        case Elementary::Rsqrt: return mpfr_rec_sqrt(result, x, MPFR_RNDZ);
        case Elementary::Recip: return mpfr_ui_div(result, 1, x, MPFR_RNDZ);
        case Elementary::Sigmoid:
        case Elementary::Gelu: break;
    }
    __builtin_unreachable();
}

/// Beyond these operands the leading bits do not change any more, or are those of a number that every format takes for
/// the same (mpfr_elementary.hpp).
Rational bounded(Elementary function, const Rational& x) {
    const auto between = [&](int least, int greatest) { return std::clamp<Rational>(x, least, greatest); };
    switch (function) {
        case Elementary::Exp: return between(-(1 << 14), 1 << 14);
        case Elementary::Sigmoid: return between(-(1 << 14), 1 << 7);
        case Elementary::Gelu: return between(-(1 << 7), 1 << 4);
        case Elementary::Tanh:
        case Elementary::Erf:
        case Elementary::Log:
        case Elementary::Rsqrt:
        case Elementary::Recip: return x;
    }
    __builtin_unreachable();
}

}  // namespace

Sticky mpfr_elementary(Elementary function, const Rational& x) {
    MpfrNumber operand{leading_bits}, factor{leading_bits}, result{leading_bits};
    set(factor, function == Elementary::Gelu ? std::max(x, Rational{-(1 << 7)}) : Rational{1});
    set(operand, bounded(function, x));
    if (function == Elementary::Sigmoid || function == Elementary::Gelu)
        return decided(factor, [&](mpfr_ptr low, mpfr_ptr high) {
            (function == Elementary::Gelu ? enclose_distribution : enclose_sigmoid)(operand, low, high);
        });
    const bool more = apply(function, result, operand) != 0;
    return {to_exact(result), more};
}

}  // namespace halfulp::truth
