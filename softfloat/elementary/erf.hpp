#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <halfulp/softfloat/elementary/constants.hpp>
#include <halfulp/softfloat/elementary/enclosure.hpp>
#include <halfulp/softfloat/elementary/exp.hpp>
#include <halfulp/softfloat/elementary/fixed_point.hpp>
#include <halfulp/softfloat/elementary/roots.hpp>
#include <halfulp/softfloat/exact.hpp>

// The normal distribution of mean 0 and deviation 1: density e^(-w^2/2) / sqrt(2 pi). Both halves below are functions of
// t = w^2, which is a short number for gelu, where w = x, and for erf, where w = x sqrt 2.

namespace halfulp {
namespace elementary {

/// factor * 2^exp.
struct Short {
    std::uint64_t factor;
    int exp;

    constexpr Fixed fixed() const { return scaled(Fixed::integer(factor), exp); }
    friend constexpr Short operator+(const Short& a, std::uint64_t n) {
        return a.exp < 0 ? Short{a.factor + (n << -a.exp), a.exp} : Short{(a.factor << a.exp) + n, 0};
    }
    /// Error below a unit.
    friend constexpr Fixed operator*(const Fixed& a, const Short& b) { return scaled(a * b.factor, b.exp); }
};

/// Operands up to 2^7: there e^(-w^2/2) is below the range of every format by far.
constexpr int normal_top = 7;

/// x^2 * 2^more, or what it is for x = 2^normal_top if that is less. Pre: x has at most 11 bits.
constexpr Short square(const Exact& x, int more) {
    if (x.top() >= normal_top) return {1, 2 * normal_top + more};
    const auto sig = static_cast<std::uint64_t>(x.sig);
    return {sig * sig, 2 * x.exp + more};
}

/// From here on the tail is computed, not the middle.
constexpr bool is_tail(const Short& t) { return t.fixed() >= Fixed::integer(25); }

/// e^(-t/2).
constexpr Power bell(const Short& t) { return exp_of(true, t.fixed() >> 1); }

/// 1/w times the integral of e^(-u^2/2) from 0 to w, error below 2^18 units. Pre: not is_tail(t).
/// e^(-t/2) times the sum of t^k / (1 * 3 * ... * (2k+1)), all positive (Abramowitz & Stegun 1964, 26.2.11). The sum is
/// below 2^17 and each of its 112 terms cut by 2 units, which the power, below 2^-18 at the end, takes down again; the
/// power itself is wrong by 2^17 units.
constexpr Fixed middle_of_normal(const Short& t) {
    Fixed term = Fixed::integer(1), sum = term;
    for (std::size_t k = 1; term != Fixed{}; ++k) {
        term = odd_reciprocals[k] * (term * t);
        sum = sum + term;
    }
    const Power power = bell(t);
    return power.significand * sum >> -power.exp;
}

/// How many steps of the continued fraction below to go, for the whole part of t.
constexpr std::uint64_t tail_steps(std::uint64_t t) { return 1350 / t + 18; }

/// w e^(w^2/2) times the integral of e^(-u^2/2) from w to infinity, error below 2^-149. Pre: is_tail(t).
/// t/(t+1 - 1*2/(t+5 - 3*4/(t+9 - ...))) (NIST DLMF, 7.9, with t = 2z^2), by its convergents. They are every other one of
/// Laplace's 1/(1 + q/(1 + 2q/(1 + 3q/(1 + ...)))), q = 1/t (Abramowitz & Stegun 1964, 26.2.14), whose terms are positive,
/// which puts the limit between any two neighbours: after tail_steps these differ by less than 2^-150, as
/// tests/unit/elementary_test.cpp shows. The cuts are below 2^24 units in all.
constexpr Fixed tail_of_normal(const Short& t) {
    const Fixed one = Fixed::integer(1), start = t.fixed();
    Fixed above = start, below = start + one, last_above, last_below = one;
    for (std::uint64_t k = 1, steps = tail_steps(start.limbs[3]); k < steps; ++k) {
        const Short partial = t + (4 * k + 1);
        const std::uint64_t taken = (2 * k - 1) * (2 * k);
        last_above = std::exchange(above, above * partial - last_above * taken);
        last_below = std::exchange(below, below * partial - last_below * taken);
        if (below.limbs[3] >> 32 == 0) continue;
        for (Fixed* x : {&above, &below, &last_above, &last_below}) *x = *x >> 32;
    }
    return above * reciprocal(below);
}

/// Units by which results that hold this tail are wrong, at most.
constexpr std::uint64_t tail_error = std::uint64_t{1} << 44;

}  // namespace elementary

/// The error function, 2 / sqrt(pi) times the integral of e^(-u^2) from 0 to x. erf(+-0) = +-0 and erf(+-inf) = +-1 are
/// exact; everywhere else the magnitude is less than 1. Pre: x is a number of a format of at most 16 bits.
constexpr Sticky erf(const Exact& x) {
    using namespace elementary;
    if (x.kind == Kind::NaN || x.is_zero()) return x;
    if (x.kind == Kind::Inf) return Exact::finite(x.negative, 0, 1);
    const Short t = square(x, 1);
    if (!is_tail(t)) {
        const auto factor = static_cast<std::uint64_t>(x.sig);
        const Fixed slope = two_over_root_pi * middle_of_normal(t);
        return sticky(x.negative, about(slope * factor, factor << 20), x.exp);
    }
    const Power power = bell(t);
    const Fixed over = reciprocal(magnitude_up_to(x, normal_top)) * two_over_root_pi >> 1;
    const Fixed tail = power.significand * tail_of_normal(t) * over >> -power.exp, one = Fixed::integer(1);
    return sticky(x.negative, and_below(about(one - tail, tail_error), one), 0);
}

}  // namespace halfulp
