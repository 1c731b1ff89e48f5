#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <halfulp/lib/property/laws.hpp>
#include <halfulp/softfloat/extremum.hpp>
#include <halfulp/softfloat/integer.hpp>
#include <halfulp/softfloat/remainder.hpp>
#include <halfulp/softfloat/scale.hpp>

// Laws of the operations beyond arithmetic, in the manner of laws.hpp. Predicates are callables that return a bool.

namespace halfulp::property {

/// The remainder's magnitude is at most half of b's where the quotient is rounded to nearest; truncated, as in fmod, it
/// is below b's, and the remainder has a's sign.
Verdict remainder_bound(const Format& f, auto op, Quotient quotient, std::uint64_t a, std::uint64_t b) {
    const Exact x = decode(f, a), y = decode(f, abs(f, b));
    if (x.kind != Kind::Finite || y.kind != Kind::Finite) return {};
    const std::uint64_t got = op(a, b);
    const Exact rest = decode(f, abs(f, got));
    const bool nearest = quotient == Quotient::Nearest;
    const auto order = compare(scalb(rest, nearest ? 1 : 0), y);
    const bool has_sign = nearest || is_negative(f, got) == x.negative || !f.has_negative_zero;
    if ((nearest ? order <= 0 : order < 0) && has_sign) return {};
    return Counterexample{"remainder bound", {a, b}, got, b};
}

/// op(op(a)) is op(a): rounding to an integer, conversion there and back, abs.
Verdict idempotent(const Format& f, auto op, std::uint64_t a) {
    const std::uint64_t against = op(a), got = op(against);
    if (same(f, got, against)) return {};
    return Counterexample{"idempotent", {a}, got, against};
}

/// op(a) is low(a) or high(a): what rounds to an integer delivers one of floor and ceil.
Verdict one_of_two(const Format& f, auto op, auto low, auto high, std::uint64_t a) {
    const std::uint64_t got = op(a), below = low(a);
    if (same(f, got, below) || same(f, got, high(a))) return {};
    return Counterexample{"one of two", {a}, got, below};
}

/// next(a) is above a, but not above any c that is: nothing lies between. Of an infinity or the largest number of a
/// format without one, next is that itself. Of nextDown ask -nextDown(-a).
Verdict least_above(const Format& f, auto next, std::uint64_t a, std::uint64_t c) {
    const Exact x = decode(f, a), y = decode(f, c);
    if (x.kind == Kind::NaN) return {};
    const std::uint64_t got = next(a);
    const auto step = compare(decode(f, got), x);
    const bool last = a == (f.has_inf ? f.inf_code() : f.max_code());
    if (step != 0 ? step < 0 : !last) return Counterexample{"least above", {a}, got, a};
    if (compare(y, x) > 0 && compare(decode(f, got), y) > 0) return Counterexample{"least above", {a, c}, got, c};
    return {};
}

/// a * 2^n is not rounded where the format has it.
Verdict exact_scaling(const Format& f, auto scale, std::uint64_t a, std::int64_t n) {
    const Rounded scaled = round_pack(f, scalb(decode(f, a), n));
    if (scaled.status != Status{}) return {};
    const std::uint64_t got = scale(a, n);
    if (same(f, got, scaled.code)) return {};
    return Counterexample{"exact scaling", {a, static_cast<std::uint64_t>(n)}, got, scaled.code};
}

/// A minimum or maximum is one of the operands, and neither lies beyond it, -0 being below +0; beside a NaN it is what
/// `which` says (IEEE 754-2008, 5.3.1; 754-2019, 9.6).
Verdict extreme(const Format& f, auto op, const Extremum& which, std::uint64_t a, std::uint64_t b) {
    const std::uint64_t got = op(a, b);
    const auto refuted = [&](std::uint64_t against) { return Counterexample{"extreme", {a, b}, got, against}; };
    if (f.is_nan(a) || f.is_nan(b)) {
        const bool loud = f.is_signaling(a) || f.is_signaling(b);
        const bool number = f.is_nan(a) != f.is_nan(b) && which.nan != NanBeside::Wins &&
                            !(which.nan == NanBeside::LosesUnlessLoud && loud);
        const std::uint64_t against = number == f.is_nan(a) ? b : a;
        if (number ? got == against : f.is_nan(got)) return {};
        return refuted(against);
    }
    if (got != a && got != b) return refuted(a);
    const Exact taken = decode(f, got), left = decode(f, got == a ? b : a);
    const auto magnitudes = compare(decode(f, abs(f, got)), decode(f, abs(f, got == a ? b : a)));
    const bool below = which.by_magnitude && magnitudes != 0 ? magnitudes < 0 : is_below(taken, left);
    const bool above = which.by_magnitude && magnitudes != 0 ? magnitudes > 0 : is_below(left, taken);
    if (which.largest ? !below : !above) return {};
    return refuted(got == a ? b : a);
}

/// Of any two codes, NaNs included, at(a, b) or at(b, a) holds, both only of one code, and where a < b the first alone
/// (IEEE 754-2019, 5.10).
Verdict totally_ordered(const Format& f, auto at_or_below, std::uint64_t a, std::uint64_t b) {
    const bool forth = at_or_below(a, b), back = at_or_below(b, a);
    const auto order = compare(decode(f, a), decode(f, b));
    const bool total = forth || back, one = a == b || forth != back;
    if (total && one && (order < 0 ? forth : order > 0 ? back : true)) return {};
    return Counterexample{"totally ordered", {a, b}, forth ? 1U : 0U, back ? 1U : 0U};
}

/// at(a, b) and at(b, c) imply at(a, c).
Verdict transitive(auto at_or_below, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    if (!at_or_below(a, b) || !at_or_below(b, c) || at_or_below(a, c)) return {};
    return Counterexample{"transitive", {a, b, c}, 0, 1};
}

/// Of two numbers exactly one of <, = and > holds, and of a NaN none.
Verdict trichotomous(const Format& f, auto less, auto equal, auto greater, std::uint64_t a, std::uint64_t b) {
    const unsigned hold = (less(a, b) ? 1U : 0U) + (equal(a, b) ? 1U : 0U) + (greater(a, b) ? 1U : 0U);
    const unsigned against = f.is_nan(a) || f.is_nan(b) ? 0 : 1;
    if (hold == against) return {};
    return Counterexample{"trichotomous", {a, b}, hold, against};
}

/// Of zeros and NaNs too, op changes the sign bit or nothing: negate, abs, copySign (IEEE 754-2019, 5.5.1).
Verdict sign_alone(const Format& f, auto op, std::uint64_t a) {
    const std::uint64_t got = op(a);
    if ((got ^ a) == 0 || (got ^ a) == f.sign_bit()) return {};
    return Counterexample{"sign alone", {a}, got, a};
}

/// convert(a) is a rounded down or up to an integer and then brought into the range; of NaN it may be anything.
Verdict faithful_integer(const Format& from, const IntegerType& to, auto convert, std::uint64_t a) {
    if (from.is_nan(a)) return {};
    const std::uint64_t got = convert(a);
    const auto rounded = [&](Rounding rounding) { return to_integer(to, decode(from, a), {rounding}).code; };
    if (got == rounded(Rounding::Down) || got == rounded(Rounding::Up)) return {};
    return Counterexample{"faithful integer", {a}, got, rounded(Rounding::NearestEven)};
}

/// a <= b implies convert(a) <= convert(b), as integers of the type.
Verdict monotone_integer(const Format& from, const IntegerType& to, auto convert, std::uint64_t a, std::uint64_t b) {
    const auto order = compare(decode(from, a), decode(from, b));
    if (order == std::partial_ordering::unordered) return {};
    if (order > 0) std::swap(a, b);
    const std::uint64_t low = convert(a), high = convert(b);
    if (compare(exact(to, low), exact(to, high)) <= 0) return {};
    return Counterexample{"monotone integer", {a, b}, low, high};
}

/// dot(a, b), of codes whose products are added up, does not change where the terms i and j change places: a sum rounded
/// once does not. The counterexample's operands are i and j.
Verdict order_free(const Format& to, auto dot, std::vector<std::uint64_t> a, std::vector<std::uint64_t> b,
                   std::size_t i, std::size_t j) {
    const std::uint64_t against = dot(std::span<const std::uint64_t>(a), std::span<const std::uint64_t>(b));
    std::swap(a.at(i), a.at(j));
    std::swap(b.at(i), b.at(j));
    const std::uint64_t got = dot(std::span<const std::uint64_t>(a), std::span<const std::uint64_t>(b));
    if (same(to, got, against)) return {};
    return Counterexample{"order free", {i, j}, got, against};
}

}  // namespace halfulp::property
