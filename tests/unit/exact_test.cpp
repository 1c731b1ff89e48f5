// Claim: the exact operations keep their contracts on the widest operands: an Exact is the result, a Sticky encloses it
// between its leading bits and one more, with at least 55 of them.
// Oracle: rationals by Boost; a root is checked by squaring. Shared: Exact's own meaning, sig * 2^exp.
#include <gtest/gtest.h>

#include <halfulp/lib/property/codes.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <limits>
#include <random>
#include <type_traits>

#include "support/cases.hpp"
#include "support/dyadic.hpp"

namespace halfulp::test {
namespace {

static_assert(!std::is_convertible_v<Sticky, Exact>, "a Sticky never enters a second operation");

static_assert(bit_width(0) == 0 && bit_width(1) == 1 && bit_width(u128{1} << 63) == 64);
static_assert(bit_width(u128{1} << 64) == 65 && bit_width(~u128{0}) == 128);
static_assert(exact(std::numeric_limits<std::int64_t>::min()).sig == u128{1} << 63);
static_assert(exact(std::numeric_limits<std::uint64_t>::max()).sig == ~std::uint64_t{0});
static_assert(exact(-3).negative && exact(-3).sig == 3 && exact(0).kind == Kind::Zero && !exact(0).negative);
static_assert(lifted(exact(5), 126).sig == u128{5} << 124 && lifted(exact(5), 126).exp == -124);
static_assert(exact(5).top() == 2 && lifted(exact(5), 100).top() == 2);

constexpr int leading_bits_of_binary64_and_64_random_bits = 53 + 64;

void expect_encloses(const Sticky& s, const Rational& wanted) {
    if (!s.inexact) {
        EXPECT_EQ(to_rational(s.value), wanted);
        return;
    }
    ASSERT_EQ(s.value.kind, Kind::Finite);
    EXPECT_EQ(s.value.negative, wanted < 0);
    const Rational low = abs(to_rational(s.value)), high = low + pow2(s.value.exp);
    EXPECT_LT(low, abs(wanted));
    EXPECT_LT(abs(wanted), high);
    EXPECT_GE(bit_width(s.value.sig), leading_bits_of_binary64_and_64_random_bits);
}

void expect_operations_enclose(const Exact& a, const Exact& b, const Exact& c) {
    const Rational x = to_rational(a), y = to_rational(b), z = to_rational(c);
    EXPECT_EQ(to_rational(mul(a, b)), x * y);
    expect_encloses(add(a, b), x + y);
    expect_encloses(sub(a, b), x - y);
    expect_encloses(fma(a, b, c), x * y + z);
    if (y != 0) expect_encloses(div(a, b), x / y);
}

void expect_root_encloses(const Exact& a) {
    const Sticky root = sqrt(a);
    const Rational low = to_rational(root.value), high = low + pow2(root.value.exp), x = to_rational(a);
    EXPECT_GE(low, 0);
    EXPECT_EQ(low * low == x, !root.inexact);
    EXPECT_LE(low * low, x);
    EXPECT_LT(x, high * high);
    EXPECT_GE(bit_width(root.value.sig), leading_bits_of_binary64_and_64_random_bits);
}

/// A finite binary64 number.
Exact draw(std::mt19937_64& bits) {
    const Exact x = decode(binary64, property::edge_code(binary64, bits));
    return x.kind == Kind::Finite || x.kind == Kind::Zero ? x : Exact::finite(false, 971, (1ULL << 53) - 1);
}

TEST(Exact, OperationsOnBinary64) {
    std::mt19937_64 bits{1};
    for (int i = 0; i < cases(5000); ++i) expect_operations_enclose(draw(bits), draw(bits), draw(bits));
}

TEST(Exact, SumsAtEveryDistance) {
    std::mt19937_64 bits{2};
    for (int distance = 0; distance < 300; ++distance) {
        for (int i = 0; i < 8; ++i) {
            Exact a = Exact::finite(false, 0, bits() >> (bits() % 64)),
                  b = Exact::finite(i % 2 == 0, -distance, bits() | 1);
            if (a.sig == 0) a.sig = 1;
            b.sig >>= bits() % 53;
            if (b.sig == 0) b.sig = 1;
            expect_operations_enclose(a, b, mul(a, b));
        }
    }
}

TEST(Exact, CancellationInFma) {
    std::mt19937_64 bits{3};
    for (int i = 0; i < cases(3000); ++i) {
        const Exact a = draw(bits), b = draw(bits);
        const std::uint64_t nearly = property::near_code(binary64, round_pack(binary64, mul(a, b)).code, bits);
        const Exact c = decode(binary64, nearly);
        if (c.kind == Kind::Finite) expect_operations_enclose(a, b, negated(c));
    }
}

TEST(Exact, ProductsCancelWhole) {
    const Exact a = Exact::finite(false, -3, (1ULL << 53) - 1);
    EXPECT_EQ(add(mul(a, a), negated(mul(a, a))).value.kind, Kind::Cancelled);
    expect_encloses(fma(a, a, negated(Exact::finite(false, -6, ((u128{1} << 53) - 1) * ((u128{1} << 53) - 1) - 1))),
                    pow2(-6));
}

TEST(Exact, ATrifleTakenFromAPowerOfTwo) {
    const Exact big = Exact::finite(false, 100, 1);
    for (const int trifle : {-100, -1074, -5000, -100000}) {
        const Sticky below = sub(big, Exact::finite(false, trifle, 1));
        EXPECT_TRUE(below.inexact) << trifle;
        EXPECT_EQ(below.value.top(), 99) << trifle;  // one less, and a remainder that is nearly one
        const Sticky above = add(big, Exact::finite(false, trifle, 1));
        EXPECT_TRUE(above.inexact) << trifle;
        EXPECT_EQ(above.value.top(), 100) << trifle;
        EXPECT_TRUE(sub(Exact::finite(false, trifle, 1), big).value.negative) << trifle;
    }
    expect_encloses(sub(big, Exact::finite(false, -100, 1)), pow2(100) - pow2(-100));
    expect_encloses(add(big, Exact::finite(false, -100, 1)), pow2(100) + pow2(-100));
}

TEST(Exact, RootsOfBinary64) {
    std::mt19937_64 bits{4};
    for (int i = 0; i < 10000; ++i) {
        Exact a = draw(bits);
        a.negative = false;
        if (!a.is_zero()) expect_root_encloses(a);
    }
    for (const int exp : {-1074, -1073, 0, 1, 970, 971}) expect_root_encloses(Exact::finite(false, exp, 1));
}

TEST(Exact, RootsOf128Bits) {
    const u128 root = 0xFFFFFFFF00000001, square = root * root;
    const Sticky whole = sqrt(Exact::finite(false, 0, square)), below = sqrt(Exact::finite(false, 0, square - 1));
    EXPECT_TRUE(whole.value.sig == root << 56 && whole.value.exp == -56 && !whole.inexact);
    EXPECT_TRUE(below.value.sig == (root << 56) - 1 && below.value.exp == -56 && below.inexact);
}

}  // namespace
}  // namespace halfulp::test
