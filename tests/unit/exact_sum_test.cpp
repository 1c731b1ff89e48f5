// Claim: an ExactSum is the sum, whatever the order and however far apart the terms; dot() rounds it once, with the signs
// of zero, the infinities and the NaNs of a chain of additions.
// Oracle: exact rationals and truth::round; for infinities and zeros the chain of exact additions of two terms.
// Shared: decode, which the definition tests check.
#include <gtest/gtest.h>

#include <algorithm>
#include <halfulp/lib/property/codes.hpp>
#include <halfulp/softfloat/dot.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/print.hpp>
#include <random>

#include <halfulp/lib/truth/ieee_rules.hpp>
#include "support/definition_sweeps.hpp"

namespace halfulp::test {
namespace {

using truth::operand;
using truth::Real;
using truth::sum;

/// A finite code.
std::uint64_t draw(const Format& f, std::mt19937_64& bits) {
    const std::uint64_t code = property::edge_code(f, bits);
    return operand(f, code).is(Real::Kind::Number) ? code : 0;
}

struct Vectors {
    std::vector<std::uint64_t> a, b;
};

/// Products that cancel in part: every other one is nearly the one before, negated.
Vectors draw_vectors(const Format& f, std::size_t n, std::mt19937_64& bits) {
    Vectors v;
    for (std::size_t i = 0; i < n; ++i) {
        const bool cancels = i % 2 == 1 && bits() % 4 != 0;
        v.a.push_back(cancels ? v.a.back() ^ f.sign_bit() : draw(f, bits));
        v.b.push_back(cancels && bits() % 2 == 0 ? v.b.back() : draw(f, bits));
    }
    return v;
}

void expect_dot(const Format& to, const Format& f, const Vectors& v, const Env& env) {
    Rational sum = 0;
    for (std::size_t i = 0; i < v.a.size(); ++i) sum += *truth::value(f, v.a[i]) * *truth::value(f, v.b[i]);
    if (sum == 0) return;  // ZerosKeepTheirSigns below
    ASSERT_EQ(dot(to, {f, v.a}, {f, v.b}, env), truth::round(to, sum, env)) << name_of(f) << ' ' << sum;
}

TEST(ExactSum, DotProductsAreRoundedOnce) {
    std::mt19937_64 bits{1};
    for (const Format& f : {binary64, binary32, binary16, bfloat16, e4m3fn, e5m2})
        for (const Format& to : {binary64, binary32, binary16, bfloat16})
            for (const Env& env : rounding_environments())
                for (const std::size_t n : {1U, 2U, 3U, 8U, 33U})
                    if (!testing::Test::HasFatalFailure()) expect_dot(to, f, draw_vectors(f, n, bits), env);
}

TEST(ExactSum, TheOrderDoesNotMatter) {
    std::mt19937_64 bits{2};
    for (int round = 0; round < 200; ++round) {
        std::vector<std::uint64_t> terms(50);
        for (std::uint64_t& term : terms) term = draw(binary64, bits);
        const auto sum = [&] {
            ExactSum s;
            for (const std::uint64_t term : terms) s.add(decode(binary64, term));
            return round_pack(binary64, s.value());
        };
        const Rounded forth = sum();
        std::shuffle(terms.begin(), terms.end(), bits);
        ASSERT_EQ(sum(), forth);
    }
}

/// The least and the greatest product of binary64: what the fixed point must reach.
TEST(ExactSum, TheEndsOfBinary64Products) {
    const Exact least = Exact::finite(false, -2148, 1), greatest = decode(binary64, binary64.max_code());
    ExactSum sum;
    for (int i = 0; i < 1000; ++i) {
        sum.add(mul(greatest, greatest));
        sum.add(least);
    }
    for (int i = 0; i < 1000; ++i) sum.add(negated(mul(greatest, greatest)));
    EXPECT_FALSE(sum.value().inexact);
    EXPECT_EQ(to_rational(sum.value().value), 1000 * pow2(-2148));
    for (int i = 0; i < 1001; ++i) sum.add(negated(least));
    EXPECT_EQ(to_rational(sum.value().value), -pow2(-2148));
}

/// The number kept is the sum's leading bits, wherever these lie among the limbs, and `inexact` says whether there are more.
TEST(ExactSum, LeadingBitsAtEveryPlaceOfALimb) {
    for (int top = 0; top < 64; ++top) {
        for (const int lower : {1, 63, 64, 65, 127, 128, 129, 191, 192, 193, 256}) {
            ExactSum sum;
            sum.add(Exact::finite(false, top, 1));
            sum.add(Exact::finite(false, top - lower, 1));
            const Sticky found = sum.value();
            const Rational exact = pow2(top) + pow2(top - lower), kept = to_rational(found.value);
            EXPECT_TRUE(kept <= exact && exact < kept + pow2(found.value.exp)) << top << ' ' << lower;
            EXPECT_EQ(found.inexact, kept != exact) << top << ' ' << lower;
        }
    }
}

/// x + y as an operand of another exact addition: a zero that cancelled gets its sign from the rounding.
Exact settled(const Exact& x, Rounding rounding) {
    if (x.kind == Kind::Cancelled) return Exact::zero(rounding == Rounding::Down);
    return x.kind == Kind::Finite ? to_exact(to_rational(x)) : x;
}

void expect_chain(const Exact& x, const Exact& y, const Exact& z, Rounding rounding) {
    ExactSum sum;
    for (const Exact& term : {x, y, z}) sum.add(term);
    const Env env{.rounding = rounding};
    const Exact two = settled(add(x, y).value, rounding);
    Rounded chain = round_pack(binary16, add(two, z), env);
    // A chain signals inf - inf before it meets a NaN, or after: the sum only where there is none.
    const bool nan_operand = x.kind == Kind::NaN || y.kind == Kind::NaN || z.kind == Kind::NaN;
    if (nan_operand) chain.status = {};
    if (!nan_operand && two.kind == Kind::NaN) chain.status.invalid = true;
    EXPECT_EQ(round_pack(binary16, sum.value(), env), chain) << hex_text(x) << ' ' << hex_text(y) << ' ' << hex_text(z);
}

TEST(ExactSum, ZerosInfinitiesAndNaNsAsInAChain) {
    const std::array<std::uint64_t, 7> codes{0x0000, 0x8000, 0x3C00, 0xBC00, 0x7C00, 0xFC00, 0x7E00};
    for (std::size_t i = 0; i < std::size_t{7} * 7 * 7; ++i) {
        const auto term = [&](std::size_t place) { return decode(binary16, codes[i / place % 7]); };
        for (const Rounding rounding : {Rounding::NearestEven, Rounding::Down})
            expect_chain(term(1), term(7), term(49), rounding);
    }
}

constexpr std::array<std::uint64_t, 2> infinities{0x7C00, 0xFC00}, ones{0x3C00, 0x3C00}, zeros{0x0000, 0x3C00};
constexpr std::array<std::uint64_t, 2> nans{0x7E01, 0xFC02};
static_assert(dot(binary16, {binary16, infinities}, {binary16, ones}) == Rounded{0x7E00, {.invalid = true}});
static_assert(dot(binary16, {binary16, infinities}, {binary16, zeros}) == Rounded{0x7E00, {.invalid = true}});
static_assert(dot(binary16, {binary16, nans}, {binary16, ones}, {.nan = NanPolicy::X86Sse}).code == 0x7E01);
static_assert(dot(binary16, {binary16, nans}, {binary16, ones}, {.nan = NanPolicy::Arm}).code == 0xFE02);
static_assert(dot(binary16, {binary16, ones}, {binary16, ones}, {}, Operand{binary32, 0xC0000000}).code == 0x0000);
static_assert(dot(binary16, {binary16, {}}, {binary16, {}}, {.rounding = Rounding::Down}).code == 0x0000);

/// 2^15 * 2^15 + 1 * 1 - 2^15 * 2^15 in binary16: each product overflows, the sum does not.
constexpr std::array<std::uint64_t, 3> large{0x7800, 0x3C00, 0xF800}, other{0x7800, 0x3C00, 0x7800};
static_assert(dot(binary16, {binary16, large}, {binary16, other}) == Rounded{0x3C00, {}});

}  // namespace
}  // namespace halfulp::test
