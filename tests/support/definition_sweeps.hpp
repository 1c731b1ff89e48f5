#pragma once

#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <vector>

#include "support/dyadic.hpp"

// What the definition is asked about softfloat. `stride` thins a sweep out: unit tests take a prime, exhaustive ones 1.

namespace halfulp::test {

inline std::vector<Env> environments() {
    std::vector<Env> all;
    for (const auto& row : roundings)
        for (const Overflow overflow : {Overflow::ByRounding, Overflow::Saturate, Overflow::ToInfinity})
            for (const Tininess tininess : {Tininess::AfterRounding, Tininess::BeforeRounding})
                all.push_back({row.rounding, overflow, tininess});
    return all;
}

/// Every rounding, both rules of tininess and all three of overflow, but not their product.
inline std::vector<Env> diagonal_environments() {
    std::vector<Env> some;
    for (const auto& row : roundings) {
        some.push_back({row.rounding, Overflow::ByRounding, Tininess::AfterRounding});
        some.push_back({row.rounding, Overflow::Saturate, Tininess::BeforeRounding});
        some.push_back({row.rounding, Overflow::ToInfinity, Tininess::AfterRounding});
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

/// Rounding decides by where x lies between two neighbours: at one, about a quarter, at the tie, and a trifle (below
/// the 64 bits of a Sticky) off each of them.
inline void expect_rounded_between(const Format& f, const Rational& a, const Rational& gap, const Env& env) {
    const Rational trifle = pow2(-70);
    for (const Rational& part : {Rational{0}, trifle, Rational{1, 4}, Rational{Rational{1, 2} - trifle}, Rational{1, 2},
                                 Rational{Rational{1, 2} + trifle}, Rational{3, 4}, Rational{1 - trifle}}) {
        const Rational x = a + gap * part;
        if (x == 0) continue;
        expect_rounded(f, x, env);
        expect_rounded(f, -x, env);
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
