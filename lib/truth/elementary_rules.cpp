#include <halfulp/lib/truth/elementary_rules.hpp>

namespace halfulp::truth {
namespace {

/// Whether the operand has no logarithm and no root; zeros have their own rules.
bool is_below_domain(Elementary function, const Real& x) {
    return (function == Elementary::Log || function == Elementary::Rsqrt) && x.negative && !x.is_zero();
}

Real result_at_zero(Elementary function, const Real& x) {
    switch (function) {
        case Elementary::Exp: return real(1);
        case Elementary::Sigmoid: return real(Rational{1, 2});
        case Elementary::Log: return infinity(true, {.divide_by_zero = true});
        case Elementary::Rsqrt:
        case Elementary::Recip: return infinity(x.negative, {.divide_by_zero = true});
        case Elementary::Tanh:
        case Elementary::Erf:
        case Elementary::Gelu: return x;
    }
    __builtin_unreachable();
}

/// Limits, with the sign of the side from which they are approached.
Real result_at_infinity(Elementary function, const Real& x) {
    const Real zero = real(0, x.negative), one = real(1);
    switch (function) {
        case Elementary::Exp: return x.negative ? real(0) : x;
        case Elementary::Sigmoid: return x.negative ? real(0) : one;
        case Elementary::Tanh:
        case Elementary::Erf: return real(x.negative ? -1 : 1);
        case Elementary::Gelu: return x.negative ? zero : x;
        case Elementary::Log: return x;
        case Elementary::Rsqrt:
        case Elementary::Recip: return zero;
    }
    __builtin_unreachable();
}

}  // namespace

std::optional<Real> special_result(Elementary function, const Real& x) {
    if (x.is(Real::Kind::NaN)) return x;
    if (x.is_zero()) return result_at_zero(function, x);
    if (is_below_domain(function, x)) return not_a_number({.invalid = true});
    if (x.is(Real::Kind::Infinity)) return result_at_infinity(function, x);
    if (function == Elementary::Log && signed_value(x) == 1) return real(0);
    return std::nullopt;
}

}  // namespace halfulp::truth
