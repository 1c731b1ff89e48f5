#pragma once

#include <cstdint>

#include <halfulp/softfloat/elementary/constants.hpp>
#include <halfulp/softfloat/elementary/enclosure.hpp>
#include <halfulp/softfloat/elementary/erf.hpp>
#include <halfulp/softfloat/elementary/exp.hpp>
#include <halfulp/softfloat/elementary/fixed_point.hpp>
#include <halfulp/softfloat/exact.hpp>

namespace halfulp {
namespace elementary {

/// gelu of x in the tail: x (1 - tail), or x times the tail, whose 1/x that cancels.
constexpr Sticky gelu_in_tail(const Exact& x, const Short& t) {
    const auto factor = static_cast<std::uint64_t>(x.sig);
    const Fixed whole = Fixed::integer(factor);
    if (!x.negative && x.top() >= 4) return sticky(false, {whole - Fixed::units(factor << 12), whole}, x.exp);

    const Power power = bell(t);
    const Fixed product = power.significand * tail_of_normal(t) * one_over_root_two_pi;
    if (x.negative) return sticky(true, about(product, tail_error), power.exp);
    const Fixed w = magnitude(x);
    return sticky(false, and_below(about(w - (product >> -power.exp), tail_error), w), 0);
}

}  // namespace elementary

/// x times the normal distribution function of x, x/2 (1 + erf(x / sqrt 2)): the Gaussian error linear unit of
/// arXiv:1606.08415 itself, neither of its approximations. gelu(+-0) = +-0 and gelu(inf) = inf are exact, and so is
/// gelu(-inf) = -0, which is the limit. Below -2^7 the operand counts as -2^7, from where on every format underflows;
/// from 2^4 on the tail is below 2^-180.
/// Pre: x is a number of a format of at most 16 bits.
constexpr Sticky gelu(const Exact& x) {
    using namespace elementary;
    if (x.kind == Kind::NaN || x.is_zero()) return x;
    if (x.kind == Kind::Inf) return x.negative ? Exact::zero(true) : x;
    const Short t = square(x, 0);
    if (is_tail(t)) return gelu_in_tail(x, t);
    const Fixed half = Fixed::integer(1) >> 1, beside = magnitude(x) * one_over_root_two_pi * middle_of_normal(t);
    const auto factor = static_cast<std::uint64_t>(x.sig);
    const Fixed distribution = x.negative ? half - beside : half + beside;
    return sticky(x.negative, about(distribution * factor, factor << 20), x.exp);
}

}  // namespace halfulp
