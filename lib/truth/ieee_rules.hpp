#pragma once

#include <stdexcept>

#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/operation.hpp>

// The operations as IEEE 754-2019 words them, on exact rationals: 6.1 infinities, 6.2 NaNs, 6.3 signs of zeros, 7.2 and
// 7.3 invalid and division by zero. Nothing of softfloat takes part but the types Format, Env, Rounded and
// Operation.

namespace halfulp::truth {

/// An extended real number with the sign of its zero, or NaN.
struct Real {
    enum class Kind { Number, Infinity, NaN } kind = Kind::Number;
    bool negative = false;
    Rational magnitude = 0;
    Status raised = {};
    bool cancelled = false;  ///< a zero whose sign the rounding chooses

    bool is(Kind k) const { return kind == k; }
    bool is_zero() const { return is(Kind::Number) && magnitude == 0; }
};

inline Real real(const Rational& x, bool negative_zero = false) {
    return {.negative = x == 0 ? negative_zero : x < 0, .magnitude = abs(x)};
}
inline Real infinity(bool negative, Status raised = {}) {
    return {.kind = Real::Kind::Infinity, .negative = negative, .raised = raised};
}
inline Real not_a_number(Status raised) { return {.kind = Real::Kind::NaN, .raised = raised}; }

/// What a code stands for. A NaN is signaling if its quiet bit, the top one of the fraction, is clear and there is more
/// than one NaN.
inline Real operand(const Format& f, std::uint64_t code) {
    const bool negative = f.is_signed && code >> (f.width - 1) == 1;
    if (const auto x = truth::value(f, code)) return real(*x, negative);
    if (f.has_inf && (code & f.magnitude_mask()) == f.max_code() + 1) return infinity(negative);
    return not_a_number({.invalid = f.nan_codes > 1 && (code >> (f.precision - 2) & 1) == 0});
}

inline Rational signed_value(const Real& a) { return a.negative ? Rational{-a.magnitude} : a.magnitude; }

inline Real sum(const Real& a, const Real& b) {
    using enum Real::Kind;
    if (a.is(NaN) || b.is(NaN)) return not_a_number(a.raised | b.raised);
    if (a.is(Infinity) && b.is(Infinity) && a.negative != b.negative) return not_a_number({.invalid = true});
    if (a.is(Infinity)) return a;
    if (b.is(Infinity)) return b;
    Real result = real(signed_value(a) + signed_value(b), a.negative);
    result.cancelled = result.is_zero() && a.negative != b.negative;
    return result;
}

inline Real difference(const Real& a, Real b) {
    b.negative = !b.negative;
    return sum(a, b);
}

inline Real product(const Real& a, const Real& b) {
    using enum Real::Kind;
    const bool negative = a.negative != b.negative;
    if (a.is(NaN) || b.is(NaN)) return not_a_number(a.raised | b.raised);
    if ((a.is(Infinity) && b.is_zero()) || (a.is_zero() && b.is(Infinity))) return not_a_number({.invalid = true});
    if (a.is(Infinity) || b.is(Infinity)) return infinity(negative);
    return {.negative = negative, .magnitude = a.magnitude * b.magnitude};
}

inline Real quotient(const Real& a, const Real& b) {
    using enum Real::Kind;
    const bool negative = a.negative != b.negative;
    if (a.is(NaN) || b.is(NaN)) return not_a_number(a.raised | b.raised);
    if ((a.is(Infinity) && b.is(Infinity)) || (a.is_zero() && b.is_zero())) return not_a_number({.invalid = true});
    if (a.is(Infinity)) return infinity(negative);
    if (b.is(Infinity)) return {.negative = negative};
    if (b.is_zero()) return infinity(negative, {.divide_by_zero = true});
    return {.negative = negative, .magnitude = a.magnitude / b.magnitude};
}

/// 0 * infinity + NaN is invalid too, as on Arm and RISC-V (7.2 c leaves it open).
inline Real fused(const Real& a, const Real& b, const Real& c) {
    const Real p = product(a, b);
    return p.is(Real::Kind::NaN) ? not_a_number(p.raised | c.raised) : sum(p, c);
}

/// An irrational root is replaced by the middle of a gap between 250-bit numbers in which it lies: no format and no tie
/// of one has so many bits, hence both round alike.
inline Real root(const Real& a) {
    using enum Real::Kind;
    if (a.is(NaN) || a.is_zero()) return a;
    if (a.negative) return not_a_number({.invalid = true});
    if (a.is(Infinity)) return a;
    const int scale = 250 - truth::floor_log2(a.magnitude) / 2;
    const Rational scaled = a.magnitude * pow2(2 * scale);
    const Integer below = boost::multiprecision::sqrt(truth::floor(scaled));
    const bool exact = Rational{Integer{below * below}} == scaled;
    return real((Rational{below} + (exact ? Rational{0} : Rational{1, 2})) * pow2(-scale));
}

inline Rounded delivered_infinity(const Format& f, bool negative, bool saturate) {
    const bool lost = saturate || !f.has_inf;
    const Env env{.overflow = saturate ? Overflow::Saturate : Overflow::ToInfinity};
    return {overflow_code(f, env, negative) | (negative ? f.sign_bit() : 0), {.overflow = lost, .inexact = lost}};
}

inline Rounded delivered_zero(const Format& f, bool negative) {
    if (!f.has_subnormals) return {f.min_code(), {.underflow = true, .inexact = true}};
    return {negative && f.has_negative_zero ? f.sign_bit() : 0, {}};
}

/// A result in a format. Where the format lacks what is asked for, as round_pack documents.
/// Pre: f has subnormal numbers, or x is no positive number.
inline Rounded delivered(const Format& f, const Real& x, const Env& env) {
    Rounded r{};
    if (x.is(Real::Kind::NaN)) {
        r = f.has_nan() ? Rounded{f.nan_code(), {}} : Rounded{f.max_code(), {.invalid = true}};
    } else if (!f.is_signed && x.negative && !x.is_zero()) {
        r = {f.nan_code(), {.invalid = true}};
    } else if (x.is(Real::Kind::Infinity)) {
        r = delivered_infinity(f, x.negative, env.overflow == Overflow::Saturate);
    } else if (x.is_zero()) {
        r = delivered_zero(f, x.cancelled ? env.rounding == Rounding::Down : x.negative);
    } else {
        r = truth::round(f, signed_value(x), env);
    }
    return {r.code, r.status | x.raised};
}

/// An arithmetic operation on codes of f.
inline Rounded defined_result(Operation operation, const Format& f, const Operands& operands, const Env& env = {}) {
    const auto x = [&](std::size_t i) { return operand(f, operands[i]); };
    switch (operation) {
        case Operation::Add: return delivered(f, sum(x(0), x(1)), env);
        case Operation::Sub: return delivered(f, difference(x(0), x(1)), env);
        case Operation::Mul: return delivered(f, product(x(0), x(1)), env);
        case Operation::Div: return delivered(f, quotient(x(0), x(1)), env);
        case Operation::Sqrt: return delivered(f, root(x(0)), env);
        case Operation::Fma: return delivered(f, fused(x(0), x(1), x(2)), env);
        default: throw std::logic_error("the definition is asked for arithmetic operations alone");
    }
}

}  // namespace halfulp::truth
