#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/compare.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/round_pack.hpp>
#include <halfulp/softfloat/sign.hpp>

// Laws of rounded arithmetic, to be asked of any implementation: conversions and operations are callables from codes to
// a code, with whatever rounding and library behind them. A law that does not apply to its operands holds.

namespace halfulp::property {

/// What refutes a law: the operands, what the implementation gave, and the code that the law compares it with.
struct Counterexample {
    std::string_view law;        ///< that is broken, as a phrase
    Operands operands;           ///< codes for which it is
    std::uint64_t got, against;  ///< codes: what was delivered, and what the law wants
};
/// What a law says: why it is broken, or nothing.
using Verdict = std::optional<Counterexample>;

/// The same code, or two NaNs.
constexpr bool same(const Format& f, std::uint64_t a, std::uint64_t b) {
    return a == b || (f.is_nan(a) && f.is_nan(b));
}

/// convert(a) is a rounded once, as env says: correct rounding (IEEE 754-2019, 4.3).
Verdict correctly_rounded(const Format& from, const Format& to, auto convert, const Env& env, std::uint64_t a) {
    const std::uint64_t got = convert(a), against = halfulp::convert(to, from, a, env).code;
    if (same(to, got, against)) return {};
    return Counterexample{"correctly rounded", {a}, got, against};
}

/// op(operands) is the exact result rounded once, as env says.
Verdict correctly_rounded(const Format& f, Operation operation, auto op, const Env& env, const Operands& operands) {
    const std::uint64_t got = op(operands), against = compute(operation, f, operands, env).code;
    if (same(f, got, against)) return {};
    return Counterexample{"correctly rounded", operands, got, against};
}

/// convert(a) is a, or one of the two numbers next to it: what every rounding allows.
Verdict faithful(const Format& from, const Format& to, auto convert, std::uint64_t a) {
    const std::uint64_t got = convert(a);
    const auto rounded = [&](Rounding rounding) { return round_pack(to, decode(from, a), {rounding}).code; };
    if (same(to, got, rounded(Rounding::Down)) || same(to, got, rounded(Rounding::Up))) return {};
    return Counterexample{"faithful", {a}, got, rounded(Rounding::NearestEven)};
}

/// A product that the format has is not rounded, whatever the rounding.
Verdict exact_product(const Format& f, auto multiply, std::uint64_t a, std::uint64_t b) {
    const Rounded product = round_pack(f, mul(decode(f, a), decode(f, b)));
    if (product.status != Status{}) return {};
    const std::uint64_t got = multiply(a, b);
    if (same(f, got, product.code)) return {};
    return Counterexample{"exact product", {a, b}, got, product.code};
}

/// a <= b implies convert(a) <= convert(b). Pre: convert makes no NaN of a number.
Verdict monotone(const Format& from, const Format& to, auto convert, std::uint64_t a, std::uint64_t b) {
    const auto order = compare(decode(from, a), decode(from, b));
    if (order == std::partial_ordering::unordered) return {};
    if (order > 0) std::swap(a, b);
    const std::uint64_t low = convert(a), high = convert(b);
    if (compare(decode(to, low), decode(to, high)) <= 0) return {};
    return Counterexample{"monotone", {a, b}, low, high};
}

/// convert(-a) is -mirrored(a) unless a is NaN, where `mirrored` rounds Up if convert rounds Down, and else as convert
/// does.
Verdict sign_symmetric(const Format& from, const Format& to, auto convert, auto mirrored, std::uint64_t a) {
    const std::uint64_t got = convert(negate(from, a)), against = negate(to, mirrored(a));
    if (from.is_nan(a) || same(to, got, against)) return {};
    return Counterexample{"sign symmetric", {a}, got, against};
}

/// Rounding to odd first, with two bits more, does no harm: from_odd(to_odd(a)) is direct(a) (Boldo & Melquiond 2008).
Verdict through_odd(const Format& to, auto to_odd, auto from_odd, auto direct, std::uint64_t a) {
    const std::uint64_t got = from_odd(to_odd(a)), against = direct(a);
    if (same(to, got, against)) return {};
    return Counterexample{"through odd", {a}, got, against};
}

/// back(widen(a)) is a.
Verdict round_trip(const Format& narrow, auto widen, auto back, std::uint64_t a) {
    const std::uint64_t got = back(widen(a));
    if (same(narrow, got, a)) return {};
    return Counterexample{"round trip", {a}, got, a};
}

/// A saturating conversion makes a finite number of everything but NaN.
Verdict saturated(const Format& from, const Format& to, auto convert, std::uint64_t a) {
    const std::uint64_t got = convert(a);
    if (decode(from, a).kind == Kind::NaN || (!to.is_nan(got) && (got & to.magnitude_mask()) <= to.max_code()))
        return {};
    return Counterexample{"saturated", {a}, got, to.max_code()};
}

/// op(a, b) is op(b, a): sums and products.
Verdict commutative(const Format& f, auto op, std::uint64_t a, std::uint64_t b) {
    const std::uint64_t got = op(a, b), against = op(b, a);
    if (same(f, got, against)) return {};
    return Counterexample{"commutative", {a, b}, got, against};
}

/// a - a is +0, and -0 in Down (IEEE 754-2019, 6.3).
Verdict vanishing(const Format& f, auto subtract, Rounding rounding, std::uint64_t a) {
    if (decode(f, a).kind == Kind::NaN || decode(f, a).kind == Kind::Inf) return {};
    const std::uint64_t got = subtract(a, a), zero = rounding == Rounding::Down ? negate(f, 0) : 0;
    if (got == zero) return {};
    return Counterexample{"vanishing", {a, a}, got, zero};
}

/// b/2 <= a <= 2b implies that a - b is exact, whatever the rounding (Sterbenz 1974).
Verdict sterbenz(const Format& f, auto subtract, std::uint64_t a, std::uint64_t b) {
    const Exact x = decode(f, a), y = decode(f, b);
    if (x.kind != Kind::Finite || y.kind != Kind::Finite || x.negative || y.negative) return {};
    const auto doubled = [](Exact e) {
        ++e.exp;
        return e;
    };
    if (compare(x, doubled(y)) > 0 || compare(y, doubled(x)) > 0) return {};
    const Exact difference = sub(x, y).value;
    const std::uint64_t got = subtract(a, b);
    if (compare(decode(f, got), difference) == 0) return {};
    return Counterexample{"Sterbenz", {a, b}, got, round_pack(f, difference).code};
}

}  // namespace halfulp::property
