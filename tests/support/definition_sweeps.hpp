#pragma once

#include <algorithm>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <vector>

#include "support/dyadic.hpp"

// What the definition is asked about softfloat. `stride` thins a sweep out: unit tests take a prime, exhaustive ones 1.

namespace halfulp::test {

/// Every rounding, Stochastic with bits that step up from a fraction of 1 - 2^-64, 3/4, 1/2, 1/4 and 2^-64 on.
inline std::vector<Env> rounding_environments() {
    std::vector<Env> all;
    all.reserve(deterministic_roundings.size() + 5);
    for (const auto& row : deterministic_roundings) all.push_back({.rounding = row.rounding});
    constexpr std::uint64_t quarter = std::uint64_t{1} << 62;
    for (const std::uint64_t random : {std::uint64_t{1}, quarter, 2 * quarter, 3 * quarter, ~std::uint64_t{0}})
        all.push_back({.rounding = Rounding::Stochastic, .random = random});
    return all;
}

/// Every rounding with every rule of overflow and tininess, and with every rule of flushing.
inline std::vector<Env> environments() {
    std::vector<Env> all;
    for (Env env : rounding_environments()) {
        for (const Overflow overflow : {Overflow::ByRounding, Overflow::Saturate, Overflow::ToInfinity})
            for (const Tininess tininess : {Tininess::AfterRounding, Tininess::BeforeRounding}) {
                env.overflow = overflow;
                env.tininess = tininess;
                all.push_back(env);
            }
        for (const Flush flush : {Flush::BeforeRounding, Flush::AfterRounding}) {
            env.flush_outputs = flush;
            all.push_back(env);
        }
    }
    return all;
}

/// Every rounding, both rules of tininess, all three of overflow and of flushing, but not their product.
inline std::vector<Env> diagonal_environments() {
    std::vector<Env> some;
    for (Env env : rounding_environments()) {
        some.push_back(env);
        env.overflow = Overflow::Saturate;
        env.tininess = Tininess::BeforeRounding;
        some.push_back(env);
        env.flush_outputs = Flush::BeforeRounding;
        some.push_back(env);
        env.overflow = Overflow::ToInfinity;
        env.tininess = Tininess::AfterRounding;
        env.flush_outputs = Flush::AfterRounding;
        some.push_back(env);
    }
    return some;
}

/// The formats that the definition rounds to (it wants a zero) and that have at most `width` bits.
inline std::vector<Format> formats_up_to(int width) {
    std::vector<Format> some;
    for (const auto& row : formats)
        if (row.format.width <= width && row.format.has_subnormals) some.push_back(row.format);
    return some;
}

inline void expect_rounded(const Format& f, const Rational& x, const Env& env) {
    const Rounded wanted = truth::round(f, x, env);
    ASSERT_EQ(round_pack(f, to_exact(x), env), wanted) << name_of(f) << ' ' << name_of(env.rounding) << ' ' << x;
    ASSERT_EQ(round_pack(f, to_sticky(x), env), wanted) << name_of(f) << ' ' << name_of(env.rounding) << ' ' << x;
}

/// Rounding decides by where x lies between two neighbours: at one, a quarter, the tie, three quarters, and a trifle off
/// each of them: less than the 2^-64 that Stochastic sees, and as far down as 128 bits reach, below those of a Sticky.
inline void expect_rounded_between(const Format& f, const Rational& a, const Rational& gap, const Env& env) {
    const Rational trifle = pow2(-std::min(117, 127 - f.precision));
    for (const int quarters : {0, 1, 2, 3, 4}) {
        for (const Rational& off : {Rational{-trifle}, Rational{0}, trifle}) {
            const Rational part = Rational{quarters, 4} + off;
            if (part < 0 || part >= 1) continue;
            const Rational x = a + gap * part;
            if (x == 0) continue;
            expect_rounded(f, x, env);
            expect_rounded(f, -x, env);
        }
    }
}

/// The gap between a magnitude and the next.
inline void expect_gap_rounded(const Format& f, std::uint64_t magnitude, const std::vector<Env>& envs) {
    const Rational a = *truth::value(f, magnitude), b = *truth::value(f, magnitude + 1);
    for (const Env& env : envs)
        if (!testing::Test::HasFatalFailure()) expect_rounded_between(f, a, b - a, env);
}

inline void expect_every_gap_rounded(const Format& f, std::uint64_t stride, const std::vector<Env>& envs) {
    for (std::uint64_t magnitude = 0; magnitude < f.max_code(); magnitude += stride)
        expect_gap_rounded(f, magnitude, envs);
}

/// About zero, the smallest normal number, one and the largest number, where a stride must not step over anything; and
/// far beyond both ends.
inline void expect_landmarks_rounded(const Format& f, const std::vector<Env>& envs) {
    const std::uint64_t one = static_cast<std::uint64_t>(f.bias) << f.fraction_bits();
    for (const std::uint64_t landmark : {std::uint64_t{0}, f.min_normal_code(), one, f.max_code()})
        for (std::uint64_t m = landmark < 2 ? 0 : landmark - 2; m < landmark + 2 && m < f.max_code(); ++m)
            expect_gap_rounded(f, m, envs);
    const Rational min = *truth::value(f, 1), max = *truth::value(f, f.max_code());
    const Rational top_gap = max - *truth::value(f, f.max_code() - 1);
    for (const Env& env : envs) {
        for (int gaps = 0; gaps < 3; ++gaps) expect_rounded_between(f, max + gaps * top_gap, top_gap, env);
        for (const Rational& beyond : {Rational{max * pow2(1000)}, Rational{min * pow2(-1000)}}) {
            expect_rounded(f, beyond, env);
            expect_rounded(f, -beyond, env);
        }
    }
}

}  // namespace halfulp::test
